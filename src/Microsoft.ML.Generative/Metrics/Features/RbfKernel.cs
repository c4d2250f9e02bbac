using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The kernel exp(−‖x − y‖²/(2σ²)) and the maximum mean discrepancy by it (Gretton et al., A kernel two-sample test, JMLR 2012), in blocks.</summary>
/// <param name="Bandwidth">σ, in units of the features.</param>
internal sealed record RbfKernel(double Bandwidth, int BlockRows = DistanceBlocks.DefaultBlockRows)
{
    /// <summary>The median of the distances between different rows, over all pairs: for a few thousand rows at most, as all are in memory. Where more than half of the pairs are equal
    /// rows it is the mean; 1 if all are equal.</summary>
    /// <param name="rows">(n, d): rows of both kinds together.</param>
    public static RbfKernel OfMedian(Tensor rows, int blockRows = DistanceBlocks.DefaultBlockRows)
    {
        var distances = new List<double>();
        using var blocks = new DistanceBlocks(rows, rows, blockRows);
        blocks.ForEach((row, column, squared) =>
        {
            double[] values = squared.to_type(ScalarType.Float64).contiguous().cpu().data<double>().ToArray();
            long columns = squared.shape[1];
            for (int i = 0; i < values.Length; i++)
                if (column + i % columns > row + i / columns) distances.Add(values[i] <= blocks.Rounding ? 0 : Math.Sqrt(values[i]));
        }, upper: true);
        double median = distances.Count == 0 ? 0 : ClosestRecord.Median([.. distances]);
        double bandwidth = median > 0 ? median : distances.Count == 0 ? 0 : distances.Average();
        return new RbfKernel(bandwidth > 0 ? bandwidth : 1, blockRows);
    }

    /// <summary>The unbiased estimate of MMD²: Σ k(x, x′)/(n(n − 1)) + Σ k(y, y′)/(m(m − 1)) − 2 Σ k(x, y)/(nm), over pairs of different rows (their equation 3). It can be below 0.</summary>
    /// <param name="first">(n, d), n of 2 or more.</param>
    /// <param name="second">(m, d), m of 2 or more.</param>
    public double SquaredDiscrepancy(Tensor first, Tensor second)
    {
        double n = first.shape[0], m = second.shape[0];
        return SumWithin(first) / (n * (n - 1)) + SumWithin(second) / (m * (m - 1)) - 2 * SumBetween(first, second) / (n * m);
    }

    /// <summary>Σ k(x, y) over all pairs of rows.</summary>
    public double SumBetween(Tensor first, Tensor second)
    {
        double sum = 0;
        using var blocks = new DistanceBlocks(first, second, BlockRows);
        blocks.ForEach((_, _, squared) => sum += OfSquared(squared).sum(ScalarType.Float64).ToDouble());
        return sum;
    }

    /// <summary>Σ k(x, x′) over all pairs of different rows, each pair twice.</summary>
    public double SumWithin(Tensor rows)
    {
        double sum = 0;
        using var blocks = new DistanceBlocks(rows, rows, BlockRows);
        blocks.ForEach((row, column, squared) => sum += (row == column ? 1 : 2) * OfSquared(squared).sum(ScalarType.Float64).ToDouble(), upper: true);
        return sum - rows.shape[0];   // those of rows with themselves are 1
    }

    /// <summary>The kernel of squared distances, in their place.</summary>
    public Tensor OfSquared(Tensor squared) => squared.mul_(-1 / (2 * Bandwidth * Bandwidth)).exp_();
}
