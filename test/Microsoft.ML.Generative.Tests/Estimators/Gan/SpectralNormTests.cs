using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Gan;

public sealed class SpectralNormTests
{
    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 5)]
    [InlineData(1, 6)]
    public void IterationsFindTheLargestSingularValue(int outputs, int inputs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weight = randn(outputs, inputs, generator: generator);
        double expected = linalg.svdvals(weight)[0].item<float>();
        using var norm = new SpectralNorm(weight, new Initializer(generator, CPU));
        Assert.True(norm.Of(weight).item<float>() <= expected * 1.00001, "the quotient lies below the norm from the first step on");
        for (int i = 0; i < 200; i++) norm.Iterate(weight);
        Assert.Equal(expected, norm.Of(weight).item<float>(), 1e-4);
    }

    [Fact]
    public void ItsGradientIsTheOuterProductOfTheSingularVectors()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weight = randn(4, 3, generator: generator).requires_grad_();
        using var norm = new SpectralNorm(weight, new Initializer(generator, CPU));
        for (int i = 0; i < 500; i++) norm.Iterate(weight);
        norm.Of(weight).backward();
        var (u, _, v) = linalg.svd(weight.detach());
        var expected = u.select(1, 0).outer(v.select(0, 0));
        Assert.True((weight.grad! - expected).abs().max().item<float>() < 1e-3);
    }

    [Fact]
    public void ADiscriminatorThatIsNormalisedHardlyRisesFasterThanOneByOne()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var discriminator = new Discriminator(2, 0, [16, 16], waves: 0, seesNoise: false, Activation.LeakyRelu, spectralNormalization: true, new Initializer(generator, CPU));
        for (int i = 0; i < 200; i++) discriminator.Iterate();
        var (x, y) = (randn(500, 2, generator: generator), randn(500, 2, generator: generator));
        var slopes = (discriminator.Call(x, null) - discriminator.Call(y, null)).abs() / (x - y).norm(1);
        Assert.InRange(slopes.max().item<float>(), 0.01f, 1.001f);
    }
}
