using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the restricted Boltzmann machine (Smolensky, 1986; Hinton, 2002).</summary>
public sealed record RbmOptions : GenerativeOptions
{
    /// <summary>Hidden units, 1 to 65,536. Default: null, a rule by the number of features.</summary>
    public int? HiddenSize { get; init; }

    /// <summary>What a feature is taken for. Default: Automatic: binary units for features that are 0 or 1 in every training row, Gaussian units for all others.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Variance of Gaussian units given the hidden ones, in units of the feature's variance over the training rows, above 0. Default: null, one is learned for each.</summary>
    public double? FixedVariance { get; init; }

    /// <summary>How it learns.</summary>
    public RbmLearningOptions Learning { get; init; } = new();

    /// <summary>How rows are drawn.</summary>
    public GibbsSamplingOptions Sampling { get; init; } = new();

    /// <summary>How the log-partition is estimated, where neither side has 20 units or less.</summary>
    public AnnealingOptions Annealing { get; init; } = new();

    private protected override void ValidateModel(OptionFaults faults)
    {
        RbmLearning.RequireNoContext(faults, ContextColumnName);
        faults.Require(HiddenSize is null or (>= 1 and <= 65536), HiddenSize, "from 1 to 65536");
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
        faults.Require(FixedVariance is null or > 0, FixedVariance, "above 0");
        faults.RequireValid(Learning, options => options.Validate(faults));
        faults.RequireValid(Sampling, options => options.Validate(faults));
        faults.RequireValid(Annealing, options => options.Validate(faults));
    }

    [JsonIgnore]
    internal override string ModelName => "rbm";

    [JsonIgnore]
    internal override Type NetworkType => typeof(RbmNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => RbmLearning.DefaultTraining(input, layers: 1);

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new RbmNetwork(this, input, initializer);
}
