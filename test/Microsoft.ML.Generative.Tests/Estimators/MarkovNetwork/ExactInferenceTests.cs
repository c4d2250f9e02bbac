using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>Exact inference against counting all rows through.</summary>
public sealed class ExactInferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void LogPartitionAndMarginalsAreThoseOfAllRows(int seed)
    {
        foreach (var network in new[] { SmallNetwork.Grid(seed), SmallNetwork.Loops(seed) })
        {
            Assert.Equal(network.LogPartition(), network.Tree.Sum(network.Weights.Nodes[0], network.Weights.Edges), 1e-9);
            var found = Potentials.Zero(1, network.Layout, network.Graph);
            network.Tree.AddMarginals(1, found.Nodes[0], found.Edges);

            var expected = Potentials.Zero(1, network.Layout, network.Graph);
            double logPartition = network.LogPartition();
            foreach (int[] row in network.AllRows())
            {
                double chance = Math.Exp(network.Energy(row) - logPartition);
                for (int v = 0; v < row.Length; v++) expected.Nodes[0][network.Layout.Offsets[v] + row[v]] += chance;
                foreach (var (edge, pairs) in network.Graph.Edges.Zip(expected.Edges)) pairs[row[edge.First] * network.Layout.Sizes[edge.Second] + row[edge.Second]] += chance;
            }
            foreach (var (a, b) in expected.Nodes.Concat(expected.Edges).Zip(found.Nodes.Concat(found.Edges)))
                for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-9);
        }
    }

    [Fact]
    public void DrawsComeAsOftenAsTheyShould()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Loops(seed: 4, labels: 2);
        using var generator = new Generator(5);
        using var sampler = new CliqueSampler(network.Layout, network.Tree, network.Weights, SmallNetwork.Cpu);
        for (int label = 0; label < 2; label++)
        {
            const int rows = 40_000;
            var drawn = sampler.Draw(rand(rows, network.Layout.Count, generator: generator), full(rows, label, int64));
            AssertShares(network, label, drawn, _ => true);
        }
    }

    [Fact]
    public void WhatIsNotKnownIsDrawnGivenWhatIs()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Loops(seed: 6);
        using var generator = new Generator(7);
        using var conditionals = new CliqueConditionals(network.Layout, network.Tree, network.Weights, SmallNetwork.Cpu);
        const int rows = 40_000;
        // the third variable has its token 1, the sixth its token 0
        var evidence = zeros(rows, network.Layout.Tokens);
        foreach (var (variable, token) in new[] { (2, 1), (5, 0) })
            for (int other = 0; other < network.Layout.Sizes[variable]; other++)
                if (other != token) evidence.select(1, network.Layout.Offsets[variable] + other).fill_(TokenTensors.Impossible);
        var drawn = conditionals.Draw(evidence, null, 1, rand(rows, network.Layout.Count, generator: generator));
        AssertShares(network, 0, drawn, row => row[2] == 1 && row[5] == 0);
    }

    // χ² of all rows that can be, which have this mean and twice its variance
    internal static void AssertShares(SmallNetwork network, int label, Tensor drawn, Func<int[], bool> canBe)
    {
        long[] tokens = drawn.contiguous().data<long>().ToArray();
        var counts = tokens.Chunk(network.Layout.Count).GroupBy(row => string.Join(",", row)).ToDictionary(group => group.Key, group => group.Count());
        var all = network.AllRows().Where(canBe).ToList();
        double total = all.Sum(row => Math.Exp(network.Energy(row, label))), rows = drawn.shape[0], squares = 0;
        foreach (int[] row in all)
        {
            double expected = rows * Math.Exp(network.Energy(row, label)) / total;
            counts.Remove(string.Join(",", row), out int count);
            squares += (count - expected) * (count - expected) / expected;
        }
        Assert.Empty(counts);
        Assert.InRange(squares, 0, all.Count + 6 * Math.Sqrt(2 * all.Count) + 30);
    }
}
