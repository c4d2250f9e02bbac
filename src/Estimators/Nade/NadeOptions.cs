using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the neural autoregressive distribution estimator (Larochelle and Murray, 2011; Uria et al., 2016).</summary>
public sealed record NadeOptions : GenerativeOptions
{
    /// <summary>Units of the hidden layers, each from 1 to 65,536. More than one layer only if <see cref="OrderAgnostic"/>. Default: null, one layer of 8 per feature within
    /// 128 and 500.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>Default: Sigmoid, as in the paper.</summary>
    public Activation Activation { get; init; } = Activation.Sigmoid;

    /// <summary>Whether one set of weights is trained for all orders of the variables (EoNADE), rather than for the order of the columns: such a model fills in whatever is
    /// missing. Default: false.</summary>
    public bool OrderAgnostic { get; init; }

    /// <summary>Orders whose densities are averaged, 1 to 1,000; ignored unless <see cref="OrderAgnostic"/>. Default: 8.</summary>
    public int Orders { get; init; } = 8;

    /// <summary>Gaussians in the mixture that a continuous feature has, 1 to 1,000; ignored where there is none. Default: 10.</summary>
    public int MixtureComponents { get; init; } = 10;

    /// <summary>What a feature is taken for. Default: Automatic: mixtures of Gaussians for features that are not binary.</summary>
    public Likelihood Likelihood { get; init; } = Likelihood.Automatic;

    private protected override void ValidateModel(OptionFaults faults)
    {
        if (HiddenSizes is not null)
        {
            faults.RequireSizes(HiddenSizes);
            faults.Require(HiddenSizes.Count >= 1, $"[{string.Join(", ", HiddenSizes)}]", "one size or more", nameof(HiddenSizes));
            faults.Require(OrderAgnostic || HiddenSizes.Count <= 1, $"[{string.Join(", ", HiddenSizes)}]", "one size, unless OrderAgnostic is set", nameof(HiddenSizes));
        }
        faults.Require(Enum.IsDefined(Activation), Activation, "a value of the enumeration");
        faults.Require(Orders is >= 1 and <= 1000, Orders, "from 1 to 1000");
        faults.Require(MixtureComponents is >= 1 and <= 1000, MixtureComponents, "from 1 to 1000");
        faults.Require(Enum.IsDefined(Likelihood), Likelihood, "a value of the enumeration");
    }

    internal IReadOnlyList<int> HiddenSizesFor(NetworkInput input) => HiddenSizes ?? [Math.Clamp(8 * input.Features, 128, 500)];

    [JsonIgnore]
    internal override string ModelName => "nade";

    [JsonIgnore]
    internal override Type NetworkType => OrderAgnostic ? typeof(OrderAgnosticNadeNetwork) : typeof(NadeNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => Likelihood == Likelihood.Bernoulli;

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    internal override TrainingDefaults DefaultTraining(NetworkInput input) => new()
    {
        BatchSize = 100,
        Steps = (int)Math.Clamp(2 * input.Rows, 3000, 7000),
        LearningRate = input.Rows < 5000 ? 5e-3 : 1e-2,
        WeightDecay = 0.1,
        ValidationFraction = 0.1,
        GradientClipNorm = 5,
    };

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer) =>
        OrderAgnostic ? new OrderAgnosticNadeNetwork(this, input, initializer) : new NadeNetwork(this, input, initializer);
}
