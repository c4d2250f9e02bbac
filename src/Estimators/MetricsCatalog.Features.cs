using Microsoft.ML.Generative;
using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML;

public sealed partial class MetricsCatalog
{
    /// <summary>How far features are from those of real rows, over random projections.</summary>
    /// <param name="real">Real rows, best ones that the model was not trained on.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    /// <param name="projections">Random directions, 1 or more.</param>
    /// <param name="seed">Seed of the directions.</param>
    public SlicedWassersteinMetrics SlicedWasserstein(IDataView real, IDataView synthetic, string featureColumnName = "Features", int projections = FeatureDefaults.Projections, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(projections, 1);
        var (a, b) = Features(real, synthetic, featureColumnName);
        return FeatureEvaluation.SlicedWasserstein(a, b, projections, seed);
    }

    /// <summary>How far features are from those of real rows, by entropic transport of whole rows. The time is that of a few hundred passes over all pairs.</summary>
    /// <param name="real">Real rows, best ones that the model was not trained on; 2 or more.</param>
    /// <param name="synthetic">Synthetic rows; 2 or more.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    /// <param name="relativeEpsilon">The regularisation ε as a share of the median squared distance between real and synthetic rows, over 0. Smaller ones are nearer to exact transport, and slower.</param>
    /// <param name="mostRows">Rows of each kind, 2 or more; of more, as many are drawn.</param>
    /// <param name="seed">Seed of the rows drawn.</param>
    public SinkhornMetrics Sinkhorn(IDataView real, IDataView synthetic, string featureColumnName = "Features", double relativeEpsilon = FeatureDefaults.RelativeEpsilon,
        int mostRows = FeatureDefaults.MostRows, int seed = 0)
    {
        RequirePositive(relativeEpsilon, nameof(relativeEpsilon));
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, FeatureEvaluation.FewestRows);
        var (a, b) = Features(real, synthetic, featureColumnName);
        return FeatureEvaluation.Sinkhorn(a, b, relativeEpsilon, mostRows, seed);
    }

    /// <summary>How far features are from those of real rows by a kernel (MMD), and whether that can be chance.</summary>
    /// <param name="real">Real rows, best ones that the model was not trained on; 2 or more.</param>
    /// <param name="synthetic">Synthetic rows; 2 or more.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    /// <param name="permutations">Random divisions for the p-value, 0 or more; 0 for none.</param>
    /// <param name="bandwidth">σ of the kernel, over 0, in the unit of the features; null for the median distance. Give one to compare several sets of rows.</param>
    /// <param name="mostPermutedRows">Rows of each kind that the p-value is of, 2 or more; of more, as many are drawn. The discrepancy itself is always of all rows.</param>
    /// <param name="seed">Seed of the divisions and of the rows drawn.</param>
    public MaximumMeanDiscrepancyMetrics MaximumMeanDiscrepancy(IDataView real, IDataView synthetic, string featureColumnName = "Features", int permutations = FeatureDefaults.Permutations,
        double? bandwidth = null, int mostPermutedRows = FeatureDefaults.MostRows, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permutations);
        if (bandwidth is { } given) RequirePositive(given, nameof(bandwidth));
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPermutedRows, FeatureEvaluation.FewestRows);
        var (a, b) = Features(real, synthetic, featureColumnName);
        return FeatureEvaluation.Discrepancy(a, b, bandwidth, permutations, mostPermutedRows, seed);
    }

    /// <summary>How far means and covariances of features are from those of real rows: FID where the features are those of Inception-v3. Rows are read once and not kept.</summary>
    /// <param name="real">Real rows; 2 or more, best many more than there are features.</param>
    /// <param name="synthetic">Synthetic rows, best as many.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    public FrechetMetrics Frechet(IDataView real, IDataView synthetic, string featureColumnName = "Features")
    {
        var (a, b) = Readers(real, synthetic, featureColumnName);
        return FeatureEvaluation.Frechet(a, b);
    }

    /// <summary>Quality and variety apart, by neighbours: precision, recall, density, coverage.</summary>
    /// <param name="real">Real rows, more than there are neighbours.</param>
    /// <param name="synthetic">Synthetic rows, best as many.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    /// <param name="neighbours">The k-th neighbour that a ball around a row reaches to, 1 or more. Compare figures of equal k and equal numbers of rows.</param>
    public PrecisionRecallMetrics PrecisionRecall(IDataView real, IDataView synthetic, string featureColumnName = "Features", int neighbours = FeatureDefaults.Neighbours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        var (a, b) = Features(real, synthetic, featureColumnName);
        return FeatureEvaluation.PrecisionRecall(a, b, neighbours);
    }

    /// <summary>Which clusters of the real rows synthetic rows reach: whether a generator has collapsed.</summary>
    /// <param name="real">Real rows, as many as modes at least.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of one known size in both.</param>
    /// <param name="modes">Clusters to look for, 1 or more; there are fewer if there are fewer different real rows.</param>
    /// <param name="seed">Seed of the clusters.</param>
    public ModeCoverageMetrics ModeCoverage(IDataView real, IDataView synthetic, string featureColumnName = "Features", int modes = FeatureDefaults.Modes, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 1);
        var (a, b) = Features(real, synthetic, featureColumnName);
        return FeatureEvaluation.ModeCoverage(a, b, modes, seed);
    }

    /// <summary>How sure a classifier is of synthetic rows, and how varied they are to it. Rows are read once and not kept.</summary>
    /// <param name="synthetic">Synthetic rows that a classifier has scored, as many as splits at least. Real ones show what can be reached.</param>
    /// <param name="probabilityColumnName">Column of the probabilities of its classes, <c>Vector&lt;Single&gt;</c> that sums to 1.</param>
    /// <param name="splits">Parts of the rows, 1 or more, each of which has a score.</param>
    public InceptionScoreMetrics InceptionScore(IDataView synthetic, string probabilityColumnName = "Score", int splits = FeatureDefaults.Splits)
    {
        ArgumentNullException.ThrowIfNull(synthetic);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        return ClassProbabilities.Score(new("the synthetic rows", synthetic, probabilityColumnName), splits);
    }

    private static (FeatureRows Real, FeatureRows Synthetic) Features(IDataView real, IDataView synthetic, string featureColumnName) =>
        FeatureEvaluation.Read(Readers(real, synthetic, featureColumnName));

    private static (FeatureReader Real, FeatureReader Synthetic) Readers(IDataView real, IDataView synthetic, string featureColumnName)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(synthetic);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        return FeatureReader.Pair(("the real rows", real), ("the synthetic rows", synthetic), featureColumnName);
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(name, value, "It must be a number over 0.");
    }
}
