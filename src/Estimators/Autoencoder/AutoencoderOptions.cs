using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the autoencoder: plain, denoising (Vincent et al., 2008) or sparse.</summary>
public sealed record AutoencoderOptions : GenerativeOptions
{
    /// <summary>Units of the encoder's layers from the features on, each from 1 to 65,536; the decoder has the same in reverse. Default: 128, 64.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [128, 64];

    /// <summary>Size of the code, 1 to 65,536. Default: null, half the number of features, at least 2 and at most 64.</summary>
    public int? LatentSize { get; init; }

    /// <summary>Default: Silu.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the decoder says of a feature. Default: Automatic.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Standard deviation of the Gaussian noise that is added to the standardised features in training, and that the network learns to remove;
    /// 0 for none, up to 10. Default: 0.2.</summary>
    public double NoiseScale { get; init; } = 0.2;

    /// <summary>Weight of the mean absolute value of the code in the loss, 0 or more: above 0, few units of the code are active at a time. Default: 0.</summary>
    public double Sparsity { get; init; }

    private protected override void ValidateModel(OptionFaults faults)
    {
        faults.RequireSizes(HiddenSizes);
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

    internal override TrainingDefaults TrainingDefaults(NetworkInput input) => new();

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new AutoencoderNetwork(this, input, initializer);
}
