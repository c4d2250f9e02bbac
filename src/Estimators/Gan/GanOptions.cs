using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>What keeps the gradient of a GAN's discriminator in bounds.</summary>
public enum GanPenalty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Half the mean squared length of the gradient at real rows (R1, Mescheder et al., 2018).</summary>
    RealGradient,

    /// <summary>The same at real and at drawn rows (Huang et al., 2024).</summary>
    RealAndDrawnGradients,

    /// <summary>The squared difference of the gradient's length from 1, between real and drawn rows (Gulrajani et al., 2017).</summary>
    UnitGradient,
}

/// <summary>What a GAN scores rows by.</summary>
public enum GanScore
{
    /// <summary>How far a row is from what the generator makes of the code that the encoder finds for it: the mean square over the prepared features, plus that over the discriminator's
    /// last hidden layer (f-AnoGAN, Schlegl et al., 2019), both in units of their variance over the training rows.</summary>
    Reconstruction,

    /// <summary>How much like a drawn row it looks to the discriminator: minus its logit.</summary>
    Discriminator,
}

/// <summary>Options of the generative adversarial network (Goodfellow et al., 2014), of a column of features or, with <see cref="GenerativeOptions.InputColumnNames"/>, of a table of mixed columns.</summary>
public sealed record GanOptions : GenerativeOptions
{
    /// <summary>The height, width and channels of the images that the features are; convolutions then stand behind the generator's layers and before those of the discriminator and the encoder, and all
    /// pixels of a channel are standardised alike. Default: null, they are no image.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Channels of the convolutions at their first resolution, 1 to 4,096; twice as many at the next, four times as many at all others. Ignored without <see cref="Image"/>. Default: 32.</summary>
    public int ImageChannels { get; init; } = 32;

    /// <summary>Units of the generator's layers from the code on, each from 1 to 65,536; the encoder has the same. Default: null, three layers of 128, of images one of 256,
    /// of a table two of 256.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Units of the discriminator's layers from the features on, each from 1 to 65,536. Default: null, those of <see cref="HiddenSizes"/>.</summary>
    public IReadOnlyList<int>? DiscriminatorHiddenSizes { get; init; }

    /// <summary>Size of the code that rows are drawn from, 1 to 65,536. Default: null, as many as there are features (of a table, numbers that its
    /// columns become), at least 2 and at most 64.</summary>
    public int? LatentSize { get; init; }

    /// <summary>Default: Relu.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Default: NonSaturating.</summary>
    public GanLoss Loss { get; init; } = GanLoss.NonSaturating;

    /// <summary>What keeps the discriminator's gradient in bounds. Default: null, what goes with the loss: RealGradient, for the relativistic loss RealAndDrawnGradients, for the
    /// Wasserstein loss UnitGradient, for the hinge loss None.</summary>
    public GanPenalty? GradientPenalty { get; init; }

    /// <summary>Weight of the penalty, 0 or more. That on the squared length is in units of the noise that <see cref="InstanceNoise"/> says, so that it falls with it; that of UnitGradient is
    /// as it is. Default: null, 0.2, of images 0.3, for UnitGradient 1.</summary>
    public double? GradientPenaltyWeight { get; init; }

    /// <summary>Whether the discriminator's matrices are divided by their largest singular value (Miyato et al., 2018); convolutions are left as they are. Default: null, for the hinge loss only.</summary>
    public bool? SpectralNormalization { get; init; }

    /// <summary>Rows that the discriminator sees together, 1 to 16 (PacGAN, Lin et al., 2018): more than one makes dropped modes show. Default: 1.</summary>
    public int Packing { get; init; } = 1;

    /// <summary>Frequencies, each twice the one before, at which the discriminator also sees the sine and cosine of every feature (Tancik et al., 2020), 0 for none, at most 16: without them it
    /// takes long to see what is narrow. Default: null, 4 for up to 16 features, else none.</summary>
    public int? Waves { get; init; }

    /// <summary>Greatest deviation of the normal noise on what the discriminator sees, in deviations of a feature, 0 or more. Packs of rows have noise of all deviations down to a least one, evenly
    /// in their logarithm, and the discriminator is told which (Wang et al., 2023); the least one falls to 0.02 in the first half of the training (Sønderby et al., 2017). All modes are found while
    /// they overlap, and kept while they become sharp. Default: 0.5.</summary>
    public double InstanceNoise { get; init; } = 0.5;

    /// <summary>The discriminator's learning rate as a multiple of the generator's (Heusel et al., 2017), above 0 and up to 100. Default: 1.</summary>
    public double DiscriminatorRateScale { get; init; } = 1;

    /// <summary>Steps of the discriminator for each of the generator, 1 to 100. Default: null, what the loss needs: 3 for the hinge and the Wasserstein loss, else 1.</summary>
    public int? DiscriminatorSteps { get; init; }

    /// <summary>Drawn rows of which each sample is chosen by chance, with the odds exp(D) that the discriminator gives them (Grover et al., 2019), 1 to 64: what lies between modes is left out. Drawing
    /// takes so many times as long. Default: null, 4 where the discriminator says odds, which it does with the non-saturating and the relativistic loss and <see cref="Packing"/> of 1; else, and of
    /// images, 1.</summary>
    public int? Candidates { get; init; }

