namespace Microsoft.ML.Generative.Metrics;

/// <summary>The inception score, exp(E KL(p(y|x) ‖ p(y))), of the probabilities that a classifier gives synthetic rows (Salimans et al., Improved techniques for training GANs, NeurIPS 2016, section 4).</summary>
/// <remarks>The exponent is the entropy of the mean probabilities less the mean entropy, so sums are all that is kept.</remarks>
internal static class ClassProbabilities
{
    private const double Tolerance = 1e-3;

    /// <summary>Mean and deviation over the splits: row i is in split i modulo their number.</summary>
    /// <exception cref="ArgumentException">A row is not of probabilities, or there are fewer rows than splits.</exception>
    public static InceptionScoreMetrics Score(FeatureReader reader, int splits)
    {
        int classes = reader.Size;
        var sums = new double[splits, classes];
        var negativeEntropies = new double[splits];
        var counts = new int[splits];
        int rows = 0;
        foreach (var probabilities in reader.Rows())
        {
            double sum = probabilities.Sum(p => (double)p);
            if (probabilities.Any(p => p < 0) || Math.Abs(sum - 1) > Tolerance)
                throw new ArgumentException(FormattableString.Invariant($"Row {rows} of column '{reader.ColumnName}' in {reader.Table} is not of probabilities: they sum to {sum:G4}, the least is {probabilities.Min():G4}. Take what a classifier gives as probabilities of its classes, not scores."));
            int split = rows++ % splits;
            counts[split]++;
            for (int c = 0; c < classes; c++)
            {
                double p = probabilities[c] / sum;
                sums[split, c] += p;
                if (p > 0) negativeEntropies[split] += p * Math.Log(p);
            }
        }
        if (rows < splits) throw new ArgumentException($"There {(rows == 1 ? "is 1 row" : $"are {rows} rows")} in {reader.Table}; an inception score of {splits} splits needs {splits} or more.");

        double[] scores = [.. Enumerable.Range(0, splits).Select(split =>
        {
            double entropy = -Enumerable.Range(0, classes).Select(c => sums[split, c] / counts[split]).Where(p => p > 0).Sum(p => p * Math.Log(p));
            return Math.Exp(Math.Max(0, entropy + negativeEntropies[split] / counts[split]));
        })];
        double mean = scores.Average();
        return new(mean, Math.Sqrt(scores.Average(s => (s - mean) * (s - mean))), splits, classes, rows);
    }
}
