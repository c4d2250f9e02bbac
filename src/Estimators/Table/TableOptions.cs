using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the model of tables: an order-agnostic autoregressive network over the columns as they are.</summary>
public sealed record TableOptions : GenerativeOptions
{
    /// <summary>Units of the layer that all columns share, 1 to 65,536. Default: 256.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Units of the layer that each column has for itself, 1 to 65,536. Default: 32.</summary>
    public int ColumnHiddenSize { get; init; } = 32;

    private protected override void ValidateModel(OptionFaults faults)
    {
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
