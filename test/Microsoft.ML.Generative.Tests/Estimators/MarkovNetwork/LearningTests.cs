using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>What weights and edges are learnt from.</summary>
public sealed class LearningTests
{
    [Fact]
    public void ThePseudoLikelihoodHasTheGradientThatItSays()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Loops(seed: 2);
        using var tensors = network.Tensors();
        using var generator = new Generator(3);
        var tokens = stack([.. network.Layout.Sizes.Select(size => rand(50, generator: generator).mul(size).to(int64))], 1);
        var indicators = tensors.Indicators(tokens).to(float64);
        var (bias, couplings) = (network.Bias().to(float64), network.Couplings().to(float64));
        var (_, byLogits) = tensors.PseudoLoss(indicators, bias, couplings);
        var gradient = TokenTensors.ByCouplings(indicators, byLogits);
        const double step = 1e-5;
        foreach (var (first, second) in network.Graph.Edges)
        {
            int a = network.Layout.Offsets[first] + 1, b = network.Layout.Offsets[second] + 1;
            double At(double move)
            {
                var moved = couplings.clone();
                moved[a, b] = couplings[a, b] + move;
                moved[b, a] = couplings[b, a] + move;
                return tensors.PseudoLoss(indicators, bias, moved).Loss.item<double>();
            }
            Assert.Equal((At(step) - At(-step)) / (2 * step), gradient[a, b].item<double>(), 1e-6);
        }
        var ofBias = byLogits.sum(dim: 0);
        double AtBias(int token, double move)
        {
            var moved = bias.clone();
            moved[0, token] = bias[0, token] + move;
            return tensors.PseudoLoss(indicators, moved, couplings).Loss.item<double>();
        }
        for (int token = 0; token < network.Layout.Tokens; token++)
            Assert.Equal((AtBias(token, step) - AtBias(token, -step)) / (2 * step), ofBias[token].item<double>(), 1e-6);
    }

    [Fact]
    public void TheExactLikelihoodHasTheGradientThatItSays()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Loops(seed: 3, labels: 2);
        var counts = Counts(network, RandomRows(network, 80, seed: 4), labels: 2);
        var gradient = Potentials.Zero(2, network.Layout, network.Graph);
        ExactFit.Loss(network.Weights, counts, network.Graph, network.Tree, 0.1, gradient);
        var unused = Potentials.Zero(2, network.Layout, network.Graph);
        const double step = 1e-5;
        foreach (var (weights, slopes) in network.Weights.Nodes.Concat(network.Weights.Edges).Zip(gradient.Nodes.Concat(gradient.Edges)))
            for (int i = 0; i < weights.Length; i++)
            {
                double weight = weights[i];
                weights[i] = weight + step;
                double above = ExactFit.Loss(network.Weights, counts, network.Graph, network.Tree, 0.1, unused);
                weights[i] = weight - step;
                double below = ExactFit.Loss(network.Weights, counts, network.Graph, network.Tree, 0.1, unused);
                weights[i] = weight;
                Assert.Equal((above - below) / (2 * step), slopes[i], 1e-6);
            }
    }

    [Fact]
    public void TheTreeIsTheBestOfAllTrees()
    {
        using var scope = NewDisposeScope();
        var network = SmallNetwork.Grid(seed: 5);
        const int count = 6;
        var small = new SmallNetwork([.. Enumerable.Repeat(2, count)], []);
        var counts = Counts(small, [.. RandomRows(network, 300, seed: 6).Select(row => row[..count])]);
        var tree = PairGraph.SpanningTree(count, (a, b) => counts.Divergence(a, b, counts.Independent));
        double Weight(PairGraph graph) => graph.Edges.Sum(edge => counts.Divergence(edge.First, edge.Second, counts.Independent));
        var all = AllTrees(count).ToList();
        Assert.Equal((int)Math.Pow(count, count - 2), all.Count);   // Cayley's formula
        Assert.Equal(all.Max(Weight), Weight(tree), 1e-12);

        // the likelihood of a tree is that of its weights in closed form, and no step makes it greater
        var weights = ExactFit.OfTree(counts, tree);
        var inference = new CliqueTree(small.Layout, tree, EliminationOrder.MinFill(tree, small.Layout.Sizes));
        Assert.Equal(0, inference.Sum(weights.Nodes[0], weights.Edges), 1e-9);
        var gradient = Potentials.Zero(1, small.Layout, tree);
        ExactFit.Loss(weights, counts, tree, inference, 0, gradient);
        Assert.All(gradient.Nodes.Concat(gradient.Edges).SelectMany(part => part), slope => Assert.Equal(0, slope, 1e-9));
    }

    [Fact]
    public void AnOrderWithOneMoreEdgeIsThatOfTheGraphWithIt()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 50; trial++)
        {
            var graph = new PairGraph(12);
            for (int i = 0; i < 14; i++)
                if (random.Next(12) is var a && random.Next(12) is var b && a != b) graph.Add(a, b);
            int[] sizes = [.. Enumerable.Range(0, 12).Select(_ => random.Next(2, 4))];
            var order = EliminationOrder.MinFill(graph, sizes);
            int first = random.Next(12), second = (first + random.Next(1, 12)) % 12;
            graph.Add(first, second);
            var expected = EliminationOrder.Of(graph, sizes, order.Variables);
            Assert.Equal(expected.MostEntries, order.With(first, second, 1e9)!.MostEntries);
            Assert.Equal(expected.AllEntries, order.With(first, second, 1e9)!.AllEntries);
            if (expected.MostEntries > order.MostEntries) Assert.Null(order.With(first, second, expected.MostEntries - 1));
        }
    }

    internal static List<int[]> RandomRows(SmallNetwork network, int rows, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var sampler = new CliqueSampler(network.Layout, network.Tree, network.Weights, SmallNetwork.Cpu);
        return [.. sampler.Draw(rand(rows, network.Layout.Count, generator: generator), null).contiguous().data<long>().ToArray().Chunk(network.Layout.Count).Select(row => row.Select(token => (int)token).ToArray())];
    }

    private static PairCounts Counts(SmallNetwork network, List<int[]> rows, int labels = 1)
    {
        using var tensors = network.Tensors();
        var x = tensor(rows.SelectMany(row => row.Select(token => (float)token)).ToArray()).view(rows.Count, -1);
        var condition = labels == 1 ? null : nn.functional.one_hot(arange(rows.Count, int64).remainder(labels), labels).to(float32);
        return PairCounts.Of([new Batch(x, condition)], network.Layout, y => tensors.Indicators(tensors.Tokens(y)), labels, 1, SmallNetwork.Cpu);
    }

    // by the sequences of Prüfer (1918)
    private static IEnumerable<PairGraph> AllTrees(int count)
    {
        for (int number = 0; number < Math.Pow(count, count - 2); number++)
        {
            int[] code = [.. Enumerable.Range(0, count - 2).Select(i => number / (int)Math.Pow(count, i) % count)];
            int[] degree = [.. Enumerable.Range(0, count).Select(v => 1 + code.Count(c => c == v))];
            var graph = new PairGraph(count);
            foreach (int v in code)
            {
                int leaf = Array.IndexOf(degree, 1);
                graph.Add(leaf, v);
                degree[leaf]--;
                degree[v]--;
            }
            graph.Add(Array.IndexOf(degree, 1), Array.LastIndexOf(degree, 1));
            yield return graph;
        }
    }
}
