using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The metrics of a feature column, out of rows that were read: what the catalog gives one by one, and all together.</summary>
internal static class FeatureEvaluation
{
    public const int FewestRows = 2;

    private const int BandwidthRows = 2000;   // of both kinds: two million distances
    private const int ClusteredRows = 20_000;
    private const int MomentRows = 1024;
    private const int SinkhornSteps = 200;
    private const double SinkhornTolerance = 1e-3;

    // each choice of rows has a stream of its own
    private static Random Stream(int seed, int stream) => new((int)Networks.RandomSeeds.Of(seed, stream));

    public static (FeatureRows Real, FeatureRows Synthetic) Read((FeatureReader Real, FeatureReader Synthetic) readers) => (new(readers.Real), new(readers.Synthetic));

    /// <summary>All metrics of a feature column that there are rows enough for.</summary>
    public static SampleMetrics AddTo(SampleMetrics metrics, FeatureRows real, FeatureRows synthetic, int seed)
    {
        int rows = Math.Min(real.Count, synthetic.Count);
        metrics = metrics with { SlicedWasserstein = SlicedWasserstein(real, synthetic, FeatureDefaults.Projections, seed) };
        if (rows >= FewestRows)
        {
            metrics = metrics with
            {
                Sinkhorn = Sinkhorn(real, synthetic, FeatureDefaults.RelativeEpsilon, FeatureDefaults.MostRows, seed),
                MaximumMeanDiscrepancy = Discrepancy(real, synthetic, null, FeatureDefaults.Permutations, FeatureDefaults.MostRows, seed),
                Frechet = Frechet(real, synthetic),
            };
        }
        if (rows > FeatureDefaults.Neighbours) metrics = metrics with { PrecisionRecall = PrecisionRecall(real, synthetic, FeatureDefaults.Neighbours) };
        return real.Count < FeatureDefaults.Modes ? metrics : metrics with { ModeCoverage = ModeCoverage(real, synthetic, FeatureDefaults.Modes, seed) };
    }

    public static SlicedWassersteinMetrics SlicedWasserstein(FeatureRows real, FeatureRows synthetic, int projections, int seed)
    {
        Require(real, synthetic, 1, "the sliced Wasserstein distance");
        using var scope = NewDisposeScope();
        var result = SlicedTransport.Between(real.ToTensor(), synthetic.ToTensor(), projections, seed);
        return new(result.W1, result.W2, result.StandardError, projections, real.Count, synthetic.Count);
    }

    public static SinkhornMetrics Sinkhorn(FeatureRows real, FeatureRows synthetic, double relativeEpsilon, int mostRows, int seed)
    {
        Require(real, synthetic, FewestRows, "the Sinkhorn divergence");
        using var scope = NewDisposeScope();
        var (a, b) = (real.AtMost(mostRows, Stream(seed, 1)), synthetic.AtMost(mostRows, Stream(seed, 2)));
        var (x, y) = (a.ToTensor(), b.ToTensor());
        double median = ClosestRecord.Median(Costs(a.AtMost(BandwidthRows / 2, Stream(seed, 3)), b.AtMost(BandwidthRows / 2, Stream(seed, 4))));
        double epsilon = relativeEpsilon * median;
        if (epsilon == 0) epsilon = relativeEpsilon;   // more than half of the pairs are equal rows
        var result = EntropicTransport.Between(x, y, epsilon, SinkhornSteps, SinkhornTolerance);
        return new(result.Divergence, epsilon, result.MarginalError, result.Steps, a.Count, b.Count);
    }

    public static MaximumMeanDiscrepancyMetrics Discrepancy(FeatureRows real, FeatureRows synthetic, double? bandwidth, int permutations, int mostPermutedRows, int seed)
    {
        Require(real, synthetic, FewestRows, "the maximum mean discrepancy");
        using var scope = NewDisposeScope();
        var (x, y) = (real.ToTensor(), synthetic.ToTensor());
        var kernel = bandwidth is { } given ? new RbfKernel(given) : MedianKernel(x, y, Stream(seed, 1));
        var (a, b) = (real.AtMost(mostPermutedRows, Stream(seed, 2)), synthetic.AtMost(mostPermutedRows, Stream(seed, 3)));
        double? p = permutations == 0 ? null : PermutationTest.PValue(kernel, a.ToTensor(), b.ToTensor(), permutations, Stream(seed, 4));
        return new(kernel.SquaredDiscrepancy(x, y), kernel.Bandwidth, p, permutations, permutations == 0 ? 0 : a.Count, permutations == 0 ? 0 : b.Count, real.Count, synthetic.Count);
    }

