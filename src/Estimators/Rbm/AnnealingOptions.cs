namespace Microsoft.ML.Generative;

/// <summary>How the log-partition is estimated once the weights are final, where it can't be summed: annealed importance sampling (Neal, 2001).</summary>
public sealed record AnnealingOptions
{
    /// <summary>Chains at a time, 2 to 100,000. Default: 100.</summary>
    public int Chains { get; init; } = 100;

    /// <summary>Chains are added until the standard error of the log-partition is this or less, nats, 0 or more. Default: 0.2.</summary>
    public double StandardError { get; init; } = 0.2;

    /// <summary>Most chains, if the error stays larger; those of the first time count in any case. Default: 1,000.</summary>
    public int MostChains { get; init; } = 1000;

    /// <summary>Steps from independent units to the model, 1 to 10,000,000. Default: null, one for 20 weights within 5,000 and 10,000.</summary>
    public int? Steps { get; init; }

    internal int StepsFor(long weights) => Steps ?? (int)Math.Clamp(weights / 20, 5000, 10_000);

    internal void Validate(OptionFaults faults)
    {
        faults.Require(Chains is >= 2 and <= 100_000, Chains, "from 2 to 100000");
        faults.Require(StandardError >= 0, StandardError, "0 or more");
        faults.Require(MostChains is >= 2 and <= 10_000_000, MostChains, "from 2 to 10000000");
        faults.Require(Steps is null or (>= 1 and <= 10_000_000), Steps, "from 1 to 10000000");
    }
}
