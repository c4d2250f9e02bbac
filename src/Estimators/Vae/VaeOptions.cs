using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the variational autoencoder (Kingma and Welling, 2014), of a column of features or, with <see cref="GenerativeOptions.InputColumnNames"/>, of a table of mixed columns.</summary>
public sealed record VaeOptions : GenerativeOptions
{
    /// <summary>The height, width and channels of the images that the features are; convolutions then stand before the encoder's layers and behind the decoder's, and all pixels of a channel are
    /// standardised alike. Default: null, they are no image.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Channels of the convolutions at their first resolution, 1 to 4,096; twice as many at the next, four times as many at all others. Ignored without <see cref="Image"/>. Default: 32.</summary>
    public int ImageChannels { get; init; } = 32;

    /// <summary>Units of the encoder's layers from the features on, each from 1 to 65,536; the decoder has the same in reverse.
    /// Default: null, two layers: 8 per feature within 128 and 256, and half as many; of a table two of 256, of images one of 256.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Size of the code, 1 to 65,536. Default: null, half the number of features, at least 2 and at most 64; of a table twice the number of columns, at most 16.</summary>
    public int? LatentSize { get; init; }

    /// <summary>Default: Silu.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the decoder says of a feature. Default: Automatic, the only one for a table, whose columns have a softmax over their tokens each.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Variance of continuous features around the decoder's mean, in units of their variance over the training rows, above 0.
    /// Default: null, one is learned for each feature; a table has none.</summary>
    public double? FixedVariance { get; init; }

    /// <summary>Weight of the Kullback-Leibler term (Higgins et al., 2017), 0 or more. Default: 1, the evidence lower bound.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Share of the training steps over which β rises from 0 to its value (Bowman et al., 2016), 0 to 1. Default: 0.25.</summary>
    public double BetaWarmUp { get; init; } = 0.25;

    /// <summary>Samples of the importance-weighted bound (Burda et al., 2016) that is given as the log-density, 1 to 10,000. Default: 16.</summary>
    public int ImportanceSamples { get; init; } = 16;

    /// <summary>Whether continuous features are half-whitened, y = C^(−1/4)·x̃ with C their correlation, before the network sees them: weak directions count for more
    /// than after standardising alone. Not done with one continuous feature, nor with more than 1,024; ignored for a table and with <see cref="Image"/>. Default: true.</summary>
    public bool HalfWhitening { get; init; } = true;

    private protected override void ValidateModel(OptionFaults faults)
    {
        Image?.Validate(faults);
        faults.Require(Image is null || InputColumnNames is null, Image, "null with InputColumnNames");
        faults.Require(ImageChannels is >= 1 and <= 4096, ImageChannels, "from 1 to 4096");
        if (HiddenSizes is not null) faults.RequireSizes(HiddenSizes);
        faults.Require(LatentSize is null or (>= 1 and <= 65536), LatentSize, "from 1 to 65536");
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
        faults.Require(InputColumnNames is null || Likelihood == Likelihood.Automatic, Likelihood, "Automatic with InputColumnNames");
        faults.Require(InputColumnNames is null || FixedVariance is null, FixedVariance, "null with InputColumnNames");
        faults.Require(FixedVariance is null or > 0, FixedVariance, "above 0");
        faults.Require(Beta >= 0, Beta, "0 or more");
        faults.Require(BetaWarmUp is >= 0 and <= 1, BetaWarmUp, "from 0 to 1");
        faults.Require(ImportanceSamples is >= 1 and <= 10000, ImportanceSamples, "from 1 to 10000");
    }

    [JsonIgnore]
    internal override string ModelName => "vae";

    [JsonIgnore]
    internal override Type NetworkType => InputColumnNames is null ? typeof(VectorVaeNetwork) : typeof(TableVaeNetwork);

    [JsonIgnore]
    internal override bool TakesTokens => true;

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => HalfWhitening && Image is null;

    [JsonIgnore]
    internal override ImageShape? ImageOfFeatures => Image;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => InputColumnNames is null
        ? new() { Steps = TrainingDefaults.StepsFor(input.Rows, fewest: 1500), LearningRate = Image is null ? 8e-3 : 3e-3, GradientClipNorm = 1 }
        : new() { BatchSize = TableBatchSize, Steps = (int)Math.Clamp(TablePasses * input.Rows / TableBatchSize, FewestSteps, MostSteps), GradientClipNorm = 1 };

    internal const int ImageHiddenSize = 256;

    private const int TableBatchSize = 256, TablePasses = 100, FewestSteps = 800, MostSteps = 20_000;

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) =>
        InputColumnNames is null ? new VectorVaeNetwork(this, input, initializer) : new TableVaeNetwork(this, input, initializer);
}
