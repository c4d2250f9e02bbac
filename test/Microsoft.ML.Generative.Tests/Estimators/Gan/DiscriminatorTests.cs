using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Gan;

public sealed class DiscriminatorTests
{
    private static Discriminator Create(int width, int conditions, int waves = 0)
    {
        using var generator = new Generator(2);
        return new Discriminator(width, conditions, [6], waves, seesNoise: false, Activation.LeakyRelu, spectralNormalization: false, new Initializer(generator, CPU));
    }

    [Fact]
    public void TheConditionIsProjectedOntoTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var discriminator = Create(3, 2);
        using var generator = new Generator(5);
        var (x, condition) = (randn(4, 3, generator: generator), tensor([1f, 0f, 0f, 1f, 0.5f, 0.5f, 0f, 0f]).view(4, 2));
        var features = discriminator.Features(x);                                              // (4, 6)
        var projection = discriminator.named_parameters().Single(p => p.Item1 == "projection").Item2;   // (6, 2)
        var of = discriminator.Call(x, condition) - discriminator.Call(x, zeros(4, 2));
        float[] expected = features.mm(projection).mul(condition).sum(-1).data<float>().ToArray(), actual = of.data<float>().ToArray();
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Fact]
    public void FrozenItPassesGradientsOnAndKeepsNone()
    {
        using var scope = NewDisposeScope();
        using var discriminator = Create(3, 2);
        var x = ones(4, 3).requires_grad_();
        discriminator.Call(x, ones(4, 2), frozen: true).sum().backward();
        Assert.True(x.grad!.abs().sum().item<float>() > 0);
        Assert.All(discriminator.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void WavesTellApartWhatIsNear()
    {
        using var scope = NewDisposeScope();
        using var plain = Create(1, 0);
        using var wavy = Create(1, 0, waves: 4);
        Assert.Equal(1 + 2 * 4, wavy.named_parameters().Single(p => p.Item1 == "0.weight").Item2.shape[1]);
        var near = tensor([0f, 0.01f]).view(2, 1);
        float Slope(Discriminator discriminator) => discriminator.Features(near).diff(1, 0).abs().sum().item<float>();
        Assert.True(Slope(wavy) > 3 * Slope(plain));
    }

    [Fact]
    public void PacksAreRowsSideBySide()
    {
        using var scope = NewDisposeScope();
        var x = arange(14, float32).view(7, 2);
        Assert.Equal([3, 4], GanNetwork.Pack(x, 2).shape);
        Assert.Equal([4f, 5f, 6f, 7f], GanNetwork.Pack(x, 2)[1].data<float>().ToArray());
        Assert.Equal([7, 2], GanNetwork.Pack(x, 1).shape);
        // too few rows for one pack are taken again
        Assert.Equal([0f, 1f, 2f, 3f, 0f, 1f], GanNetwork.Pack(x.narrow(0, 0, 2), 3)[0].data<float>().ToArray());
    }
}
