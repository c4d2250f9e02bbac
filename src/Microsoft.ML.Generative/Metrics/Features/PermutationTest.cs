using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The p-value of a maximum mean discrepancy: the share of random divisions of all rows into two such parts that lie as far apart or farther.</summary>
/// <remarks>All divisions are judged in one pass over the blocks of the kernel matrix K: for a, 1 for rows of the first part and 0 for others, the sums are a'Ka, a'K1 and 1'K1.</remarks>
internal static class PermutationTest
{
    /// <returns>(1 + those as far) / (1 + permutations), from 1/(1 + permutations) to 1 (Phipson and Smyth, 2010).</returns>
    public static double PValue(RbfKernel kernel, Tensor first, Tensor second, int permutations, Random random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var rows = cat([first, second], 0);
        int n = (int)first.shape[0], all = (int)rows.shape[0];
        var parts = Divisions(n, all, permutations, random).to(rows.dtype).to(rows.device);   // (rows, 1 + permutations)
        var within = zeros(1 + permutations, ScalarType.Float64, rows.device);
        var rowSums = zeros(all, ScalarType.Float64, rows.device);
        using (var blocks = new DistanceBlocks(rows, rows, kernel.BlockRows))
        {
            blocks.ForEach((row, column, squared) =>
            {
                var values = kernel.OfSquared(squared);
                if (row == column) values.diagonal().zero_();   // pairs of different rows only
                var (height, width) = (values.shape[0], values.shape[1]);
                var products = values.mm(parts.narrow(0, column, width)).mul_(parts.narrow(0, row, height));
                within.add_(products.sum(dim: 0, type: ScalarType.Float64), row == column ? 1 : 2);
                rowSums.narrow(0, row, height).add_(values.sum(dim: 1, type: ScalarType.Float64));
                if (row != column) rowSums.narrow(0, column, width).add_(values.sum(dim: 0, type: ScalarType.Float64));
            }, upper: true);
        }
        double[] firstSums = within.cpu().data<double>().ToArray();
        double[] crossing = parts.to(ScalarType.Float64).t().mv(rowSums).cpu().data<double>().ToArray();
        double total = rowSums.sum().ToDouble(), m = all - n;
        double[] statistics = [.. firstSums.Zip(crossing, (xx, x) => xx / (n * (n - 1.0)) + (total - 2 * x + xx) / (m * (m - 1)) - 2 * (x - xx) / (n * m))];
        double rounding = 1e-9 * total / ((double)all * all);   // divisions that are the same one up to equal rows count as as far
        return (1.0 + statistics.Skip(1).Count(s => s >= statistics[0] - rounding)) / (1 + permutations);
    }

    // 1 for the rows of the first part; the first column is the true division
    private static Tensor Divisions(int first, int all, int permutations, Random random)
    {
        var columns = new float[1 + permutations, all];
        int[] rows = [.. Enumerable.Range(0, all)];
        for (int p = 0; p <= permutations; p++)
        {
            for (int i = 0; i < first; i++) columns[p, rows[i]] = 1;
            random.Shuffle(rows);
        }
        return tensor(columns).t();
    }
}
