using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>Sampling and estimates where inference is not exact, against where it is.</summary>
public sealed class ColouredGibbsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItsRowsAreThoseOfTheNetwork(bool loops)
    {
        using var scope = NewDisposeScope();
        var network = loops ? SmallNetwork.Loops(seed: 8) : SmallNetwork.Grid(seed: 8);
        using var tensors = network.Tensors();
        using var gibbs = new ColouredGibbs(network.Layout, network.Graph, SmallNetwork.Cpu);
        using var generator = new Generator(9);
        if (!loops) Assert.Equal(2, gibbs.Colours);   // as a chessboard
        var (bias, couplings) = (network.Bias(), network.Couplings());
        var tokens = zeros(40_000, network.Layout.Count, int64);
        var indicators = tensors.Indicators(tokens);
        for (int i = 0; i < 150; i++) gibbs.Sweep(tokens, indicators, bias, couplings, null, generator);
        Assert.True(indicators.eq(tensors.Indicators(tokens)).all().item<bool>());
        ExactInferenceTests.AssertShares(network, 0, tokens, _ => true);
    }

    [Fact]
    public void WhatIsKnownStaysAndTheRestGoesWithIt()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Loops(seed: 10);
        using var tensors = network.Tensors();
        using var gibbs = new ColouredGibbs(network.Layout, network.Graph, SmallNetwork.Cpu);
        using var generator = new Generator(11);
        var tokens = zeros(40_000, network.Layout.Count, int64);
        tokens.select(1, 2).fill_(3);
        var known = zeros(40_000, network.Layout.Count);
        known.select(1, 2).fill_(1);
        var indicators = tensors.Indicators(tokens);
        for (int i = 0; i < 150; i++) gibbs.Sweep(tokens, indicators, network.Bias(), network.Couplings(), known.gt(0.5), generator);
        ExactInferenceTests.AssertShares(network, 0, tokens, row => row[2] == 3);
    }

    [Fact]
    public void AnnealedImportanceSamplingFindsTheLogPartitionWithinItsError()
    {
        using var scope = NewDisposeScope();
        foreach (var network in new[] { SmallNetwork.Grid(seed: 12), SmallNetwork.Loops(seed: 12) })
        {
            using var tensors = network.Tensors();
            using var gibbs = new ColouredGibbs(network.Layout, network.Graph, SmallNetwork.Cpu);
            using var generator = new Generator(13);
            var start = zeros(1, network.Layout.Tokens);
            var tokens = zeros(500, network.Layout.Count, int64);
            var indicators = tensors.Indicators(tokens);
            gibbs.Sweep(tokens, indicators, start, zeros_like(network.Couplings()), null, generator);
            var path = new AnnealedNetwork(gibbs, tokens, indicators, start, network.Bias(), network.Couplings(), generator);
            var found = LogPartition.Of(AnnealedImportance.Run(path, network.Layout.Sizes.Sum(size => Math.Log(size)), 300));
            Assert.InRange(found.StandardError, 1e-4, 0.1);
            Assert.InRange(found.Value, network.LogPartition() - 4 * found.StandardError, network.LogPartition() + 4 * found.StandardError);
        }
    }
}
