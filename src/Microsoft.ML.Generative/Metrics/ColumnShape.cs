namespace Microsoft.ML.Generative.Metrics;

/// <summary>How alike the columns are distributed, each by itself: 1 − the Kolmogorov–Smirnov statistic for numbers, and 1 − the
/// total variation distance for categories.</summary>
/// <remarks>These are <c>KSComplement</c> and <c>TVComplement</c> of SDMetrics, whose mean it calls Column Shapes. Rows that are drawn from the same distribution do
/// not reach 1: n against n rows have a statistic of about 0.87·√(2/n).</remarks>
internal static class ColumnShape
{
    public static IReadOnlyList<ColumnSimilarity> Of(ComparedTable real, ComparedTable synthetic) =>
        [.. ComparedTable.Pair(real, synthetic).Select(pair => new ColumnSimilarity(pair.First.Name, pair switch
        {
            (NumberColumn a, NumberColumn b) => 1 - KolmogorovSmirnov(a.Values, b.Values),
            (CategoryColumn a, CategoryColumn b) => 1 - TotalVariation(a.Codes, b.Codes),
            _ => throw new InvalidOperationException("Columns of a pair are of one kind."),
        }))];

    /// <summary>The largest difference between the two distribution functions, sup |F(x) − G(x)|. A missing value (NaN) counts as one below all numbers.</summary>
    public static double KolmogorovSmirnov(IEnumerable<double> first, IEnumerable<double> second)
    {
        double[] a = [.. first.Order()], b = [.. second.Order()];   // NaN comes first
        double largest = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            double value = a[i].CompareTo(b[j]) <= 0 ? a[i] : b[j];
            while (i < a.Length && a[i].CompareTo(value) <= 0) i++;
            while (j < b.Length && b[j].CompareTo(value) <= 0) j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }
        return largest;
    }

    /// <summary>Half the sum of the differences between the shares of the categories, ½ Σ |p − q|.</summary>
    public static double TotalVariation<T>(IReadOnlyCollection<T> first, IReadOnlyCollection<T> second) where T : notnull
    {
        var counts = new Dictionary<T, (int First, int Second)>();
        foreach (var value in first) counts[value] = (counts.GetValueOrDefault(value).First + 1, 0);
        foreach (var value in second)
        {
            var count = counts.GetValueOrDefault(value);
            counts[value] = (count.First, count.Second + 1);
        }
        return Math.Min(1, counts.Values.Sum(c => Math.Abs((double)c.First / first.Count - (double)c.Second / second.Count)) / 2);   // rounding can exceed 1
    }
}
