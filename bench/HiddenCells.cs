using System.Globalization;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>Rows of which some cells are hidden.</summary>
/// <param name="Truth">The rows as they are.</param>
/// <param name="Table">The rows with holes.</param>
/// <param name="Cells">Which are hidden, by column.</param>
/// <param name="Deviations">Standard deviation of each column of numbers among the rows to learn from; NaN for a column of texts.</param>
internal sealed record HiddenCells(MixedTable Truth, MixedTable Table, IReadOnlyList<IReadOnlyList<int>> Cells, IReadOnlyList<double> Deviations)
{
    /// <summary>Hides each cell that has a value with the same chance.</summary>
    public static HiddenCells Of(MixedTable truth, MixedTable training, double share, int seed)
    {
        var random = new Random(seed);
        var cells = truth.Names.Select(_ => new List<int>()).ToList();
        var rows = truth.Rows.Select((row, i) => row.Select((field, c) =>
        {
            if (random.NextDouble() >= share || field.Length == 0) return field;
            cells[c].Add(i);
            return "";
        }).ToArray()).ToList();
        return new HiddenCells(truth, truth.With(rows), cells, [.. truth.Names.Select((_, c) => truth.IsNumber(c) ? training.Scale(c).Deviation : double.NaN)]);
    }

    /// <summary>Share of the hidden texts that are filled in as they were, mean over the columns.</summary>
    public double? Accuracy(MixedTable filled) => Mean(isNumber: false, (c, row) => filled.Rows[row][c] == Truth.Rows[row][c] ? 1 : 0);

    /// <summary>Absolute error of the hidden numbers by the deviation of their column, mean over the columns.</summary>
    public double? Error(MixedTable filled) => Mean(isNumber: true, (c, row) => Math.Abs(Number(filled.Rows[row][c]) - Number(Truth.Rows[row][c])) / Deviations[c]);

    private double? Mean(bool isNumber, Func<int, int, double> figure)
    {
        var columns = Enumerable.Range(0, Cells.Count).Where(c => Truth.IsNumber(c) == isNumber && Cells[c].Count > 0 && Deviations[c] != 0).ToList();
        return columns.Count == 0 ? null : columns.Average(c => Cells[c].Average(row => figure(c, row)));
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
