namespace Microsoft.ML.Generative;

/// <summary>How a restricted Boltzmann machine learns: on its own, or as a layer of a deep belief network.</summary>
public sealed record RbmLearningOptions
{
    /// <summary>Where the draws from the model come from. Default: Persistent.</summary>
    public RbmGradient Gradient { get; init; } = RbmGradient.Persistent;

    /// <summary>Gibbs steps of the draws in every step of training, the k of CD-k, 1 to 10,000. Default: 1.</summary>
    public int GibbsSteps { get; init; } = 1;

    /// <summary>Chains that go on from step to step, 1 to 100,000; with a label, rounded up to as many for each label. Draws of new rows start from them, whatever the gradient. Default: 100.</summary>
    public int Chains { get; init; } = 100;

    /// <summary>Temperatures of parallel tempering, evenly spaced in β from 1 to 0, 2 to 1,000; ignored otherwise. Default: 10.</summary>
    public int Temperatures { get; init; } = 10;

    /// <summary>Whether the gradient takes the units' means off (Montavon and Müller, 2012), which learns the same model along a better path. Default: true.</summary>
    public bool Centered { get; init; } = true;

    /// <summary>Share of the rows that each hidden unit should be active in, above 0 and below 1, as far as <see cref="SparsityCost"/> says. Default: null, any.</summary>
    public double? SparsityTarget { get; init; }

    /// <summary>How much the biases of the hidden units are drawn towards <see cref="SparsityTarget"/> in a step, per unit of learning rate, 0 or more; ignored without it. Default: 0.1.</summary>
    public double SparsityCost { get; init; } = 0.1;

    internal void Validate(OptionFaults faults)
    {
        faults.Require(Enum.IsDefined(Gradient), Gradient, "a value of the enumeration");
        faults.Require(GibbsSteps is >= 1 and <= 10000, GibbsSteps, "from 1 to 10000");
        faults.Require(Chains is >= 1 and <= 100000, Chains, "from 1 to 100000");
        faults.Require(Temperatures is >= 2 and <= 1000, Temperatures, "from 2 to 1000");
        faults.Require(SparsityTarget is null or (> 0 and < 1), SparsityTarget, "above 0 and below 1");
        faults.Require(SparsityCost >= 0, SparsityCost, "0 or more");
    }
}
