namespace Microsoft.ML.Generative;

/// <summary>How the log-partition is estimated once the weights are final, where it can't be summed: annealed importance sampling (Neal, 2001).</summary>
public sealed record AnnealingOptions
{
    /// <summary>Chains, 2 to 100,000. Default: 100.</summary>
    public int Chains { get; init; } = 100;

    /// <summary>Steps from independent units to the model, 1 to 10,000,000. Default: null, one for 20 weights within 1,000 and 10,000.</summary>
    public int? Steps { get; init; }

    internal int StepsFor(long weights) => Steps ?? (int)Math.Clamp(weights / 20, 1000, 10_000);

    internal void Validate(OptionFaults faults)
    {
        faults.Require(Chains is >= 2 and <= 100_000, Chains, "from 2 to 100000");
        faults.Require(Steps is null or (>= 1 and <= 10_000_000), Steps, "from 1 to 10000000");
    }
}
