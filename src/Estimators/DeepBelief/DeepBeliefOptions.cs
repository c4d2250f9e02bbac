using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the deep belief network (Hinton, Osindero and Teh, 2006).</summary>
public sealed record DeepBeliefOptions : GenerativeOptions
{
    /// <summary>Hidden units of the layers from the features on, each from 1 to 65,536; two layers or more. A layer that has as many units as the one below its visible units, or more, starts
    /// as that one upside down, from where the bound can only rise. Default: null, two layers by a rule for the number of features.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>What a feature is taken for. Default: Automatic: binary units for features that are 0 or 1 in every training row, Gaussian units for all others.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Variance of Gaussian units given the hidden ones, in units of the feature's variance over the training rows, above 0. Default: null, one is learned for each.</summary>
    public double? FixedVariance { get; init; }

    /// <summary>Samples of the importance-weighted bound (Burda et al., 2016) that is given as the log-density, 1 to 10,000; 1 is the variational bound itself, estimated. Default: 32.</summary>
    public int ImportanceSamples { get; init; } = 32;

    /// <summary>How each layer learns.</summary>
    public RbmLearningOptions Learning { get; init; } = new();

    /// <summary>Learning rate of a layer that starts as the one below upside down, as a share of that of the first, above 0 and up to 1: at the full rate, what it starts with would be lost in the noise
    /// of the draws, and had to be learnt again. It does not fall with the schedule. Other layers learn at the full rate. Default: 0.1.</summary>
    public double UpperLearningRate { get; init; } = 0.1;

    /// <summary>How all layers are fine-tuned together after they have been learnt one after the other. Default: null, not at all.</summary>
    public UpDownOptions? FineTuning { get; init; }

    /// <summary>How rows are drawn: the Gibbs steps are those of the top two layers.</summary>
    public GibbsSamplingOptions Sampling { get; init; } = new();

    /// <summary>How the log-partition of the top is estimated, where neither side of it has 20 units or less.</summary>
    public AnnealingOptions Annealing { get; init; } = new();

    private protected override void ValidateModel(OptionFaults faults)
    {
        RbmLearning.RequireNoContext(faults, ContextColumnName);
        if (HiddenSizes is not null)
        {
            faults.RequireSizes(HiddenSizes);
            faults.Require(HiddenSizes.Count >= 2, $"[{string.Join(", ", HiddenSizes)}]", "two layers or more; one is a restricted Boltzmann machine, TrainRbm", nameof(HiddenSizes));
        }
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
        faults.Require(FixedVariance is null or > 0, FixedVariance, "above 0");
        faults.Require(ImportanceSamples is >= 1 and <= 10000, ImportanceSamples, "from 1 to 10000");
        faults.Require(UpperLearningRate is > 0 and <= 1, UpperLearningRate, "above 0 and up to 1");
        if (FineTuning is not null) faults.RequireValid(FineTuning, options => options.Validate(faults));
        faults.RequireValid(Learning, options => options.Validate(faults));
        faults.RequireValid(Sampling, options => options.Validate(faults));
        faults.RequireValid(Annealing, options => options.Validate(faults));
    }

    internal IReadOnlyList<int> HiddenSizesFor(int features) => HiddenSizes ?? [RbmNetwork.DefaultHiddenSize(features), Math.Clamp(features, 64, 2000)];

    [JsonIgnore]
    internal override string ModelName => "deepbelief";

    [JsonIgnore]
    internal override Type NetworkType => typeof(DeepBeliefNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => RbmLearning.DefaultTraining(input, HiddenSizesFor(input.Features).Count);

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new DeepBeliefNetwork(this, input, initializer);
}
