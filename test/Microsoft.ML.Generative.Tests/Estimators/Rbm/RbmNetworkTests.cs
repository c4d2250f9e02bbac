using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Networks of a few binary units against sums over all states.</summary>
public sealed class RbmNetworkTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(13);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private static NetworkInput Bits(int features, int conditions = 0) =>
        new([new FeatureSpan("Features", 0, features, SpanKind.Binary)], new float[features], Enumerable.Repeat(1f, features).ToArray(), conditions, 100)
        {
            Average = Enumerable.Repeat(0.5f, features).ToArray(),
        };

    private TNetwork Network<TNetwork>(GenerativeOptions options, NetworkInput input) where TNetwork : GenerativeNetwork
    {
        var network = (TNetwork)options.CreateNetwork(input, new Initializer(_generator, CPU));
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters()) parameter.normal_(0, 1, _generator);
        return network;
    }

    private static Batch[] Rows(Tensor x, Tensor? condition = null) => [new(x, condition)];

    [Fact]
    public void DensitiesOfEachLabelSumToOne()
    {
        using var network = Network<RbmNetwork>(new RbmOptions { HiddenSize = 5 }, Bits(6, conditions: 2));
        var x = RbmLayerTests.AllStates(6);
        var labels = eye(2).index_select(0, arange(64).remainder(2));
        network.Calibrate(Rows(x, labels));
        Assert.Equal(DensityKind.Exact, network.DensityKind);
        Assert.Null(network.DensityError);
        using var noGradient = no_grad();
        for (int label = 0; label < 2; label++)
            Assert.Equal(1, network.LogDensity(x, eye(2).narrow(0, label, 1).expand(64, -1).contiguous()).exp().sum().item<float>(), 4);
    }

    [Fact]
    public void AnEstimatedPartitionHasAnError()
    {
        using var network = Network<RbmNetwork>(new RbmOptions { HiddenSize = 24, Annealing = new() { Steps = 300 } }, Bits(22));
        network.Calibrate(Rows(zeros(10, 22)));
        Assert.Equal(DensityKind.Estimate, network.DensityKind);
        Assert.InRange(network.DensityError!.Value, 1e-3, 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ManyShortDrawsAreAsLikelyAsTheModelSays(bool independent)
    {
        // rows of a chain of its own each, or 64 to a chain
        using var network = Network<RbmNetwork>(new RbmOptions { HiddenSize = 4, Sampling = new() { Chains = independent ? 1024 : 16, Thinning = 30 } }, Bits(3));
        var x = RbmLayerTests.AllStates(3);
        network.Calibrate(Rows(x));
        using var noGradient = no_grad();
        var drawn = cat([.. Enumerable.Range(0, 20).Select(_ => network.Sample(1024, null, _generator))]);
        var shares = drawn.matmul(tensor(new[] { 1f, 2, 4 })).to(int64).bincount(null, 8).to(float64) / drawn.shape[0];
        double distance = (shares - network.LogDensity(x, null).exp().to(float64)).abs().sum().item<double>() / 2;   // in total variation
        Assert.True(distance < 0.02, $"{distance}");
    }

    [Fact]
    public void WhatIsFilledInHasTheExactConditional()
    {
        using var network = Network<RbmNetwork>(new RbmOptions { HiddenSize = 6 }, Bits(5));
        var states = RbmLayerTests.AllStates(5);
        network.Calibrate(Rows(states));
        using var noGradient = no_grad();
        const int Count = 20_000;
        var known = tensor(new[] { 1f, 0, 1, 0, 1 }).expand(Count, -1).contiguous();
        var given = tensor(new[] { 1f, 0, 0, 0, 1 });
        var filled = network.Impute(given.expand(Count, -1).contiguous(), known, null, _generator);
        Assert.True((filled * known).eq(given * known[0]).all().item<bool>());
        var goesWith = (states * known[0]).eq(given * known[0]).all(1).to(float64);
        var exact = network.LogDensity(states, null).exp().to(float64) * goesWith;
        exact /= exact.sum();
        var shares = filled.matmul(tensor(new[] { 1f, 2, 4, 8, 16 })).to(int64).bincount(null, 32).to(float64) / Count;
        double distance = (shares - exact).abs().sum().item<double>() / 2;
        Assert.True(distance < 0.02, $"{distance}");
    }

    [Fact]
    public void AContextIsRefused() => Assert.Equal(
        "RbmOptions: ContextColumnName is Place; it must be null: there would be another log-partition for every row.",
        Assert.Throws<ArgumentException>(() => new MLContext(1).Generative.TrainRbm(new RbmOptions { ContextColumnName = "Place" })).Message);
}
