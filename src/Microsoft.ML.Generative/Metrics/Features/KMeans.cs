using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Clusters by Lloyd's algorithm, from centres chosen one after the other far from those before (greedy k-means++, Arthur and Vassilvitskii, 2007, with 2 + ln k candidates each).</summary>
internal static class KMeans
{
    private const int BlockRows = 4096;
    private const int MostSteps = 100;

    /// <summary>The centres, (clusters, d): fewer than asked for if there are fewer different rows.</summary>
    /// <param name="rows">(n, d), Double.</param>
    public static Tensor Fit(Tensor rows, int clusters, Random random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var centres = Start(rows, clusters, random);
        long[]? before = null;
        for (int step = 0; step < MostSteps; step++)
        {
            using var inner = NewDisposeScope();
            var (nearest, _) = Nearest(rows, centres);
            long[] now = nearest.data<long>().ToArray();
            if (before is not null && now.AsSpan().SequenceEqual(before)) break;
            before = now;
            var counts = nearest.bincount(null, centres.shape[0]).to(ScalarType.Float64).unsqueeze(1);
            var sums = zeros_like(centres).index_add_(0, nearest, rows, 1);
            centres.copy_(where(counts > 0, sums / counts.clamp_min(1), centres));   // one that lost all rows stays where it is
        }
        return centres.MoveToOuterDisposeScope();
    }

    /// <summary>The number of the nearest centre of each row, (n), Int64, and the distance to it, (n).</summary>
    public static (Tensor Centres, Tensor Distances) Nearest(Tensor rows, Tensor centres)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (numbers, distances) = (zeros(rows.shape[0], ScalarType.Int64, rows.device), zeros(rows.shape[0], rows.dtype, rows.device));
        for (long row = 0; row < rows.shape[0]; row += BlockRows)
        {
            using var block = NewDisposeScope();
            long count = Math.Min(BlockRows, rows.shape[0] - row);
            var (smallest, indices) = cdist(rows.narrow(0, row, count), centres, 2, compute_mode.donot_use_mm_for_euclid_dist).min(1);
            numbers.narrow(0, row, count).copy_(indices);
            distances.narrow(0, row, count).copy_(smallest);
        }
        return (numbers.MoveToOuterDisposeScope(), distances.MoveToOuterDisposeScope());
    }

    private static Tensor Start(Tensor rows, int clusters, Random random)
    {
        var chosen = new List<Tensor> { rows.narrow(0, random.NextInt64(rows.shape[0]), 1) };
        var squared = Squared(chosen[0]);   // of each row to the nearest centre
        int candidates = 2 + (int)Math.Log(clusters);
        while (chosen.Count < clusters)
        {
            double[] sums = squared.cumsum(0).data<double>().ToArray();
            if (sums[^1] <= 0) break;   // every row is a centre already
            var tries = Enumerable.Range(0, candidates).Select(_ => Draw(sums)).Select(row => rows.narrow(0, row, 1))
                .Select(centre => (Centre: centre, Squared: squared.minimum(Squared(centre)))).ToList();
            var best = tries.MinBy(t => t.Squared.sum().ToDouble());
            chosen.Add(best.Centre);
            squared = best.Squared;
        }
        return cat(chosen, 0).clone();

        Tensor Squared(Tensor centre) => (rows - centre).pow_(2).sum(dim: 1);

        int Draw(double[] sums)
        {
            double at = random.NextDouble() * sums[^1];
            int row = Array.BinarySearch(sums, at);
            if (row < 0) row = ~row;
            while (row < sums.Length - 1 && sums[row] <= at) row++;   // a row that is a centre already adds nothing, and is never drawn
            return row;
        }
    }
}