    /// <summary>Whether continuous features are half-whitened before the network sees them, as those of a VAE are (<see cref="VaeOptions.HalfWhitening"/>); ignored for a table and with <see cref="Image"/>. Default: true.</summary>
    public bool HalfWhitening { get; init; } = true;

    /// <summary>What <c>Score</c> is. Default: Reconstruction.</summary>
    public GanScore Score { get; init; } = GanScore.Reconstruction;

    private protected override void ValidateModel(OptionFaults faults)
    {
        Image?.Validate(faults);
        faults.Require(Image is null || InputColumnNames is null, Image, "null with InputColumnNames");
        faults.Require(ImageChannels is >= 1 and <= 4096, ImageChannels, "from 1 to 4096");
        if (HiddenSizes is not null) faults.RequireSizes(HiddenSizes);
        if (DiscriminatorHiddenSizes is not null) faults.RequireSizes(DiscriminatorHiddenSizes);
        faults.Require(LatentSize is null or (>= 1 and <= 65536), LatentSize, "from 1 to 65536");
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Loss), Loss, "a value of the enumeration");
        faults.Require(GradientPenalty is null || Enum.IsDefined(GradientPenalty.Value), GradientPenalty, "a value of the enumeration");
        faults.Require(GradientPenaltyWeight is null or >= 0, GradientPenaltyWeight, "0 or more");
        faults.Require(Packing is >= 1 and <= 16, Packing, "from 1 to 16");
        faults.Require(Waves is null or (>= 0 and <= 16), Waves, "from 0 to 16");
        faults.Require(InstanceNoise >= 0, InstanceNoise, "0 or more");
        faults.Require(DiscriminatorRateScale is > 0 and <= 100, DiscriminatorRateScale, "above 0 and up to 100");
        faults.Require(DiscriminatorSteps is null or (>= 1 and <= 100), DiscriminatorSteps, "from 1 to 100");
        faults.Require(Candidates is null or (>= 1 and <= 64), Candidates, "from 1 to 64");
        faults.Require(Enum.IsDefined(Score), Score, "a value of the enumeration");
        faults.Require(Training?.Dropout is null or 0, Training?.Dropout, "0 or null: a GAN drops no units", nameof(TrainingOptions.Dropout));
    }

    [JsonIgnore]
    internal GanPenalty Penalty => GradientPenalty ?? Loss switch
    {
        GanLoss.Hinge => GanPenalty.None,
        GanLoss.Wasserstein => GanPenalty.UnitGradient,
        GanLoss.Relativistic => GanPenalty.RealAndDrawnGradients,
        _ => GanPenalty.RealGradient,
    };

    [JsonIgnore]
    internal double PenaltyWeight => Penalty == GanPenalty.None ? 0 : GradientPenaltyWeight ?? (Penalty == GanPenalty.UnitGradient ? 1 : Image is null ? 0.2 : 0.3);

    [JsonIgnore]
    internal int DiscriminatorStepsForLoss => DiscriminatorSteps ?? (Loss is GanLoss.Hinge or GanLoss.Wasserstein ? CriticSteps : 1);

    [JsonIgnore]
    internal int CandidatesForLoss => Candidates ?? (Packing == 1 && Image is null && Loss is GanLoss.NonSaturating or GanLoss.Relativistic ? DefaultCandidates : 1);

    [JsonIgnore]
    internal bool UsesSpectralNormalization => SpectralNormalization ?? Loss == GanLoss.Hinge;

    [JsonIgnore]
    internal override string ModelName => "gan";

    [JsonIgnore]
    internal override Type NetworkType => InputColumnNames is null ? typeof(VectorGanNetwork) : typeof(TableGanNetwork);

    [JsonIgnore]
    internal override bool TakesTokens => true;

    [JsonIgnore]
    internal override bool TakesProportions => false;

    [JsonIgnore]
    internal override bool UsesCorrelation => HalfWhitening && Image is null;

    [JsonIgnore]
    internal override ImageShape? ImageOfFeatures => Image;

    internal static int DefaultLatentSize(int width) => Math.Clamp(width, 2, 64);

    internal static int DefaultWaves(int width) => width <= MostWavyFeatures ? UsualWaves : 0;

    private const int MostWavyFeatures = 16, UsualWaves = 4, BatchSize = 256, ImageBatchSize = 64, FewestHeldOut = 50, CriticSteps = 3, DefaultCandidates = 4;

    private const double HeldOut = 0.1;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new()
    {
        BatchSize = Image is null ? BatchSize : ImageBatchSize,
        Steps = 12_000,
        LearningRate = Image is null ? 3e-3 : 1e-3,
        Schedule = LearningRateSchedule.Cosine,
        WeightDecay = 0,
        AveragedShare = 0.02,
        ValidationFraction = HeldOut * input.Rows >= FewestHeldOut ? HeldOut : 0,
    };

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) =>
        InputColumnNames is null ? new VectorGanNetwork(this, input, initializer) : new TableGanNetwork(this, input, initializer);
}
