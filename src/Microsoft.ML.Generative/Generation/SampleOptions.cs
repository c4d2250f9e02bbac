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

    /// <summary>Values of single columns of a table, by name: every row drawn has them, and the other columns are drawn given them. A value is in the type of the column (a number may be
    /// of another type; a key is its raw value from 1, or the text behind it; a vector is an array of <c>Single</c>). Default: null.</summary>
    public IReadOnlyDictionary<string, object>? Given { get; init; }

    /// <summary>What columns of a table, by name, are to be: in a range, one of some values, of given shares. A slot of a vector goes by its name: "Features.3", or as
    /// the slot is called. Drawn rows never violate a constraint. Default: null.</summary>
    /// <remarks>Columns with <see cref="ColumnConstraint.Shares"/> are drawn first, independently of each other; those with other constraints next, together; all others given them. So the rows are those
    /// of the model for which the constraints hold. Several constraints are met by drawing again, up to 100 times: where they hardly ever go together, rows still obey them, but
    /// are not in the proportions of the model.</remarks>
    public IReadOnlyDictionary<string, ColumnConstraint>? Constraints { get; init; }

    /// <summary>In <see cref="IGenerativeTransformer.Vary"/> the scale of the noise around each row, 0 to 10; default 1: the posterior itself. In <see cref="IGenerativeTransformer.Sample"/> of
    /// models of tables that draw column by column (<c>TrainTable</c>, <c>TrainDiffusion</c>), and of a Markov network, what the logits of the columns, or the weights of the network, are divided by:
    /// below 1 rows are more typical (at 0 each column has its most likely token, or each row is the most likely one), above 1 more varied. Other models take no notice of it there.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of classifier-free guidance in <see cref="IGenerativeTransformer.Sample"/>, for a diffusion model conditioned on a label or a context, 0 to 100: the more, the more typical of
    /// their label rows are. Default: null, that of <c>DiffusionOptions.GuidanceWeight</c>.</summary>
    public double? GuidanceWeight { get; init; }

    /// <summary>Name of a Boolean column that is true in every row drawn, so that it can be told from a real one; default null: no such column.</summary>
    public string? IsSyntheticColumnName { get; init; }

    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(Temperature is >= 0 and <= 10, Temperature, "from 0 to 10");
        faults.Require(GuidanceWeight is null or (>= 0 and <= 100), GuidanceWeight, "from 0 to 100");
        faults.Require(IsSyntheticColumnName != "", IsSyntheticColumnName, "the name of a column, or null");
        faults.ThrowIfAny(nameof(SampleOptions));
    }
}
