namespace Microsoft.ML.Generative.Metrics;

/// <summary>How alike pairs of columns are distributed: 1 − the total variation distance between the two contingency tables, numbers in
/// ten bins at the quantiles of the real rows.</summary>
/// <remarks><c>ContingencySimilarity</c> of SDMetrics, here for pairs with numbers too. A bin holds its lower end and not its upper one, as <c>numpy.digitize</c> has it;
/// quantiles that coincide make one bin; missing numbers have a bin of their own. As with single columns, rows of the same distribution do not reach 1.</remarks>
internal static class ContingencySimilarity
{
    private const int Bins = 10;

    /// <summary>Every pair of columns; none if there is one column only.</summary>
    public static IReadOnlyList<PairSimilarity> Of(ComparedTable real, ComparedTable synthetic)
    {
        var columns = ComparedTable.Pair(real, synthetic).Select(pair => (pair.First.Name, Codes: Code(pair.First, pair.Second))).ToList();
        var pairs = (from i in Enumerable.Range(0, columns.Count) from j in Enumerable.Range(i + 1, columns.Count - i - 1) select (columns[i], columns[j])).ToList();
        var similarities = new PairSimilarity[pairs.Count];
        Parallel.For(0, pairs.Count, k =>
        {
            var (a, b) = pairs[k];
            similarities[k] = new(a.Name, b.Name,
                1 - ColumnShape.TotalVariation(Combine(a.Codes.Real, b.Codes.Real), Combine(a.Codes.Synthetic, b.Codes.Synthetic)));
        });
        return similarities;
    }

    /// <summary>The inner ends of bins of equal counts, without repetitions: the quantiles at 1/10, 2/10, …, interpolated between neighbouring values.</summary>
    public static double[] QuantileEnds(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        if (sorted.Length == 0) return [];
        return [.. Enumerable.Range(1, Bins - 1).Select(k => Quantile(sorted, (double)k / Bins)).Distinct()];
    }

    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return low == high ? low : low + (position - below) * (high - low);
    }

    private static (int[] Real, int[] Synthetic) Code(ComparedColumn real, ComparedColumn synthetic)
    {
        if (real is CategoryColumn a && synthetic is CategoryColumn b) return (a.Codes, b.Codes);
        var values = ((NumberColumn)real).Values;
        double[] ends = QuantileEnds(values);
        return (Bin(values, ends), Bin(((NumberColumn)synthetic).Values, ends));
    }

    private static int[] Bin(double[] values, double[] ends) =>
        Array.ConvertAll(values, value => double.IsNaN(value) ? -1 : ends.Count(end => end <= value));

    private static long[] Combine(int[] first, int[] second)
    {
        var codes = new long[first.Length];
        for (int i = 0; i < codes.Length; i++) codes[i] = ((long)first[i] << 32) | (uint)second[i];
        return codes;
    }
}
