using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the autoencoder: plain, denoising (Vincent et al., 2008) or sparse.</summary>
public sealed record AutoencoderOptions : GenerativeOptions
{
    /// <summary>Units of the encoder's layers from the features on, each from 1 to 65,536; the decoder has the same in reverse.
    /// Default: null, two layers: 8 per feature within 128 and 256, and half as many.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Size of the code, 1 to 65,536. Default: null, 64: with noise in training the code need not be smaller than the row to be of use.</summary>
    public int? LatentSize { get; init; }

    /// <summary>Default: Silu.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the decoder says of a feature. Default: Automatic.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Highest standard deviation of the Gaussian noise that is added to the transformed features in training, and that the network learns to remove: each
    /// row draws its own, log-uniformly from a sixteenth of this. 0 for none, a plain autoencoder; up to 10. Default: 0.8.</summary>
    public double NoiseScale { get; init; } = 0.8;

    /// <summary>Weight of the mean absolute value of the code in the loss, 0 or more: above 0, few units of the code are active at a time. Default: 0.</summary>
    public double Sparsity { get; init; }

    /// <summary>Whether continuous features are half-whitened, y = C^(−1/4)·x̃ with C their correlation, before the network sees them: weak directions count for more
    /// than after standardising alone. Not done with one continuous feature, nor with more than 1,024. Default: true.</summary>
    public bool HalfWhitening { get; init; } = true;

    private protected override void ValidateModel(OptionFaults faults)
    {
        faults.Require(ContextColumnName is null, ContextColumnName, "null: its sampler knows labels only");
        if (HiddenSizes is not null) faults.RequireSizes(HiddenSizes);
        faults.Require(LatentSize is null or (>= 1 and <= 65536), LatentSize, "from 1 to 65536");
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
        faults.Require(NoiseScale is >= 0 and <= 10, NoiseScale, "from 0 to 10");
        faults.Require(Sparsity >= 0 && double.IsFinite(Sparsity), Sparsity, "0 or more");
    }

    [JsonIgnore]
    internal override string ModelName => "autoencoder";

    [JsonIgnore]
    internal override Type NetworkType => typeof(AutoencoderNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => HalfWhitening;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new() { Steps = TrainingDefaults.StepsFor(input.Rows, fewest: 2500), GradientClipNorm = 1 };

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new AutoencoderNetwork(this, input, initializer);
}
