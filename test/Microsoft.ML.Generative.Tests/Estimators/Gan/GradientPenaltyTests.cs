using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Gan;

public sealed class GradientPenaltyTests
{
    private static readonly float[] Slope = [3, -4, 12];   // of length 13

    [Fact]
    public void OfALinearCriticTheyAreThoseOfItsSlopeWhateverTheRows()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var slope = tensor(Slope);
        Tensor Critic(Tensor x) => x.mv(slope) + 7;
        var (real, drawn) = (randn(10, 3, generator: generator), randn(10, 3, generator: generator));
        Assert.Equal(169, GradientPenalty.SquaredLengths(Critic, real)[4].item<float>(), 1e-3);
        Assert.Equal(169 / 2.0, GradientPenalty.OfLength(Critic, real).item<float>(), 1e-3);
        Assert.Equal(12 * 12, GradientPenalty.OfUnitLength(Critic, real, drawn, generator).item<float>(), 1e-3);
    }

    [Fact]
    public void TheWeightsSeeTheSecondDerivative()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var slope = tensor(Slope).requires_grad_();
        var rows = randn(10, 3, generator: generator);
        GradientPenalty.OfUnitLength(x => x.mv(slope), rows, rows * 2, generator).backward();
        // of (|w| − 1)²: 2·(|w| − 1)·w / |w|
        float[] expected = [.. Slope.Select(w => 2 * 12 * w / 13)];
        var actual = slope.grad!.data<float>().ToArray();
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], actual[i], 1e-3);
    }

    [Fact]
    public void OfACurvedCriticItIsTakenAtEachRowByItself()
    {
        using var scope = NewDisposeScope();
        var rows = tensor([1f, 2f, -3f, 0.5f]).view(2, 2);
        // the gradient of Σ x³ is 3·x²
        var lengths = GradientPenalty.SquaredLengths(x => x.pow(3).sum(-1), rows).data<float>().ToArray();
        Assert.Equal(9 * (1 + 16), lengths[0], 1e-3);
        Assert.Equal(9 * (81 + 0.0625), lengths[1], 1e-2);
    }

    [Fact]
    public void LayersOfADiscriminatorAreDifferentiatedTwice()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var discriminator = new Discriminator(2, 0, [8, 8], waves: 2, seesNoise: true, Activation.Silu, spectralNormalization: true, new Initializer(generator, CPU));
        var weight = discriminator.named_parameters().Single(p => p.Item1 == "1.weight").Item2;
        var rows = randn(6, 2, generator: generator);
        Tensor Penalty() => GradientPenalty.OfLength(x => discriminator.Call(x, null), rows);
        Penalty().backward();
        using var noGradient = no_grad();
        float slope = weight.grad![2, 3].item<float>();
        const float step = 0.01f;
        double[] around = [.. new[] { step, -2 * step }.Select(change =>
        {
            weight[2, 3].add_(change);
            using var gradient = enable_grad();
            return Penalty().item<float>();
        })];
        Assert.Equal((around[0] - around[1]) / (2 * step), slope, 0.02 * Math.Abs(slope) + 1e-6);
    }

    [Fact]
    public void WhereTheGradientVanishesItsDerivativeIsFinite()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var slope = zeros(2).requires_grad_();
        GradientPenalty.OfUnitLength(x => x.mv(slope), ones(3, 2), zeros(3, 2), generator).backward();
        Assert.All(slope.grad!.data<float>().ToArray(), g => Assert.True(float.IsFinite(g)));
    }
}
