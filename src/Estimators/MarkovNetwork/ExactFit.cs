namespace Microsoft.ML.Generative;

/// <summary>The weights of greatest likelihood of a network in which inference is exact: its log-likelihood depends on the rows through their pair counts alone, and is concave.</summary>
internal static class ExactFit
{
    /// <summary>Weights under which all pairs with an edge have the shares that were counted, if the graph is a tree and there are no labels: a start for others.</summary>
    public static Potentials OfTree(PairCounts counts, PairGraph graph)
    {
        var layout = counts.Layout;
        var result = Potentials.Zero(counts.Singles.Length, layout, graph);
        for (int l = 0; l < counts.Singles.Length; l++)
            for (int a = 0; a < layout.Tokens; a++) result.Nodes[l][a] = Math.Log(Math.Max(counts.Singles[l][a], 1e-12));
        foreach (var ((first, second), weights) in graph.Edges.Zip(result.Edges))
            for (int a = 0, k = 0; a < layout.Sizes[first]; a++)
                for (int b = 0; b < layout.Sizes[second]; b++, k++)
                    weights[k] = LogRatio(counts, layout.Offsets[first] + a, layout.Offsets[second] + b);
        return result;
    }

    private static double LogRatio(PairCounts counts, int a, int b) => Math.Log(Math.Max(counts.Pair(a, b), 1e-12) / Math.Max(counts.Independent(a, b), 1e-12));

    /// <summary>Moves the weights to where the mean log-likelihood less penalty/2 times the squares of the edges' weights is greatest.</summary>
    /// <returns>The mean log-likelihood less the penalty, nats.</returns>
    public static double Run(Potentials weights, PairCounts counts, PairGraph graph, CliqueTree tree, double penalty, int iterations, double tolerance, CancellationToken cancellation)
    {
        var gradient = Potentials.Zero(weights.Nodes.Length, counts.Layout, graph);
        var x = new double[weights.Count];
        weights.CopyTo(x);
        double result = -Lbfgs.Minimize(x, (at, slope) =>
        {
            weights.CopyFrom(at);
            double value = Loss(weights, counts, graph, tree, penalty, gradient);
            gradient.CopyTo(slope);
            return value;
        }, iterations, tolerance, cancellation);
        weights.CopyFrom(x);
        return result;
    }

    /// <summary>The mean negative log-likelihood and the penalty, and their gradient.</summary>
    public static double Loss(Potentials weights, PairCounts counts, PairGraph graph, CliqueTree tree, double penalty, Potentials gradient)
    {
        var layout = counts.Layout;
        foreach (double[] part in gradient.Edges) Array.Clear(part);
        double loss = 0;
        for (int l = 0; l < weights.Nodes.Length; l++)
        {
            double share = counts.LabelShares[l];
            Array.Clear(gradient.Nodes[l]);
            if (share == 0) continue;
            loss += share * tree.Sum(weights.Nodes[l], weights.Edges);
            tree.AddMarginals(share, gradient.Nodes[l], gradient.Edges);
            for (int a = 0; a < layout.Tokens; a++)
            {
                loss -= share * counts.Singles[l][a] * weights.Nodes[l][a];
                gradient.Nodes[l][a] -= share * counts.Singles[l][a];
            }
        }
        int edge = 0;
        foreach (var (first, second) in graph.Edges)
        {
            double[] w = weights.Edges[edge], slope = gradient.Edges[edge++];
            for (int a = 0, k = 0; a < layout.Sizes[first]; a++)
                for (int b = 0; b < layout.Sizes[second]; b++, k++)
                {
                    double share = counts.Pair(layout.Offsets[first] + a, layout.Offsets[second] + b);
                    loss += (penalty / 2 * w[k] - share) * w[k];
                    slope[k] += penalty * w[k] - share;
                }
        }
        return loss;
    }
}
