using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks.Images;

public sealed class UNetTests
{
    // with weights everywhere: it starts with zeros in the last layer of every block
    private static UNet Network(ImageShape image)
    {
        using var generator = new Generator(3);
        var network = new UNet(image, channels: 6, blocks: 1, new Initializer(generator, CPU));
        using var noGradient = no_grad();
        foreach (var (_, parameter) in network.named_parameters()) parameter.normal_(0, 0.2, generator);
        return network;
    }

    [Theory]
    [InlineData(8, 8, 1)]
    [InlineData(17, 16, 2)]
    public void ChangesAreDerivatives(int height, int width, int channels)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var image = new ImageShape(height, width, channels);
        using var network = Network(image);
        using var generator = new Generator(8);
        var math = new TensorImages();
        var x = empty(3, image.Features).normal_(0, 1, generator);
        var direction = empty(3, image.Features).normal_(0, 1, generator);
        var result = network.Call(new ChangingImages<Tensor>(math), new Changing<Tensor>(x, direction), (h, _) => h);
        Assert.True((result.Value - Value(x)).abs().max().item<float>() < 1e-4f);
        const double Step = 2e-3;
        var slope = (Value(x + direction * Step) - Value(x - direction * Step)) / (2 * Step);
        Assert.True((result.Change - slope).abs().max().item<float>() < 2e-2f * slope.abs().max().item<float>());

        Tensor Value(Tensor rows) => network.Call(math, rows, (h, _) => h);
    }

    [Fact]
    public void WhatIsDoneWithinABlockIsToldWhichBlockItIs()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var network = Network(new ImageShape(8, 8));
        var seen = new List<(int Block, long Channels)>();
        network.Call(new TensorImages(), zeros(1, 64), (h, block) =>
        {
            seen.Add((block, h.shape[1]));
            return h;
        });
        Assert.Equal(network.BlockWidths.Select((width, block) => (block, (long)width)), seen);
        Assert.Equal([6L, 12, 12, 6], seen.Select(s => s.Channels));
    }
}
