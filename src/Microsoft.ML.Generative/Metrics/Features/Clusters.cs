using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Which clusters of real rows synthetic ones reach.</summary>
/// <param name="Coverage">The share of clusters with a synthetic row in reach: nearest to their centre, and no farther from it than all but one in a hundred of their real rows.</param>
/// <param name="WithinReach">The share of synthetic rows that are so.</param>
/// <param name="Divergence">Jensen–Shannon divergence between the shares of the clusters, by the nearest centre, in bits.</param>
internal sealed record Clusters(double Coverage, double WithinReach, double Divergence, IReadOnlyList<ModeShare> Modes)
{
    private const double Reach = 0.99;

    /// <param name="centres">(k, d); those that are nearest to no real row do not count.</param>
    public static Clusters Of(Tensor real, Tensor centres, Tensor synthetic)
    {
        using var scope = NewDisposeScope();
        var own = Nearest(real, centres);
        long[] used = [.. own.Select(row => row.Centre).Distinct().Order()];
        if (used.Length < centres.shape[0])
        {
            centres = centres.index_select(0, tensor(used));
            own = Nearest(real, centres);
        }
        var others = Nearest(synthetic, centres);
        var radii = own.GroupBy(row => row.Centre, row => row.Distance).ToDictionary(g => g.Key, g => Quantile([.. g.Order()]));
        var realCounts = own.CountBy(row => row.Centre).ToDictionary();
        var counts = others.CountBy(row => row.Centre).ToDictionary();
        var inReach = others.Where(row => row.Distance <= radii[row.Centre]).CountBy(row => row.Centre).ToDictionary();

        ModeShare[] modes = [.. realCounts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c =>
            new ModeShare((double)c.Value / own.Length, (double)counts.GetValueOrDefault(c.Key) / others.Length, inReach.ContainsKey(c.Key)))];
        return new(modes.Average(m => m.Reached ? 1.0 : 0.0), (double)inReach.Values.Sum() / others.Length, JensenShannon(modes), modes);
    }

    private static (long Centre, double Distance)[] Nearest(Tensor rows, Tensor centres)
    {
        using var scope = NewDisposeScope();
        var (numbers, distances) = KMeans.Nearest(rows, centres);
        return [.. numbers.data<long>().ToArray().Zip(distances.data<double>().ToArray())];
    }

    private static double Quantile(double[] sorted) => sorted[(int)Math.Ceiling(Reach * sorted.Length) - 1];

    private static double JensenShannon(IEnumerable<ModeShare> modes)
    {
        return Math.Clamp(modes.Sum(m => (Term(m.RealShare, m.SyntheticShare) + Term(m.SyntheticShare, m.RealShare)) / 2), 0, 1);

        static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log2(2 * p / (p + q));
    }
}
