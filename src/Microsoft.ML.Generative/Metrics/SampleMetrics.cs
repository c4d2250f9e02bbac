namespace Microsoft.ML.Generative;

/// <summary>How good synthetic rows are: like real ones, useful, and no copies.</summary>
public sealed record SampleMetrics
{
    internal SampleMetrics()
    {
    }

    /// <summary>How alike single columns are to those of the real rows.</summary>
    public required ColumnShapeMetrics ColumnShapes { get; init; }

    /// <summary>How far the numbers of single columns are from those of the real rows; null if there are no numbers.</summary>
    public required WassersteinMetrics? Wasserstein { get; init; }

    /// <summary>How alike pairs of columns are to those of the real rows; null if there is one column only.</summary>
    public required PairMetrics? Pairs { get; init; }

    /// <summary>How well a classifier tells the rows from real ones; null if there are fewer than 50 of either, too few to say.</summary>
    public required DetectionMetrics? Detection { get; init; }

    /// <summary>How near the rows are to the real row closest to them.</summary>
    public required ClosestRecordMetrics ClosestRecord { get; init; }

    /// <summary>How many rows are a real row again.</summary>
    public required CopyMetrics Copies { get; init; }

    /// <summary>What the rows are worth for learning to predict a label; null if none is named.</summary>
    public required TrainOnSyntheticMetrics? TrainOnSynthetic { get; init; }

    /// <summary>How far the features are from those of the real rows, over projections; null if <see cref="EvaluateOptions.FeatureColumnName"/> names none.</summary>
    public SlicedWassersteinMetrics? SlicedWasserstein { get; init; }

    /// <summary>The same by entropic transport; null if no features are named, or there is but one row of a kind.</summary>
    public SinkhornMetrics? Sinkhorn { get; init; }

    /// <summary>The same by a kernel, and whether it can be chance; null if no features are named, or there is but one row of a kind.</summary>
    public MaximumMeanDiscrepancyMetrics? MaximumMeanDiscrepancy { get; init; }

    /// <summary>The same by means and covariances; null if no features are named, or there is but one row of a kind.</summary>
    public FrechetMetrics? Frechet { get; init; }

    /// <summary>Quality and variety apart, by neighbours in the features; null if none are named, or there are fewer than 6 rows of a kind.</summary>
    public PrecisionRecallMetrics? PrecisionRecall { get; init; }

    /// <summary>Which of 25 clusters of the features are reached; null if none are named, or there are fewer than 25 real rows.</summary>
    public ModeCoverageMetrics? ModeCoverage { get; init; }

    /// <summary>How sure a classifier is of the rows, and how varied they are to it; null if <see cref="EvaluateOptions.ProbabilityColumnName"/> names none.</summary>
    public InceptionScoreMetrics? InceptionScore { get; init; }
}

/// <summary>How alike a column is distributed in two tables.</summary>
/// <param name="ColumnName">The column; a slot of a vector is <c>Name[0]</c>.</param>
/// <param name="Value">From 0 to 1, which is the same.</param>
public sealed record ColumnSimilarity(string ColumnName, double Value);

/// <summary>How alike two columns are distributed together in two tables.</summary>
/// <param name="FirstColumnName">One column.</param>
/// <param name="SecondColumnName">The other.</param>
/// <param name="Value">From 0 to 1, which is the same.</param>
public sealed record PairSimilarity(string FirstColumnName, string SecondColumnName, double Value);

/// <summary>How alike columns are distributed, each by itself: 1 − the Kolmogorov–Smirnov statistic for numbers and dates, 1 − the total variation distance for categories
/// (<c>KSComplement</c> and <c>TVComplement</c> of SDMetrics).</summary>
/// <remarks>Rows of the same distribution do not reach 1: for numbers, n against n rows have about 1 − 0.87·√(2/n).</remarks>
/// <param name="Mean">Mean over the columns.</param>
/// <param name="Columns">Each column, in the order of the real rows.</param>
/// <param name="RealRows">Real rows compared.</param>
/// <param name="SyntheticRows">Synthetic rows compared.</param>
public sealed record ColumnShapeMetrics(double Mean, IReadOnlyList<ColumnSimilarity> Columns, int RealRows, int SyntheticRows);

/// <summary>How alike pairs of columns are distributed: 1 − the total variation distance between the two contingency tables (<c>ContingencySimilarity</c> of SDMetrics), numbers in
/// ten bins at the quantiles of the real rows.</summary>
/// <param name="Mean">Mean over the pairs.</param>
/// <param name="Pairs">Each pair of columns.</param>
/// <param name="RealRows">Real rows compared.</param>
/// <param name="SyntheticRows">Synthetic rows compared.</param>
public sealed record PairMetrics(double Mean, IReadOnlyList<PairSimilarity> Pairs, int RealRows, int SyntheticRows);

/// <summary>How well a classifier tells synthetic rows from real ones (classifier two-sample test, Lopez-Paz and Oquab, 2017).</summary>
/// <param name="Auroc">Area under the ROC curve, mean of five folds: 0.5 if it can't tell them, 1 if it always does.</param>
/// <param name="RealRows">Real rows used: the first ones, as many as there are of both.</param>
/// <param name="SyntheticRows">Synthetic rows used, as many.</param>
public sealed record DetectionMetrics(double Auroc, int RealRows, int SyntheticRows);

/// <summary>Distance to the closest real row (DCR; Zhao et al., 2021): √Σ d², over the columns, d the difference in standard deviations of the real rows for numbers, 1 for categories that
/// differ and for a number and a missing one.</summary>
/// <param name="Median">Median distance of the synthetic rows.</param>
/// <param name="HeldOutMedian">Median distance of the rows held out; null if there are none.</param>
/// <param name="Ratio">The first by the second; well under 1 means copying, 1 is what other real rows have (also where both medians are 0). null without rows held out.</param>
/// <param name="RealRows">Real rows that distances are taken to.</param>
/// <param name="SyntheticRows">Synthetic rows.</param>
/// <param name="HeldOutRows">Rows held out, or 0.</param>
public sealed record ClosestRecordMetrics(double Median, double? HeldOutMedian, double? Ratio, int RealRows, int SyntheticRows, int HeldOutRows);

/// <summary>Synthetic rows that are a real row again, in every column compared. Real rows repeat each other too where columns are few or coarse.</summary>
/// <param name="Count">How many rows they are.</param>
/// <param name="Share">Their share of the synthetic rows.</param>
/// <param name="HeldOutShare">The share of such rows among those held out; null if there are none.</param>
/// <param name="RealRows">Real rows looked through.</param>
/// <param name="SyntheticRows">Synthetic rows looked up.</param>
/// <param name="HeldOutRows">Rows held out, or 0.</param>
public sealed record CopyMetrics(int Count, double Share, double? HeldOutShare, int RealRows, int SyntheticRows, int HeldOutRows);

/// <summary>What synthetic rows are worth for learning: a classifier trained on them and tested on real rows (TSTR; Esteban, Hyland and Rätsch, 2017).</summary>
/// <param name="Auroc">Area under the ROC curve on the test rows; 0.5 if the synthetic rows are all of one class.</param>
/// <param name="RealAuroc">That of the same classifier trained on the real rows; null without rows held out.</param>
/// <param name="SyntheticRows">Synthetic rows to learn from.</param>
/// <param name="TestRows">Rows tested on: those held out, or else the real rows.</param>
public sealed record TrainOnSyntheticMetrics(double Auroc, double? RealAuroc, int SyntheticRows, int TestRows);
