using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>The gradients that are learnt by, against the derivative of the exact log-likelihood.</summary>
public sealed class RbmLearningTests : IDisposable
{
    private const int Visible = 5, Hidden = 4;

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(12);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private static Tensor Rows(bool[] isReal, int rows)
    {
        using var generator = new Generator(4);
        var bits = empty(rows, isReal.Length).bernoulli_(0.4, generator);
        return where(tensor(isReal), bits + empty(rows, isReal.Length).normal_(0, 0.5, generator), bits);
    }

    // of the mean negative log-likelihood; of a weight of a real unit times its variance, as is learnt by
    private static Dictionary<string, Tensor> Derivatives(RbmLayer layer, Tensor v, Tensor? condition)
    {
        var rows = layer.FreeEnergy(v, layer.Biases(condition)).mean();   // offsets stay as they are made: 0 for real units, a half for others
        var h = RbmLayerTests.AllStates(layer.Hidden);
        var shares = condition?.mean([0]);
        var logPartition = Enumerable.Range(0, Math.Max(1, layer.Conditions))
            .Select(i => layer.MarginalOfHidden(h, layer.BiasesUnder(i)).logsumexp(0) * (shares is null ? ones(1) : shares[i])).Aggregate((a, b) => a + b);
        (rows + logPartition).sum().backward();
        var derivatives = layer.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!.clone());
        using var noGradient = no_grad();
        if (layer.Precision() is { } precision)
        {
            derivatives["weight"] /= precision.unsqueeze(1);
            derivatives["visible.bias"] /= precision;
            if (condition is not null) derivatives["visible.shift"] /= precision;
            derivatives["visible.logVariance"] = (derivatives["visible.logVariance"] * layer.IsReal!).clamp(-RbmLearning.LongestOfVariance, RbmLearning.LongestOfVariance);
        }
        foreach (var parameter in layer.parameters()) parameter.grad = zeros_like(parameter);
        return derivatives;
    }

    // the derivative by the parameters of the energy in which means are taken off the units, in terms of those in which they are not (Melchior et al., 2016, equations 10 to 13)
    private static void Center(Dictionary<string, Tensor> derivatives, RbmLayer layer)
    {
        Tensor v = layer.VisibleOffset, h = layer.HiddenOffset;
        var weight = derivatives["weight"] - v.unsqueeze(1) * derivatives["hidden.bias"] - derivatives["visible.bias"].unsqueeze(1) * h;
        derivatives["weight"] = weight;
        derivatives["visible.bias"] -= weight.mv(h);
        derivatives["hidden.bias"] -= weight.t().mv(v);
    }

    [Theory]
    [InlineData(RbmGradient.ContrastiveDivergence, false, 0, true)]
    [InlineData(RbmGradient.Persistent, false, 0, true)]
    [InlineData(RbmGradient.Persistent, false, 0, false)]
    [InlineData(RbmGradient.Persistent, true, 0, true)]
    [InlineData(RbmGradient.Persistent, true, 0, false)]
    [InlineData(RbmGradient.Persistent, false, 2, true)]
    [InlineData(RbmGradient.Persistent, true, 2, true)]
    [InlineData(RbmGradient.ParallelTempering, false, 0, true)]
    [InlineData(RbmGradient.ParallelTempering, true, 2, true)]
    public void ManyGibbsStepsGiveTheDerivativeOfTheLikelihood(RbmGradient gradient, bool withReal, int conditions, bool centered)
    {
        bool[] isReal = [withReal, .. RbmLayerTests.Bits(Visible - 2), withReal];
        using var layer = RbmLayerTests.Layer(isReal, Hidden, scale: 0.6, conditions);
        const int Draws = 20_000;
        int rows = gradient == RbmGradient.ContrastiveDivergence ? Draws : 30;
        var v = Rows(isReal, rows);
        var condition = conditions == 0 ? null : nn.functional.one_hot(arange(rows).remainder(3).clamp_max(1), conditions).to(float32);
        var expected = Derivatives(layer, v, condition);

        using var learning = new RbmLearning(layer, new RbmLearningOptions { Gradient = gradient, GibbsSteps = 30, Chains = Draws, Temperatures = 3, Centered = centered }, new Initializer(_generator, CPU));
        if (centered) Center(expected, layer);
        learning.Learn(v, condition, new UnitNoise(_generator));
        foreach (var (name, parameter) in layer.named_parameters())
        {
            double worst = (parameter.grad! - expected[name]).abs().max().item<float>();
            Assert.True(worst < 0.03, $"{name} is off by {worst}: {string.Join(' ', parameter.grad!.ToFloats())} against {string.Join(' ', expected[name].ToFloats())}");
        }
    }

    [Fact]
    public void TheFigureThatIsReportedHasTheGradientThatIsWritten()
    {
        // the free energy of rows less that of draws, where both are the same rows, is 0 and so is its gradient
        using var layer = RbmLayerTests.Layer(RbmLayerTests.Bits(Visible), Hidden, scale: 0);
        foreach (var parameter in layer.parameters()) parameter.grad = zeros_like(parameter);
        using var learning = new RbmLearning(layer, new RbmLearningOptions { Gradient = RbmGradient.Persistent, Chains = 10 }, new Initializer(_generator, CPU));
        var loss = learning.Learn(ones(10, Visible), null, new UnitNoise(_generator));
        Assert.Equal(0, loss.item<float>(), 5);   // no weights, no bias: every row has the energy −hidden·log 2
        Assert.All(layer.HiddenBias.grad!.ToFloats(), g => Assert.Equal(0, g, 5));
        Assert.All(layer.VisibleBias.grad!.ToFloats(), g => Assert.InRange(g, -1, 0));   // more ones than in the draws
    }

    [Fact]
    public void ASparsityTargetDrawsTheBiasesTowardsIt()
    {
        using var layer = RbmLayerTests.Layer(RbmLayerTests.Bits(Visible), Hidden, scale: 0.5);
        float[] Gradient(double? target)
        {
            foreach (var parameter in layer.parameters()) parameter.grad = zeros_like(parameter);
            using var generator = new Generator(1);
            using var learning = new RbmLearning(layer, new RbmLearningOptions { SparsityTarget = target, SparsityCost = 2, Centered = false }, new Initializer(generator, CPU));
            learning.Learn(Rows(RbmLayerTests.Bits(Visible), 50), null, new UnitNoise(generator));
            return layer.HiddenBias.grad!.ToFloats();
        }
        var active = layer.HiddenLogits(Rows(RbmLayerTests.Bits(Visible), 50), layer.Biases(null)).sigmoid().mean([0]).ToFloats();
        foreach (var (with, without, mean) in Gradient(0.1).Zip(Gradient(null), active)) Assert.Equal(without + 2 * (mean - 0.1), with, 4);
    }
}
