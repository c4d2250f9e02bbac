namespace Microsoft.ML.Generative;

/// <summary>How new rows are drawn by Gibbs sampling, many chains side by side.</summary>
public sealed record GibbsSamplingOptions
{
    /// <summary>Gibbs steps before the first row of a chain, from where the chains of training ended, 0 to 1,000,000. Default: 100.</summary>
    public int BurnIn { get; init; } = 100;

    /// <summary>Gibbs steps from one row of a chain to its next, 1 to 1,000,000; ignored with a label, where each row has a chain of its own. Default: 10.</summary>
    public int Thinning { get; init; } = 10;

    /// <summary>Chains that 1,024 rows are taken from, 1 to 1,024. Default: 256.</summary>
    public int Chains { get; init; } = 256;

    internal void Validate(OptionFaults faults)
    {
        faults.Require(BurnIn is >= 0 and <= 1_000_000, BurnIn, "from 0 to 1000000");
        faults.Require(Thinning is >= 1 and <= 1_000_000, Thinning, "from 1 to 1000000");
        faults.Require(Chains is >= 1 and <= 1024, Chains, "from 1 to 1024");
    }
}
