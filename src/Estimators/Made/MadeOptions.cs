using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the masked autoencoder for distribution estimation, MADE (Germain et al., 2015).</summary>
public sealed record MadeOptions : GenerativeOptions
{
    /// <summary>Units of the hidden layers, each from 1 to 65,536; one layer or more. Default: null, one layer by a rule for the number of features.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Residual blocks after the hidden layers, two layers each, as wide as the last of them, 0 to 100. Default: 0.</summary>
    public int ResidualBlocks { get; init; }

    /// <summary>Default: Relu.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether what is said of a variable may depend on the variables before it directly, too. Default: true.</summary>
    public bool DirectConnections { get; init; } = true;

    /// <summary>Share of the inputs that are hidden from the network in a step of training, from 0 up to 0.9: against overfitting where there are few rows.
    /// Default: null, 0.1 for every fourth order if there are fewer than 5,000 rows, else 0.</summary>
    public double? InputDropout { get; init; }

    /// <summary>How many orders of the variables the density is the mean over, 1 to 1,000. Default: null, a rule by the number of features.</summary>
    public int? Orders { get; init; }

    /// <summary>Whether the orders share their weights. Default: Separate.</summary>
    public OrderWeights OrderWeights { get; init; } = OrderWeights.Separate;

    /// <summary>The first order: numbers of the variables, from 0, in the order in which they are drawn; each once. The other orders are shuffled.
    /// Default: null, the order of the features.</summary>
    public IReadOnlyList<int>? FirstOrder { get; init; }

    /// <summary>Whether the other orders are the same as the first, so that it is where they start and what is dropped in training that tells them apart; ignored unless
    /// <see cref="OrderWeights"/> is Separate. Default: null, for more than 256 features.</summary>
    public bool? RepeatFirstOrder { get; init; }

    /// <summary>Gaussians in the mixture that a continuous feature has, 1 to 1,000; ignored where there is none. Default: 10.</summary>
    public int MixtureComponents { get; init; } = 10;

    /// <summary>What a feature is taken for. Default: Automatic: mixtures of Gaussians for features that are not binary.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    /// <summary>Rows drawn under each imputed row's orders, of which one is chosen by how well it goes with what is known, 1 to 10,000; more are closer to
    /// the distribution that the model has. Ignored where <see cref="OrderWeights"/> is OrderAgnostic, which needs no choice. Default: 32.</summary>
    public int ImputationCandidates { get; init; } = 32;

    private protected override void ValidateModel(OptionFaults faults)
    {
        if (HiddenSizes is not null)
        {
            faults.RequireSizes(HiddenSizes);
            faults.Require(HiddenSizes.Count > 0, "[]", "one layer or more", nameof(HiddenSizes));
        }
        faults.Require(ResidualBlocks is >= 0 and <= 100, ResidualBlocks, "from 0 to 100");
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(InputDropout is null or (>= 0 and <= 0.9), InputDropout, "from 0 to 0.9");
        faults.Require(Orders is null or (>= 1 and <= 1000), Orders, "from 1 to 1000");
        faults.Require(Enum.IsDefined(OrderWeights), OrderWeights, "a value of the enumeration");
        if (FirstOrder is not null)
            faults.Require(FirstOrder.Order().SequenceEqual(Enumerable.Range(0, FirstOrder.Count)), $"[{string.Join(", ", FirstOrder)}]", "every number from 0 on, once", nameof(FirstOrder));
        faults.Require(MixtureComponents is >= 1 and <= 1000, MixtureComponents, "from 1 to 1000");
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
        faults.Require(ImputationCandidates is >= 1 and <= 10000, ImputationCandidates, "from 1 to 10000");
    }

    [JsonIgnore]
    internal override string ModelName => "made";

    [JsonIgnore]
    internal override Type NetworkType => typeof(MadeNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new()
    {
        BatchSize = 100,
        Steps = Steps(input),
        LearningRate = input.Rows < MadeNetwork.FewRows || MadeNetwork.IsLarge(input) ? 2e-3 : 1e-2,
        WeightDecay = 0.1,
        ValidationFraction = 0.1,
        GradientClipNorm = 5,
    };

    // 200 passes over few rows; over many, 20, or up to 30 where there are more features, 28 of large networks
    private static int Steps(NetworkInput input) => input.Rows < MadeNetwork.FewRows
        ? (int)Math.Max(1500, 2 * input.Rows)
        : (int)Math.Min(300_000, (MadeNetwork.IsLarge(input) ? 28 : Math.Clamp(20 + (input.Features - 16) / 5, 20, 30)) * input.Rows / 100);

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) => new MadeNetwork(this, input, initializer);
}
