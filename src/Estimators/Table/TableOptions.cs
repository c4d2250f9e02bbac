using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the model of tables: an order-agnostic autoregressive network over the columns as they are. The columns are <see cref="GenerativeOptions.InputColumnNames"/>, or, if that is
/// null, all that there are and can be learnt, but for the label and the context.</summary>
public sealed record TableOptions : GenerativeOptions
{
    /// <summary>Units of the layer that all columns share, 1 to 65,536. Default: 256.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Units of the layer that each column has for itself, 1 to 65,536. Default: 32.</summary>
    public int ColumnHiddenSize { get; init; } = 32;

    /// <summary>Most categories of a text or key column that have a token of their own, the most frequent ones; the others are one. 1 or more. Default: 500.</summary>
    public int MostCategories { get; init; } = 500;

    /// <summary>Rows that a value must have to be drawn as it is, and that must reach the ends of a column of numbers: no value of fewer rows is copied. 1 (no protection) or more.
    /// Default: 5.</summary>
    public int LeastRows { get; init; } = 5;

    /// <summary>Quantile bins of a column of numbers with many different values; there are fewer where there are few rows. 1 or more. Default: 100.</summary>
    public int Bins { get; init; } = 100;

    private protected override void ValidateModel(OptionFaults faults)
    {
        faults.Require(MostCategories >= 1, MostCategories, "1 or more");
        faults.Require(LeastRows >= 1, LeastRows, "1 or more");
        faults.Require(Bins >= 1, Bins, "1 or more");
        faults.Require(HiddenSize is >= 1 and <= 65536, HiddenSize, "from 1 to 65536");
        faults.Require(ColumnHiddenSize is >= 1 and <= 65536, ColumnHiddenSize, "from 1 to 65536");
    }

    [JsonIgnore]
    internal override string ModelName => "table";

    [JsonIgnore]
    internal override Type NetworkType => typeof(TableNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => false;

    [JsonIgnore]
    internal override bool TakesTokens => true;

    [JsonIgnore]
    internal override bool LearnsAllColumns => InputColumnNames is null;

    [JsonIgnore]
    internal override TableEncodingOptions TableEncoding => new() { MostCategories = MostCategories, LeastRows = LeastRows, Bins = Bins };

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input)
    {
        bool areFew = HasFewRows(input);
        int batchSize = areFew ? 128 : 256, passes = areFew ? 30 : 60;
        return new()
        {
            BatchSize = batchSize,
            Steps = (int)Math.Clamp(passes * input.Rows / batchSize, FewestSteps, MostSteps),
            WeightDecay = areFew ? 0.3 : 0.1,
            GradientClipNorm = 5 * Math.Sqrt(input.TokenColumns.Count),
        };
    }

    private const int FewestSteps = 100, MostSteps = 20_000;

    /// <summary>Few rows are learnt with smaller batches, and more carefully.</summary>
    internal static bool HasFewRows(NetworkInput input) => input.Rows < 5000;

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new TableNetwork(this, input, initializer);
}
