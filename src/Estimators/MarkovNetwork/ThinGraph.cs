using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Learns a graph in which inference stays exact and affordable: from a Chow–Liu tree on, it adds, in rounds, the edges between the variables whose pairs in the rows differ
/// most from those of the network so far (Della Pietra et al., 1997), as long as no table of <see cref="CliqueTree"/> grows beyond a limit (Bach and Jordan, 2001).</summary>
internal sealed class ThinGraph(PairCounts counts, double mostEntries, double penalty, ITrainingLog log, CancellationToken cancellation)
{
    private const int MostRounds = 40, BriefIterations = 25, Iterations = 300;
    private const double Tolerance = 1e-6;

    private readonly TokenLayout _layout = counts.Layout;

    /// <summary>The rows to draw from a network to see which pairs it has: (tokens, tokens), shares.</summary>
    public required Func<CliqueTree, Potentials, double[]> PairsOf { get; init; }

    /// <returns>The graph, and the weights of its edges.</returns>
    public (PairGraph Graph, EliminationOrder Order, Potentials Weights) Learn()
    {
        var graph = PairGraph.SpanningTree(_layout.Count, (a, b) => _layout.Sizes[a] * (double)_layout.Sizes[b] <= mostEntries ? counts.Divergence(a, b, counts.Independent) : 0);
        var order = EliminationOrder.MinFill(graph, _layout.Sizes);
        var weights = ExactFit.OfTree(counts, graph);
        for (int round = 0; ; round++)
        {
            var tree = new CliqueTree(_layout, graph, order);
            bool isLast = round == MostRounds;
            double value = ExactFit.Run(weights, counts, graph, tree, penalty, BriefIterations, Tolerance, cancellation);
            var grown = isLast ? null : Grow(graph, order, PairsOf(tree, weights));
            log.Info(FormattableString.Invariant($"{graph.Edges.Count()} edges, tables of {order.MostEntries} entries at most: mean log-likelihood less penalty {value:F3}"));
            if (grown is not ({ } more, { } sameOrder))
            {
                ExactFit.Run(weights, counts, graph, tree, penalty, Iterations, Tolerance / 10, cancellation);
                return (graph, order, weights);
            }
            weights = Extended(weights, graph, more);
            graph = more;
            var otherOrder = EliminationOrder.MinFill(graph, _layout.Sizes);
            order = otherOrder.MostEntries <= mostEntries ? otherOrder : sameOrder;
        }
    }

    // with the edges that are worth it, of each variable one at a time, since those that say the same are not worth their sum; null if there is none
    private (PairGraph Graph, EliminationOrder Order)? Grow(PairGraph graph, EliminationOrder order, double[] pairs)
    {
        var candidates = new List<(int First, int Second, double Gain)>();
        for (int a = 0; a < _layout.Count; a++)
            for (int b = a + 1; b < _layout.Count; b++)
            {
                if (graph.Has(a, b)) continue;
                double gain = counts.Divergence(a, b, (i, j) => pairs[i * _layout.Tokens + j]);
                if (gain > LeastGain((_layout.Sizes[a] - 1) * (double)(_layout.Sizes[b] - 1))) candidates.Add((a, b, gain));
            }
        var result = new PairGraph(graph.Count);
        foreach (var (a, b) in graph.Edges) result.Add(a, b);
        var added = new int[graph.Count];
        int edges = 0;
        foreach (var (a, b, _) in candidates.OrderByDescending(candidate => candidate.Gain))
        {
            if (added[a] > 0 || added[b] > 0 || order.With(a, b, mostEntries) is not { } more) continue;
            order = more;
            result.Add(a, b);
            added[a]++;
            added[b]++;
            edges++;
        }
        return edges > 0 ? (result, order) : null;
    }

    // What chance makes of an edge of so many free weights is about χ²/(2 · rows), of this mean and a deviation of √(2 · weights): an edge has to be worth some deviations more. Of one
    // weight that is the Bayesian information criterion, which for many weights asks for far more than chance ever makes.
    private double LeastGain(double weights) => (weights + (Math.Log(counts.Rows) - 1) * Math.Sqrt(weights)) / (2 * counts.Rows);

    private Potentials Extended(Potentials weights, PairGraph graph, PairGraph grown)
    {
        var result = Potentials.Zero(weights.Nodes.Length, _layout, grown) with { Nodes = weights.Nodes };
        var places = grown.Edges.Select((edge, i) => (edge, i)).ToDictionary(pair => pair.edge, pair => pair.i);
        foreach (var (edge, values) in graph.Edges.Zip(weights.Edges)) result.Edges[places[edge]] = values;
        return result;
    }
}
