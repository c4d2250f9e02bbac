namespace Microsoft.ML.Generative;

/// <summary>What synthetic rows are compared with, and how.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Real rows that the model was not trained on: the fair measure of what it could have reached. Default: null; then detection and learning are judged on the real rows,
    /// and the distance to the closest record has nothing to be compared with.</summary>
    public IDataView? HeldOut { get; init; }

    /// <summary>Column of two values for a classifier to predict (<see cref="SampleMetrics.TrainOnSynthetic"/>); rows where it is missing are left out. Default: null, none.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>Columns to compare; identifiers are better left out. Default: null, all of the real rows, except hidden ones.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Binary trainer on the columns <c>Features</c> and <c>Label</c>, for detection and for learning from synthetic rows. Default: null, boosted trees: 100 of at most 31 leaves,
    /// learning rate 0.1, leaves of 20 rows at least (of fewer under 1,000 rows).</summary>
    public IEstimator<ITransformer>? Classifier { get; init; }

    /// <summary>Column of features, <c>Vector&lt;Single&gt;</c> of known size, that distances between rows are taken in (<see cref="SampleMetrics.MaximumMeanDiscrepancy"/>, <see cref="SampleMetrics.PrecisionRecall"/> and others);
    /// slots of different units are better standardised before. Its rows are compared with those held out, or else the real ones. Default: null, none.</summary>
    public string? FeatureColumnName { get; init; }

    /// <summary>Column of the probabilities that a classifier gives the synthetic rows, <c>Vector&lt;Single&gt;</c>, for <see cref="SampleMetrics.InceptionScore"/>. Default: null, none.</summary>
    public string? ProbabilityColumnName { get; init; }

    /// <summary>Seed of the folds of detection, and of all that metrics of features draw. Default: 0.</summary>
    public int Seed { get; init; }

    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(LabelColumnName != "", LabelColumnName, "the name of a column, or null");
        faults.Require(FeatureColumnName != "", FeatureColumnName, "the name of a column, or null");
        faults.Require(ProbabilityColumnName != "", ProbabilityColumnName, "the name of a column, or null");
        faults.Require(ColumnNames is null or { Count: > 0 }, "empty", "names of columns, or null", nameof(ColumnNames));
        faults.ThrowIfAny(nameof(EvaluateOptions));
    }
}
