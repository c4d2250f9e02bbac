using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative;

/// <summary>How a generative model is used to oversample rare classes.</summary>
public enum OversampleMode
{
    /// <summary>One model conditioned on the label where the model can be, else one model per class.</summary>
    Automatic,

    /// <summary>A model for each class that gets new rows, fitted on the rows of the class alone.</summary>
    PerClass,

    /// <summary>One model, fitted on the rows of all classes and conditioned on the label: a rare class borrows from the others.</summary>
    LabelConditional,
}

/// <summary>Where synthetic rows come from.</summary>
public enum OversampleSource
{
    /// <summary>Draws from the model.</summary>
    Prior,

    /// <summary>Variations of the real rows of the class: draws from the model's posterior around each of them in turn.</summary>
    Posterior,
}

/// <summary>How rare classes are oversampled with a generative model.</summary>
public sealed record OversampleOptions
{
    /// <summary>Column of the class: a key, Boolean, text or number. Rows without a label are passed on and count for no class. Default: <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Wanted size of each class relative to the largest one, above 0 and up to 1; a class that has as many rows gets none. Default: 1.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>The ratio of single classes, from 0 (no new rows) to 10, by the text of the label (the value behind a key; <c>True</c> and
    /// <c>False</c> of a Boolean). Default: null, <see cref="Ratio"/> for all.</summary>
    public IReadOnlyDictionary<string, double>? RatioByLabel { get; init; }

    /// <summary>One model for all classes or one for each. Default: automatic.</summary>
    public OversampleMode Mode { get; init; } = OversampleMode.Automatic;

    /// <summary>Draws from the model or variations of real rows. Default: variations.</summary>
    public OversampleSource Source { get; init; } = OversampleSource.Posterior;

    /// <summary>Scale of the noise of variations, from 0 (reconstructions) to 10; 1 is the model's posterior. Not used with
    /// <see cref="OversampleSource.Prior"/>. Default: 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How strongly rows are preferred that are likely to be of their class: four times as many are drawn, and kept in proportion to
    /// (p_linear(class | row) · p_model(class | row))^Selectivity, both with the shares of the classes as they are. 0 keeps all draws alike, which pushes the
    /// decision boundary into the common classes; up to 10. Default: 1.</summary>
    public double Selectivity { get; init; } = 1;

    /// <summary>Fewest rows that a class must have to be oversampled, 1 or more; fewer are an error. Default: 2.</summary>
    public int MinimumRows { get; init; } = 2;

    /// <summary>Seed of the draws. Default: null, drawn from the <see cref="MLContext"/>.</summary>
    public int? Seed { get; init; }

    /// <summary>Name of a Boolean column, true in synthetic rows and false in real ones. It is there in the rows that the next step is fitted on
    /// only, never in rows that are transformed later. Default: null, no such column.</summary>
    public string? IsSyntheticColumnName { get; init; }

    internal void Validate()
    {
        var faults = new OptionFaults();
        ClassRatios.Validate(faults, LabelColumnName, Ratio, RatioByLabel, IsSyntheticColumnName);
        faults.Require(Enum.IsDefined(Mode), Mode, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Source), Source, "a value of the enumeration");
        faults.Require(Temperature is >= 0 and <= 10, Temperature, "from 0 to 10");
        faults.Require(Selectivity is >= 0 and <= 10, Selectivity, "from 0 to 10");
        faults.Require(MinimumRows >= 1, MinimumRows, "1 or more");
        faults.ThrowIfAny(nameof(OversampleOptions));
    }
}
