namespace Microsoft.ML.Generative;

/// <summary>How rows are drawn from a fitted model.</summary>
public sealed record SampleOptions
{
    /// <summary>The label to draw, for a model conditioned on one: the value as it stands in the label column (a key as its raw value from 1).
    /// Default: null, labels as often as they were in training.</summary>
    public object? Label { get; init; }

    /// <summary>Contexts to draw rows for, for a model with <see cref="GenerativeOptions.ContextColumnName"/>: a view with that column. Row i is drawn for context i modulo their number.
    /// Default: null, for models without a context.</summary>
    public IDataView? Context { get; init; }

    /// <summary>Scale of the noise around each row in <see cref="IGenerativeTransformer.Vary"/>, 0 to 10; default 1: the posterior itself.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Name of a Boolean column that is true in every row drawn, so that it can be told from a real one; default null: no such column.</summary>
    public string? IsSyntheticColumnName { get; init; }

    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(Temperature is >= 0 and <= 10, Temperature, "from 0 to 10");
        faults.Require(IsSyntheticColumnName != "", IsSyntheticColumnName, "the name of a column, or null");
        faults.ThrowIfAny(nameof(SampleOptions));
    }
}