    public static FrechetMetrics Frechet(FeatureRows real, FeatureRows synthetic) => Frechet(real.Table, real.Batches(MomentRows), synthetic.Table, synthetic.Batches(MomentRows));

    /// <summary>Reads the rows once, without keeping them.</summary>
    public static FrechetMetrics Frechet(FeatureReader real, FeatureReader synthetic) =>
        Frechet(real.Table, real.Rows().Chunk(MomentRows), synthetic.Table, synthetic.Rows().Chunk(MomentRows));

    public static PrecisionRecallMetrics PrecisionRecall(FeatureRows real, FeatureRows synthetic, int neighbours)
    {
        Require(real, synthetic, neighbours + 1, $"precision and recall by {neighbours} {(neighbours == 1 ? "neighbour" : "neighbours")}");
        using var scope = NewDisposeScope();
        var result = Neighbourhoods.Of(real.ToTensor(), synthetic.ToTensor(), neighbours);
        return new(result.Precision, result.Recall, result.Density, result.Coverage, neighbours, real.Count, synthetic.Count);
    }

    public static ModeCoverageMetrics ModeCoverage(FeatureRows real, FeatureRows synthetic, int modes, int seed)
    {
        real.Require(modes, $"the coverage of {modes} {(modes == 1 ? "mode" : "modes")}");
        synthetic.Require(1, "the coverage of modes");
        using var scope = NewDisposeScope();
        var random = Stream(seed, 1);
        var clusters = Clusters.Of(real.ToTensor(), KMeans.Fit(real.AtMost(ClusteredRows, random).ToTensor(), modes, random), synthetic.ToTensor());
        return new(clusters.Coverage, clusters.WithinReach, clusters.Divergence, clusters.Modes, real.Count, synthetic.Count);
    }

    private static FrechetMetrics Frechet(string realName, IEnumerable<float[][]> real, string syntheticName, IEnumerable<float[][]> synthetic)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Moments(realName, real), Moments(syntheticName, synthetic));
        return new(FrechetDistance.Squared(a.Mean, a.Covariance, b.Mean, b.Covariance), (int)a.Mean.shape[0], a.Rows, b.Rows);
    }

    private static (Tensor Mean, Tensor Covariance, int Rows) Moments(string table, IEnumerable<float[][]> batches)
    {
        FeatureMoments? moments = null;
        foreach (var batch in batches)
        {
            using var inner = NewDisposeScope();
            var rows = FeatureRows.ToTensor(batch);
            if (moments is null) moments = new FeatureMoments(rows);
            else moments.Add(rows);
        }
        using (moments)
        {
            if (moments is not { Rows: >= FewestRows })
                throw new ArgumentException($"There {(moments is null ? "are no rows" : "is 1 row")} in {table}; a covariance needs {FewestRows} or more.");
            return (moments.Mean(), moments.Covariance(), moments.Rows);
        }
    }

    private static RbfKernel MedianKernel(Tensor real, Tensor synthetic, Random random)
    {
        using var scope = NewDisposeScope();
        var rows = cat([real, synthetic], 0);
        if (rows.shape[0] > BandwidthRows)
        {
            long[] chosen = [.. Enumerable.Range(0, (int)rows.shape[0]).Select(i => (long)i)];
            random.Shuffle(chosen);
            rows = rows.index_select(0, tensor(chosen[..BandwidthRows]));
        }
        return RbfKernel.OfMedian(rows);
    }

    private static double[] Costs(FeatureRows real, FeatureRows synthetic)
    {
        var costs = new List<double>(real.Count * synthetic.Count);
        using var scope = NewDisposeScope();
        using var blocks = new DistanceBlocks(real.ToTensor(), synthetic.ToTensor());
        blocks.ForEach((_, _, squared) => costs.AddRange(squared.le(blocks.Rounding).logical_not().mul(squared).data<double>().ToArray()));
        return [.. costs];
    }

    private static void Require(FeatureRows real, FeatureRows synthetic, int fewest, string metric)
    {
        real.Require(fewest, metric);
        synthetic.Require(fewest, metric);
    }
}
