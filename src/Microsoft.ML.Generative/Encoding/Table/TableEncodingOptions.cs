namespace Microsoft.ML.Generative.Encoding;

/// <summary>What becomes of a pooled category when it is drawn.</summary>
internal enum RareValues
{
    /// <summary>Only categories of enough rows are given back: those beyond the budget by their own frequencies; if there are none, the kept ones by theirs.</summary>
    Replace,

    /// <summary>All categories are given back, by their own frequencies, also those of a single row, which the model then holds.</summary>
    Draw,
}

/// <summary>What becomes of a category that no row to learn from had.</summary>
internal enum UnknownValues
{
    /// <summary>It is taken as rare: there is a token for such, even if no row to learn from has it.</summary>
    Pool,

    /// <summary>It is taken as rare if there are rare ones; otherwise it is an error that names the column.</summary>
    Refuse,
}

/// <summary>How the columns of a table become tokens.</summary>
internal sealed record TableEncodingOptions
{
    /// <summary>Most categories of a text or key column that have a token of their own, the most frequent ones. 1 or more. Default: 500.</summary>
    public int MostCategories { get; init; } = 500;

    /// <summary>Rows that a value must have to be given back as it is, that a part of a distribution must hold, and that must reach the ends of a distribution: no value
    /// of fewer rows is copied. 1 (no protection) or more. Default: 5.</summary>
    public int LeastRows { get; init; } = 5;

    /// <summary>Quantile bins of a column of numbers with many different values; there are fewer where there are few rows. 1 or more. Default: 100.</summary>
    public int Bins { get; init; } = 100;

    /// <summary>Most different values of a column of numbers that make a token each, as categories do. 0 or more. Default: 128.</summary>
    public int FewValues { get; init; } = 128;

    /// <summary>Share of the rows from which on a number has a token of its own (zeros, caps), above 0, up to 1. Default: 0.01.</summary>
    public double SpikeShare { get; init; } = 0.01;

    /// <summary>What becomes of a pooled category when it is drawn. Default: Replace.</summary>
    public RareValues RareValues { get; init; } = RareValues.Replace;

    /// <summary>What becomes of a category that no row to learn from had. Default: Pool.</summary>
    public UnknownValues UnknownValues { get; init; } = UnknownValues.Pool;

    /// <summary>Different values per known value from which on a text column is one of identifiers, which are not learnt but made up. Above 0; above 1 for never.
    /// Default: 0.95. Integers are identifiers if all are different and nearly consecutive.</summary>
    public double IdentifierShare { get; init; } = 0.95;

    /// <summary>Different values of a column that are counted at a time; with more of them a random half of the rows is counted, and so on. Default: 1,000,000,
    /// shared among many columns.</summary>
    public int MostCounted { get; init; } = 1_000_000;

    /// <summary>Throws one exception that names every option out of range.</summary>
    public void Validate(OptionFaults faults)
    {
        faults.Require(MostCategories >= 1, MostCategories, "1 or more");
        faults.Require(LeastRows >= 1, LeastRows, "1 or more");
        faults.Require(Bins >= 1, Bins, "1 or more");
        faults.Require(FewValues >= 0, FewValues, "0 or more");
        faults.Require(SpikeShare is > 0 and <= 1, SpikeShare, "above 0, up to 1");
        faults.Require(Enum.IsDefined(RareValues), RareValues, "a value of the enumeration");
        faults.Require(Enum.IsDefined(UnknownValues), UnknownValues, "a value of the enumeration");
        faults.Require(IdentifierShare > 0, IdentifierShare, "above 0");
        faults.Require(MostCounted >= 1000, MostCounted, "1,000 or more");
    }
}
