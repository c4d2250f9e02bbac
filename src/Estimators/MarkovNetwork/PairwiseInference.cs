using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What follows from the final weights of a network and is needed to draw rows and to say how likely they are: made once, read by any thread.</summary>
internal sealed class PairwiseInference : IDisposable
{
    /// <summary>Entries of all tables of exact inference together.</summary>
    public const double MostEntries = 1 << 23;

    private readonly Lazy<CliqueSampler>? _sampler;
    private readonly Lazy<CliqueConditionals>? _conditionals;
    private readonly Lazy<ColouredGibbs> _gibbs;

    /// <param name="couplings">(all tokens, all tokens), symmetric, 0 where there is no edge</param>
    /// <param name="biases">(labels, all tokens)</param>
    /// <param name="order">In which the variables can be summed out; null where the tables would be too large.</param>
    public PairwiseInference(TokenLayout layout, PairGraph graph, EliminationOrder? order, Tensor couplings, Tensor biases)
    {
        Graph = graph;
        Couplings = couplings.DetachFromDisposeScope();
        Biases = biases.DetachFromDisposeScope();
        Weights = new Lazy<Potentials>(() => PotentialsOf(layout));
        var device = couplings.device;
        _gibbs = new(() => new ColouredGibbs(layout, graph, device));
        if (order is null) return;
        // each works with tables of its own
        _sampler = new(() => new CliqueSampler(layout, new CliqueTree(layout, graph, order), Weights.Value, device));
        _conditionals = new(() => new CliqueConditionals(layout, new CliqueTree(layout, graph, order), Weights.Value, device));
        Tree = new(() => new CliqueTree(layout, graph, order));
    }

    public PairGraph Graph { get; }

    /// <summary>(all tokens, all tokens)</summary>
    public Tensor Couplings { get; }

    /// <summary>(labels, all tokens)</summary>
    public Tensor Biases { get; }

    public Lazy<Potentials> Weights { get; }

    /// <summary>Whether inference is exact.</summary>
    public bool IsExact => _sampler is not null;

    /// <summary>Null where inference is not exact. Not for several threads.</summary>
    public Lazy<CliqueTree>? Tree { get; }

    public CliqueSampler Sampler => _sampler!.Value;

    public CliqueConditionals Conditionals => _conditionals!.Value;

    public ColouredGibbs Gibbs => _gibbs.Value;

    /// <summary>In which order to sum the variables out; null where the tables would be too large.</summary>
    /// <param name="known">An order that may be a good one.</param>
    public static EliminationOrder? OrderOf(TokenLayout layout, PairGraph graph, int[] known, double mostTableEntries)
    {
        if (Suits(EliminationOrder.Of(graph, layout.Sizes, known)) is { } suitable) return suitable;
        // a variable of the core that has the fewest neighbours there has a table with all of them
        if (Math.Pow(layout.Sizes.Min(), Degeneracy(graph) + 1) > mostTableEntries) return null;
        return Suits(EliminationOrder.MinFill(graph, layout.Sizes));

        EliminationOrder? Suits(EliminationOrder order) => order.MostEntries <= mostTableEntries && order.AllEntries <= MostEntries ? order : null;
    }

    // the greatest number of neighbours that the variable with the fewest has while such variables are taken away
    private static int Degeneracy(PairGraph graph)
    {
        var degree = Enumerable.Range(0, graph.Count).Select(v => graph.NeighboursOf(v).Count).ToArray();
        var left = Enumerable.Range(0, graph.Count).ToHashSet();
        int most = 0;
        while (left.Count > 0)
        {
            int v = left.MinBy(u => degree[u]);
            most = Math.Max(most, degree[v]);
            left.Remove(v);
            foreach (int u in graph.NeighboursOf(v)) degree[u]--;
        }
        return most;
    }

    private Potentials PotentialsOf(TokenLayout layout)
    {
        var result = Potentials.Zero((int)Biases.shape[0], layout, Graph);
        float[] biases = Biases.cpu().data<float>().ToArray(), couplings = Couplings.cpu().data<float>().ToArray();
        for (int l = 0; l < result.Nodes.Length; l++)
            for (int a = 0; a < layout.Tokens; a++) result.Nodes[l][a] = biases[l * layout.Tokens + a];
        foreach (var ((first, second), weights) in Graph.Edges.Zip(result.Edges))
            for (int a = 0, k = 0; a < layout.Sizes[first]; a++)
                for (int b = 0; b < layout.Sizes[second]; b++, k++)
                    weights[k] = couplings[(layout.Offsets[first] + a) * layout.Tokens + layout.Offsets[second] + b];
        return result;
    }

    public void Dispose()
    {
        Couplings.Dispose();
        Biases.Dispose();
        if (_gibbs.IsValueCreated) _gibbs.Value.Dispose();
        if (_sampler is { IsValueCreated: true }) _sampler.Value.Dispose();
        if (_conditionals is { IsValueCreated: true }) _conditionals.Value.Dispose();
    }
}
