using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the normalizing flow (Papamakarios et al., 2021, is a survey).</summary>
public sealed record FlowOptions : GenerativeOptions
{
    /// <summary>How a feature is transformed. Default: Spline.</summary>
    public FlowTransform Transform { get; init; } = FlowTransform.Spline;

    /// <summary>Which features decide how. A single feature is always transformed by itself. Default: Autoregressive.</summary>
    public FlowStructure Structure { get; init; } = FlowStructure.Autoregressive;

    /// <summary>Transforms, one after the other, 0 to 100. Default: 0, which leaves all to the base: one layer,
    /// z_i = Φ⁻¹(F(x_i | x_1 … x_(i−1))) with F a mixture.</summary>
    public int Transforms { get; init; }

    /// <summary>Units of the hidden layers of every network that says how features are transformed, each from 1 to 65,536; one layer or more. Default: null, one layer of 8 per
    /// feature within 128 and 256.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Residual blocks after the hidden layers, two layers each, as wide as the last of them, 0 to 100. <see cref="TrainingOptions.Dropout"/> (default: 0.3) is of the units
    /// within them, and between hidden layers. Default: 1.</summary>
    public int ResidualBlocks { get; init; } = 1;

    /// <summary>Default: Silu.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Bins of a spline, 2 to 100. Ignored by affine transforms. Default: 8.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>A spline bends from minus this to this, in units of the features' deviation, and is the identity outside; above 0. Ignored by affine transforms. Default: 5.</summary>
    public double TailBound { get; init; } = 5;

    /// <summary>What stands before every transform. Default: Permutation.</summary>
    public FlowMixing Mixing { get; init; } = FlowMixing.Permutation;

    /// <summary>Whether every transform is preceded by a shift and a scale for each feature that start from the first batch (ActNorm, Kingma and Dhariwal, 2018). Default: true.</summary>
    public bool ActNorm { get; init; } = true;

    /// <summary>What rows are turned into. Default: AutoregressiveMixture.</summary>
    public FlowBaseDistribution Base { get; init; } = FlowBaseDistribution.AutoregressiveMixture;

    /// <summary>Gaussians of the mixtures of the base, 2 to 1,000. Ignored by other bases. Default: 8.</summary>
    public int BaseComponents { get; init; } = 8;

    /// <summary>One flow is trained for every number here, 1 to 100 of them, each with an order of the features of its own; the density is their average, with weights that
    /// are learned on the rows held out (equal ones without such rows). The number is the deviation of the Gaussian noise that is added to its rows in training, in units of the
    /// features' deviation, 0 to 10: little noise makes for sharp densities, much for smooth ones. Default: 0, 0, 0.02, 0.02, 0.05, 0.1, 0.2, 0.4.</summary>
    public IReadOnlyList<double> NoiseScales { get; init; } = [0, 0, 0.02, 0.02, 0.05, 0.1, 0.2, 0.4];

    /// <summary>Whether rows are first drawn together by asinh, which brings long tails within reach. Default: false.</summary>
    public bool Warp { get; init; }

    /// <summary>Whether continuous features are half-whitened, y = C^(−1/4)·x̃ with C their correlation, before the flow sees them. Not done with one continuous feature, nor
    /// with more than 1,024. Default: null, if the greatest eigenvalue of C is more than ten times the least.</summary>
    public bool? HalfWhitening { get; init; }

    /// <summary>Whether features that hold zeros and ones, or whole numbers only, are spread over the cells around them. Without it their density has no bound.
    /// Default: true.</summary>
    public bool Dequantize { get; init; } = true;

    /// <summary>Points of a cell whose mean density is the chance of a row with discrete features, 1 to 1,000. Ignored without such features. Default: 8.</summary>
    public int DequantizationSamples { get; init; } = 8;

    /// <summary>Steps of the Markov chain that draws what is not known of a row, 1 to 100,000. Default: 300.</summary>
    public int ImputationSteps { get; init; } = 300;

    internal const double DefaultDropout = 0.3;

    // over the rows of a table that is not large
    private const long FewestPasses = 80;

    private protected override void ValidateModel(OptionFaults faults)
    {
        faults.Require(Enum.IsDefined(Transform), Transform, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Structure), Structure, "a value of the enumeration");
        faults.Require(Transforms is >= 0 and <= 100, Transforms, "from 0 to 100");
        if (HiddenSizes is not null)
        {
            faults.RequireSizes(HiddenSizes);
            faults.Require(HiddenSizes.Count > 0, "[]", "one layer or more", nameof(HiddenSizes));
        }
        faults.Require(ResidualBlocks is >= 0 and <= 100, ResidualBlocks, "from 0 to 100");
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(Bins is >= 2 and <= 100, Bins, "from 2 to 100");
        faults.Require(TailBound > 0 && double.IsFinite(TailBound), TailBound, "above 0");
        faults.Require(Enum.IsDefined(Mixing), Mixing, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Base), Base, "a value of the enumeration");
        faults.Require(BaseComponents is >= 2 and <= 1000, BaseComponents, "from 2 to 1000");
        faults.Require(NoiseScales is { Count: >= 1 and <= 100 } && NoiseScales.All(scale => scale is >= 0 and <= 10),
            NoiseScales is null ? null : $"[{string.Join(", ", NoiseScales)}]", "1 to 100 numbers from 0 to 10", nameof(NoiseScales));
        faults.Require(DequantizationSamples is >= 1 and <= 1000, DequantizationSamples, "from 1 to 1000");
        faults.Require(ImputationSteps is >= 1 and <= 100_000, ImputationSteps, "from 1 to 100000");
    }

    [JsonIgnore]
    internal override string ModelName => "flow";

    [JsonIgnore]
    internal override Type NetworkType => typeof(FlowNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => false;

    [JsonIgnore]
    internal override bool UsesCorrelation => HalfWhitening != false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new()
    {
        Steps = TrainingDefaults.StepsFor(input.Rows, fewest: (int)Math.Clamp(FewestPasses * input.Rows / 128, 800, 2000)),
        LearningRate = 3e-3,
        GradientClipNorm = 5,
        WeightAveraging = 0.99,
        WeightDecay = 1e-4,
        ValidationFraction = 0.1,
        Patience = 12,
    };

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new FlowNetwork(this, input, initializer);
}
