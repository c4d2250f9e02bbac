namespace Microsoft.ML.Generative.Metrics;

/// <summary>Mean and standard deviation of the numbers that are not missing.</summary>
internal static class Moments
{
    /// <summary>A deviation of 0 is given as 1, so that one can divide by it; no numbers at all have mean 0.</summary>
    public static (double Mean, double Deviation) Of(double[] values)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v))];
        if (known.Length == 0) return (0, 1);
        double mean = known.Average(), deviation = Math.Sqrt(known.Average(v => (v - mean) * (v - mean)));
        return (mean, deviation > 1e-12 * Math.Abs(mean) ? deviation : 1);
    }
}
