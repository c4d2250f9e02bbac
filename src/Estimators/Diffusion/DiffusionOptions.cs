using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the denoising diffusion model: of a column of features (Ho et al., 2020) or, with <see cref="GenerativeOptions.InputColumnNames"/>, of a table of mixed columns, whose tokens are diffused (Austin et al., 2021).</summary>
public sealed record DiffusionOptions : GenerativeOptions
{
    /// <summary>The height, width and channels of the images that the features are; the denoiser then is a convolutional U-Net, and all pixels of a channel are standardised alike.
    /// Default: null, they are no image.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Channels of the U-Net at its first resolution, 1 to 4,096; twice as many at the next, four times as many at all others. Ignored without <see cref="Image"/>. Default: 32.</summary>
    public int ImageChannels { get; init; } = 32;

    /// <summary>Units of every layer of the denoiser, 1 to 65,536. Ignored with <see cref="Image"/>. Default: 256.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Residual blocks of the denoiser, two layers each, 0 to 100; of a U-Net at every resolution, on the way down and on the way up, 1 to 100. <see cref="TrainingOptions.Dropout"/> (default: none) is of the units within them. Default: 2.</summary>
    public int ResidualBlocks { get; init; } = 2;

    /// <summary>Sines and cosines of every feature that the denoiser reads beside it, of as many frequencies, each twice the one before, 0 to 16: without them a network takes long to learn what
    /// is sharp (Tancik et al., 2020). Ignored with <see cref="Image"/>. Default: null, 4 with up to 4 features, none with more.</summary>
    public int? InputWaves { get; init; }

    /// <summary>What the denoiser predicts; of a table always tokens. Default: Velocity.</summary>
    public DiffusionPrediction Prediction { get; init; } = DiffusionPrediction.Velocity;

    /// <summary>Steps in which a row is drawn, 1 to 10,000; with hidden tokens of a table no more than there are columns. Default: 50.</summary>
    public int SamplingSteps { get; init; } = 50;

    /// <summary>Whether a step of drawing goes on with the change of the denoised row in the step before (DPM-Solver++ 2M, Lu et al., 2022), which makes rows as sharp in half the steps; else it is a step of
    /// DDIM. Ignored with <see cref="Stochasticity"/>, and for a table. Default: true.</summary>
    public bool SecondOrder { get; init; } = true;

    /// <summary>Noise that is added anew in every step of drawing, as a share η of what the diffusion took, 0 to 1: 0 makes a row a function of the noise that it starts from
    /// (DDIM, Song et al., 2021), 1 is DDPM. Ignored for a table. Default: 0.</summary>
    public double Stochasticity { get; init; }

    /// <summary>Share of the rows that are learned without their label and context, so that the model knows both, 0 to 1. Ignored without a label and a context. Default: 0.1.</summary>
    public double ConditionDropout { get; init; } = 0.1;

    /// <summary>Weight w of classifier-free guidance (Ho and Salimans, 2022): rows are drawn with (1 + w)·v(y, label) − w·v(y), which makes them more typical of their label
    /// and less varied (of a table it is the logits of tokens that are put together), 0 to 100. 0 draws from the model itself. Ignored without a label and a context, and needs <see cref="ConditionDropout"/> above 0. Default: 0.</summary>
    public double GuidanceWeight { get; init; }

    /// <summary>Time up to which noise is put on a row to vary it, from above 0 to 1, at a temperature of 1; in proportion to the temperature at others. Default: 0.5.</summary>
    public double VariationTime { get; init; } = 0.5;

    /// <summary>How often every step is done when missing values are filled in, 1 to 1,000: more makes what is filled in go better with what is known. Of no account with hidden tokens of a table. Default: 5.</summary>
    public int ImputationRepeats { get; init; } = 5;

    /// <summary>Steps of the flow from a row to noise, by which its log-density is found, 1 to 10,000; of a table the steps of the diffusion, or the numbers of hidden columns, that the bound looks at. Default: 16.</summary>
    public int DensitySteps { get; init; } = 16;

    /// <summary>Random directions in every step from which the divergence of the flow is estimated (Hutchinson, 1990), 1 to 10,000; with as many as there are features or more it is computed
    /// exactly, feature by feature. Of a table the draws of noise at every step of the bound, or the orders of the columns. Default: 2.</summary>
    public int DensityProbes { get; init; } = 2;

    /// <summary>Whether continuous features are half-whitened, y = C^(−1/4)·x̃ with C their correlation, before the network sees them. Not done with one continuous feature, nor with more
    /// than 1,024, nor with <see cref="Image"/>. Default: true.</summary>
    public bool HalfWhitening { get; init; } = true;

