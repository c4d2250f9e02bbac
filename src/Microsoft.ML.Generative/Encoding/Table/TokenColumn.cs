namespace Microsoft.ML.Generative.Encoding;

/// <summary>A column of a table (or a slot of a vector), as a network sees it: a token, and, where a token is more than one value, the position within it.</summary>
/// <param name="Name">Name of the column, with the slot, if it is one.</param>
/// <param name="Token">Index of the feature that holds the number of the token: the whole part of it. The fraction says how far outside of what was learnt the value is (<see cref="TokenCode{T}.TryEncode"/>).</param>
/// <param name="Position">Index of the feature that holds the position, u in [0, 1); null where every token is one value. Of a token that is one value u is 0.</param>
/// <param name="Counts">Rows to learn from that have each token.</param>
/// <param name="CellEnds">Of each token, the upper ends of its cells in u; the last is 1. The position is uniform within a token over the rows to learn from.</param>
/// <param name="LogWithin">Of each token and cell, the log of the chance of each of its values if they are categories or on a grid; log du/dx in units of the column for real numbers. With it
/// log p(x) = log P(token) + log within, and 2·log(1 − outside) for a number outside.</param>
/// <param name="IsNumber">Of each token, whether it is a number rather than a category, or missing.</param>
internal sealed record TokenColumn(
    string Name, int Token, int? Position, IReadOnlyList<float> Counts, IReadOnlyList<float[]> CellEnds, IReadOnlyList<float[]> LogWithin, IReadOnlyList<bool> IsNumber)
{
    /// <summary>How many tokens there are.</summary>
    public int Categories => Counts.Count;

    /// <summary>The token of a value that is missing; null if none was.</summary>
    public int? Missing { get; init; }

    /// <summary>The token of all categories that are rare or not known; null if there is none.</summary>
    public int? Pooled { get; init; }

    /// <summary>Where the cells of each token lie among the numbers of the column; null for a column of categories.</summary>
    public NumberCells? Numbers { get; init; }
}

/// <summary>Where cells lie among the numbers of a column, by token and cell. A token that is no number has no cells.</summary>
/// <param name="Below">Share of the known values that lie below the cell.</param>
/// <param name="Share">Share of them in the cell: the value at u has the rank below + share · (place of u in its cell), whose normal quantile is a normal score.</param>
/// <param name="Start">The lowest value of the cell, standardised by the mean and deviation of the column.</param>
/// <param name="Size">Its width, in deviations.</param>
/// <param name="Mean">Mean of the column, in its own units.</param>
/// <param name="Deviation">Standard deviation of the column; 1 if it is constant.</param>
internal sealed record NumberCells(
    IReadOnlyList<float[]> Below, IReadOnlyList<float[]> Share, IReadOnlyList<float[]> Start, IReadOnlyList<float[]> Size, double Mean, double Deviation);
