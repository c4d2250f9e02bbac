using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>A network with made-up weights whose rows can be counted through.</summary>
internal sealed class SmallNetwork
{
    public static readonly Device Cpu = new(TorchSharp.DeviceType.CPU);

    public SmallNetwork(int[] sizes, (int, int)[] edges, int seed = 1, int labels = 1)
    {
        var random = new Random(seed);
        Layout = new TokenLayout([.. sizes.Select((_, i) => $"x{i}")], [.. Enumerable.Range(0, sizes.Length)], sizes);
        Graph = new PairGraph(sizes.Length);
        foreach (var (a, b) in edges) Graph.Add(a, b);
        Weights = Potentials.Zero(labels, Layout, Graph);
        foreach (double[] part in Weights.Nodes.Concat(Weights.Edges))
            for (int i = 0; i < part.Length; i++) part[i] = Rows.Normal(random);
        Tree = new CliqueTree(Layout, Graph, EliminationOrder.MinFill(Graph, sizes));
    }

    public TokenLayout Layout { get; }

    public PairGraph Graph { get; }

    public Potentials Weights { get; }

    public CliqueTree Tree { get; }

    /// <summary>A grid of binary variables.</summary>
    public static SmallNetwork Grid(int seed = 1) => new([.. Enumerable.Repeat(2, 9)], [.. PairGraph.Grid(9, 3).Edges], seed);

    /// <summary>Loops over variables of several sizes.</summary>
    public static SmallNetwork Loops(int seed = 1, int labels = 1) => new([2, 3, 4, 2, 3, 2, 3], [(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 5), (5, 1)], seed, labels);

    /// <summary>All rows that there can be.</summary>
    public IEnumerable<int[]> AllRows()
    {
        var row = new int[Layout.Count];
        while (true)
        {
            yield return row.ToArray();
            int i = 0;
            while (i < row.Length && ++row[i] == Layout.Sizes[i]) row[i++] = 0;
            if (i == row.Length) yield break;
        }
    }

    public double Energy(int[] row, int label = 0)
    {
        double sum = row.Select((token, v) => Weights.Nodes[label][Layout.Offsets[v] + token]).Sum();
        return sum + Graph.Edges.Zip(Weights.Edges, (edge, w) => w[row[edge.First] * Layout.Sizes[edge.Second] + row[edge.Second]]).Sum();
    }

    public double LogPartition(int label = 0) => Math.Log(AllRows().Sum(row => Math.Exp(Energy(row, label))));

    /// <summary>(all tokens, all tokens), symmetric</summary>
    public Tensor Couplings()
    {
        var result = new float[Layout.Tokens * Layout.Tokens];
        foreach (var ((first, second), weights) in Graph.Edges.Zip(Weights.Edges))
            for (int a = 0, k = 0; a < Layout.Sizes[first]; a++)
                for (int b = 0; b < Layout.Sizes[second]; b++, k++)
                {
                    int i = Layout.Offsets[first] + a, j = Layout.Offsets[second] + b;
                    result[i * Layout.Tokens + j] = result[j * Layout.Tokens + i] = (float)weights[k];
                }
        return tensor(result).view(Layout.Tokens, Layout.Tokens);
    }

    /// <summary>(1, all tokens)</summary>
    public Tensor Bias(int label = 0) => tensor(Weights.Nodes[label].Select(w => (float)w).ToArray()).unsqueeze(0);

    public TokenTensors Tensors()
    {
        using var generator = new Generator(1);
        return new TokenTensors(Layout, Layout.Count, new Initializer(generator, Cpu));
    }
}