    /// <summary>What takes the place of the values of a table. Ignored for a column of features. Default: Absorbing.</summary>
    public DiffusionTokenNoise TokenNoise { get; init; } = DiffusionTokenNoise.Absorbing;

    private protected override void ValidateModel(OptionFaults faults)
    {
        Image?.Validate(faults);
        faults.Require(Image is null || InputColumnNames is null, nameof(ImageShape), "null with InputColumnNames", nameof(Image));
        faults.Require(ImageChannels is >= 1 and <= 4096, ImageChannels, "from 1 to 4096");
        faults.Require(Image is null || ResidualBlocks >= 1, ResidualBlocks, "1 or more with Image");
        faults.Require(HiddenSize is >= 1 and <= 65536, HiddenSize, "from 1 to 65536");
        faults.Require(ResidualBlocks is >= 0 and <= 100, ResidualBlocks, "from 0 to 100");
        faults.Require(InputWaves is null or (>= 0 and <= 16), InputWaves, "from 0 to 16");
        faults.Require(Enum.IsDefined(Prediction), Prediction, "a value of the enumeration");
        faults.Require(SamplingSteps is >= 1 and <= 10000, SamplingSteps, "from 1 to 10000");
        faults.Require(Stochasticity is >= 0 and <= 1, Stochasticity, "from 0 to 1");
        faults.Require(ConditionDropout is >= 0 and <= 1, ConditionDropout, "from 0 to 1");
        faults.Require(GuidanceWeight is >= 0 and <= 100, GuidanceWeight, "from 0 to 100");
        faults.Require(GuidanceWeight == 0 || ConditionDropout > 0, GuidanceWeight, "0 where ConditionDropout is 0");
        faults.Require(VariationTime is > 0 and <= 1, VariationTime, "above 0 and up to 1");
        faults.Require(ImputationRepeats is >= 1 and <= 1000, ImputationRepeats, "from 1 to 1000");
        faults.Require(DensitySteps is >= 1 and <= 10000, DensitySteps, "from 1 to 10000");
        faults.Require(DensityProbes is >= 1 and <= 10000, DensityProbes, "from 1 to 10000");
        faults.Require(Enum.IsDefined(TokenNoise), TokenNoise, "a value of the enumeration");
    }

    [JsonIgnore]
    internal override string ModelName => "diffusion";

    [JsonIgnore]
    internal override Type NetworkType => InputColumnNames is null ? typeof(DiffusionNetwork) : TokenNoise == DiffusionTokenNoise.Absorbing ? typeof(MaskingDiffusionNetwork) : typeof(MultinomialDiffusionNetwork);

    [JsonIgnore]
    internal override bool TakesTokens => true;

    [JsonIgnore]
    internal override bool TakesProportions => false;

    [JsonIgnore]
    internal override bool UsesCorrelation => HalfWhitening && Image is null;

    [JsonIgnore]
    internal override ImageShape? ImageOfFeatures => Image;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) =>
        InputColumnNames is not null ? new()
        {
            BatchSize = TableBatchSize,
            Steps = (int)Math.Clamp(TablePasses * input.Rows / TableBatchSize, FewestTableSteps, MostTableSteps),
            GradientClipNorm = Math.Sqrt(input.TokenColumns.Count),
            WeightAveraging = 0.99,
        }
        : Image is null ? new() { Steps = TrainingDefaults.StepsFor(input.Rows, fewest: AreFew(input.Features) ? 4000 : 2000), LearningRate = 3e-3, GradientClipNorm = 1, WeightAveraging = 0.99 }
        : new() { BatchSize = ImageBatchSize, Steps = 3 * TrainingDefaults.StepsFor(input.Rows, fewest: 1000), LearningRate = 5e-3, GradientClipNorm = 1, AveragedShare = ImageAveragedShare };

    private const int ImageBatchSize = 64;

    /// <summary>Whether features are so few that rows can have edges which the network has to learn, rather than so many that they are spread between them.</summary>
    internal static bool AreFew(int features) => features <= 3;

    // of the steps: what is averaged over the last of them is sharper than any single one
    private const double ImageAveragedShare = 0.03;

    private const int TableBatchSize = 256, TablePasses = 100, FewestTableSteps = 800, MostTableSteps = 20_000;

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) =>
        InputColumnNames is null ? new DiffusionNetwork(this, input, initializer)
        : TokenNoise == DiffusionTokenNoise.Absorbing ? new MaskingDiffusionNetwork(this, input, initializer)
        : new MultinomialDiffusionNetwork(this, input, initializer);
}
