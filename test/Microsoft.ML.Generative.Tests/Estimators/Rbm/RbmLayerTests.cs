using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>What follows from the energy, against sums over all states, or over a grid.</summary>
public sealed class RbmLayerTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(11);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    /// <summary>Random weights of that scale; offsets as of training.</summary>
    internal static RbmLayer Layer(bool[] isReal, int hidden, double scale, int conditions = 0, double? fixedVariance = null)
    {
        using var generator = new Generator(3);
        var layer = new RbmLayer(isReal, null, hidden, conditions, fixedVariance, new Initializer(generator, CPU));
        using var noGradient = no_grad();
        foreach (var (name, parameter) in layer.named_parameters()) parameter.normal_(0, name == "visible.logVariance" ? 0.3 : scale, generator);
        return layer;
    }

    internal static bool[] Bits(int count) => new bool[count];

    // (2^units, units)
    internal static Tensor AllStates(int units) => tensor(Enumerable.Range(0, 1 << units).SelectMany(state => Enumerable.Range(0, units).Select(unit => (float)(state >> unit & 1))).ToArray()).view(-1, units);

    // the definition; (v rows, h rows)
    private static Tensor Energy(RbmLayer layer, Tensor v, Tensor h, RbmBiases biases)
    {
        using var noGradient = no_grad();
        var isReal = layer.IsReal ?? zeros(layer.Visible);
        var precision = layer.Precision() ?? ones(layer.Visible);
        var real = ((v - biases.Visible).square() * precision / 2 * isReal).sum(1);
        var binary = (v * biases.Visible * (1 - isReal)).sum(1);
        return (real - binary).unsqueeze(1) - h.matmul(biases.Hidden).unsqueeze(0) - (v * precision).matmul(layer.Weight).matmul(h.t());
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.shape, actual.shape);
        double worst = (expected.to(float64) - actual.to(float64)).abs().max().item<double>();
        Assert.True(worst <= tolerance * (1 + expected.abs().max().to(float64).item<double>()), $"off by {worst}");
    }

    [Fact]
    public void FreeEnergiesConditionalsAndTheLogPartitionAreSumsOverAllStates()
    {
        using var layer = Layer(Bits(7), 6, scale: 1);
        Tensor v = AllStates(7), h = AllStates(6);
        var biases = layer.Biases(null);
        var energy = Energy(layer, v, h, biases);                                     // (128, 64)
        var joint = energy.neg().flatten().softmax(0).view(128, 64);

        Close(energy.neg().logsumexp(1).neg(), layer.FreeEnergy(v, biases).detach());
        Close(energy.neg().logsumexp(1) - 6 * Math.Log(2), layer.LogWeight(v, biases).detach());
        Close(energy.neg().logsumexp(0), layer.MarginalOfHidden(h, biases).detach());
        Close((joint / joint.sum(1, keepdim: true)).matmul(h), layer.HiddenLogits(v, biases).sigmoid().detach());
        Close((joint / joint.sum(dim: 0)).t().matmul(v), layer.VisibleMean(layer.VisibleInput(h, biases)).detach());
        Assert.Equal(energy.neg().flatten().to(float64).logsumexp(0).item<double>(), layer.Enumerate(biases).Value, 4);
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    public void TheSmallerSideIsSummed(int visible, int hidden)
    {
        using var layer = Layer(Bits(visible), hidden, scale: 1);
        var biases = layer.Biases(null);
        Assert.Equal(layer.FreeEnergy(AllStates(visible), biases).neg().logsumexp(0).item<float>(), layer.Enumerate(biases).Value, 3);
    }

    [Fact]
    public void GaussianUnitsAreWhatAGridSays()
    {
        using var layer = Layer([true, false, true], 3, scale: 0.8);
        var biases = layer.Biases(null);
        const int Points = 241;
        const double Reach = 12;
        var line = linspace(-Reach, Reach, Points);
        double cell = Math.Pow(2 * Reach / (Points - 1), 2);
        var v = stack([line.unsqueeze(1).expand(-1, Points).flatten(), line.unsqueeze(0).expand(Points, -1).flatten()], 1);   // (points², 2)
        var both = cat([.. new[] { 0f, 1 }.Select(bit => cat([v.narrow(1, 0, 1), full(Points * Points, 1, bit), v.narrow(1, 1, 1)], 1))]);
        var h = AllStates(3);
        var energy = Energy(layer, both, h, biases).to(float64);                      // (2·points², 8)

        Close(energy.neg().logsumexp(1).neg(), layer.FreeEnergy(both, biases).detach(), 1e-3);
        Close(energy.neg().logsumexp(1), (layer.LogWeight(both, biases) + layer.Usual().sum()).detach(), 1e-3);
        Assert.Equal(energy.neg().flatten().logsumexp(0).item<double>() + Math.Log(cell), layer.Enumerate(biases).Value, 3);
        var weights = energy.neg().exp();
        weights /= weights.sum(dim: 0);                                               // p(v | h) of every h
        var mean = weights.t().matmul(both.to(float64));                              // (8, 3)
        Close(mean, layer.VisibleMean(layer.VisibleInput(h, biases)).detach().to(float64), 1e-3);
        var square = weights.t().matmul(both.to(float64).square());
        Close(layer.Precision()!.to(float64).reciprocal().select(0, 0).expand(8), (square - mean.square()).select(1, 0), 2e-3);
    }

    [Fact]
    public void AnnealingMeetsTheSumWithinItsError()
    {
        foreach (bool real in new[] { false, true })
        {
            using var layer = Layer([real, .. Bits(8), real], 12, scale: 0.7);
            var biases = layer.Biases(null);
            using var noGradient = no_grad();
            double exact = layer.Enumerate(biases).Value;
            var estimate = layer.LogPartition(biases, new AnnealingOptions { Chains = 200, Steps = 1000 }, exactly: false, _generator);
            Assert.InRange(estimate.StandardError, 1e-4, 0.1);
            Assert.InRange(estimate.Value, exact - 4 * estimate.StandardError, exact + 4 * estimate.StandardError);
        }
    }

    [Fact]
    public void TheErrorOfAnnealingIsHowEstimatesScatter()
    {
        using var layer = Layer(Bits(9), 12, scale: 1.2);
        var biases = layer.Biases(null);
        using var noGradient = no_grad();
        var estimates = Enumerable.Range(0, 30).Select(_ => layer.LogPartition(biases, new AnnealingOptions { Steps = 60, MostChains = 100 }, exactly: false, _generator)).ToList();
        double mean = estimates.Average(e => e.Value), scatter = Math.Sqrt(estimates.Average(e => (e.Value - mean) * (e.Value - mean)));
        double stated = Math.Sqrt(estimates.Average(e => e.StandardError * e.StandardError));
        Assert.InRange(stated / scatter, 0.6, 1.6);
    }

    [Fact]
    public void ChainsAreAddedUntilTheErrorIsSmallEnough()
    {
        using var layer = Layer(Bits(9), 12, scale: 1.2);
        var biases = layer.Biases(null);
        using var noGradient = no_grad();
        var options = new AnnealingOptions { Steps = 60, StandardError = 0.02, MostChains = 100_000 };
        var (alone, together) = (layer.LogPartition(biases, options with { MostChains = 100 }, exactly: false, _generator), layer.LogPartition(biases, options, exactly: false, _generator));
        Assert.True(alone.StandardError > options.StandardError, "one time is enough, so nothing is tested");
        Assert.InRange(together.StandardError, options.StandardError / 2, options.StandardError);
        double exact = layer.Enumerate(biases).Value;
        Assert.InRange(together.Value, exact - 4 * together.StandardError, exact + 4 * together.StandardError);
    }

    [Fact]
    public void GibbsStepsEndInTheDistributionOfTheModel()
    {
        using var layer = Layer(Bits(4), 5, scale: 1);
        var biases = layer.Biases(null);
        using var noGradient = no_grad();
        var exact = (layer.FreeEnergy(AllStates(4), biases).neg() - layer.Enumerate(biases).Value).exp().to(float64);
        const int Chains = 20_000;
        var noise = new UnitNoise(_generator);
        var v = noise.Draw(zeros(Chains, 4));
        for (int step = 0; step < 100; step++) v = layer.DrawVisible(layer.VisibleInput(noise.Draw(layer.HiddenLogits(v, biases)), biases), noise);
        AssertDrawnFrom(exact, v);
    }

    // χ² of 15 degrees of freedom: 37.7 in one of a thousand
    private static void AssertDrawnFrom(Tensor exact, Tensor v)
    {
        var states = v.matmul(tensor(new[] { 1f, 2, 4, 8 })).to(int64);
        var expected = exact * v.shape[0];
        double chiSquare = ((states.bincount(null, 16).to(float64) - expected).square() / expected).sum().item<double>();
        Assert.InRange(chiSquare, 2, 37.7);
    }

    [Fact]
    public void TheColdestOfTheTemperedChainsIsDrawnFromTheModel()
    {
        using var layer = Layer(Bits(4), 5, scale: 2);   // so that Gibbs steps alone would stay where they are
        var biases = layer.Biases(null);
        using var noGradient = no_grad();
        var exact = (layer.FreeEnergy(AllStates(4), biases).neg() - layer.Enumerate(biases).Value).exp().to(float64);
        const int Chains = 20_000, Temperatures = 5;
        var noise = new UnitNoise(_generator);
        var states = noise.Draw(zeros(Temperatures * Chains, 5));
        var tempered = new TemperedChains(layer, biases, Temperatures);
        var v = zeros(1);
        for (int step = 0; step < 60; step++) v = tempered.Move(states, noise).V;
        AssertDrawnFrom(exact, v);
    }
}
