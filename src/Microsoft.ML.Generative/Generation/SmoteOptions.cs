using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative;

/// <summary>How rare classes are oversampled with SMOTE.</summary>
public sealed record SmoteOptions
{
    /// <summary>Column of the class: a key, Boolean, text or number. Rows without a label are passed on and count for no class. Default: <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Column of features: <c>Vector&lt;Single&gt;</c> of known size, in comparable units. Default: <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>Nearest rows of the same class to draw towards, 1 or more; a class of n rows uses n − 1 if that is less. Default: 5.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Wanted size of each class relative to the largest one, above 0 and up to 1; a class that has as many rows gets none. Default: 1.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>The ratio of single classes, from 0 (no new rows) to 10, by the text of the label (the value behind a key; <c>True</c> and
    /// <c>False</c> of a Boolean). Default: null, <see cref="Ratio"/> for all.</summary>
    public IReadOnlyDictionary<string, double>? RatioByLabel { get; init; }

    /// <summary>Seed of the draws. Default: null, drawn from the <see cref="MLContext"/>.</summary>
    public int? Seed { get; init; }

    /// <summary>Name of a Boolean column, true in synthetic rows and false in real ones. It is there in the rows that the next step is fitted on
    /// only, never in rows that are transformed later. Default: null, no such column.</summary>
    public string? IsSyntheticColumnName { get; init; }

    internal void Validate()
    {
        var faults = new OptionFaults();
        ClassRatios.Validate(faults, LabelColumnName, Ratio, RatioByLabel, IsSyntheticColumnName);
        faults.Require(!string.IsNullOrEmpty(FeatureColumnName), FeatureColumnName, "the name of a column");
        faults.Require(FeatureColumnName != LabelColumnName, FeatureColumnName, "another column than the label");
        faults.Require(Neighbours >= 1, Neighbours, "1 or more");
        faults.ThrowIfAny(nameof(SmoteOptions));
    }
}
