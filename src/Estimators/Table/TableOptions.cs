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

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new()
    {
        BatchSize = 256,
        Steps = (int)Math.Clamp(Passes * input.Rows / 256, FewestSteps, MostSteps),
        LearningRate = 3e-3,
        GradientClipNorm = 5 * Math.Sqrt(input.TokenColumns.Count),
    };

    private const int Passes = 30, FewestSteps = 600, MostSteps = 20_000;

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new TableNetwork(this, input, initializer);
}
