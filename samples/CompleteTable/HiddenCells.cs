using System.Globalization;
using Csv;
using Microsoft.ML;

namespace CompleteTable;

/// <summary>Known values that are hidden to see how well they are filled in.</summary>
internal sealed class HiddenCells
{
    private const double Share = 0.1;
    private readonly CsvTable _known;
    private readonly bool[][] _isHidden;   // by column and row

    private HiddenCells(CsvTable known, bool[][] isHidden)
    {
        _known = known;
        _isHidden = isHidden;
        Table = known.Without(isHidden);
    }

    /// <summary>The table without them.</summary>
    public CsvTable Table { get; }

    public static HiddenCells Of(CsvTable table, int seed)
    {
        var random = new Random(seed);
        return new(table, [.. table.Columns.Select(column => column.IsHole.Select(hole => !hole && random.NextDouble() < Share).ToArray())]);
    }

    /// <summary>Compares what was filled in with what is known.</summary>
    /// <param name="exceptFor">Columns that are not judged.</param>
    public Comparison Compare(IDataView filled, IReadOnlySet<string> exceptFor)
    {
        var guesses = Table.Columns.Select(_ => new List<(string Filled, string Known)>()).ToList();
        using (var cursor = filled.GetRowCursor(Table.Columns.Select(column => filled.Schema[column.Name])))
        {
            var fields = Table.Columns.Select(column => column.CreateWriter(cursor)).ToList();
            for (int row = 0; cursor.MoveNext(); row++)
                for (int c = 0; c < fields.Count; c++)
                    if (_isHidden[c][row]) guesses[c].Add((fields[c](), _known.Field(c, row)));
        }
        return new Comparison([.. Table.Columns.Select((column, c) => (column, Guesses: guesses[c], c))
            .Where(g => g.Guesses.Count > 0 && !exceptFor.Contains(g.column.Name) && Visible(g.c).Distinct().Skip(1).Any())   // what is always the same is no riddle
            .Select(g => _known.Columns[g.c].Format is { } format ? OfNumbers(g.column.Name, g.c, g.Guesses, format) : OfCategories(g.column.Name, g.c, g.Guesses))]);
    }

    private static string Invariant(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private IEnumerable<string> Visible(int column) => Enumerable.Range(0, _known.Rows).Where(row => !Table.Columns[column].IsHole[row]).Select(row => _known.Field(column, row));

    private ColumnComparison OfCategories(string name, int column, List<(string Filled, string Known)> guesses)
    {
        string mode = Visible(column).CountBy(text => text).MaxBy(count => count.Value).Key;
        double right = guesses.Average(g => g.Filled == g.Known ? 1.0 : 0), usual = guesses.Average(g => g.Known == mode ? 1.0 : 0);
        return new(name, guesses.Count, $"{100 * right:0.0} % right", $"the most frequent value {100 * usual:0.0} %", right > usual);
    }

    private ColumnComparison OfNumbers(string name, int column, List<(string Filled, string Known)> guesses, FieldFormat format)
    {
        double Value(string text) => format.Parse(text.Trim()) ?? throw new InvalidOperationException($"'{text}' of column '{name}' is not a {format.Name}.");
        string Size(double difference) => format.IsDate ? $"{Invariant(new TimeSpan(format.TicksOf(difference)).TotalDays)} days" : Invariant(difference);
        double[] sorted = [.. Visible(column).Select(Value).Order()];
        double median = sorted[sorted.Length / 2];
        double error = guesses.Average(g => Math.Abs(Value(g.Filled) - Value(g.Known))), usual = guesses.Average(g => Math.Abs(median - Value(g.Known)));
        return new(name, guesses.Count, $"off by {Size(error)}", $"the median {Size(usual)}", error < usual);
    }
}

/// <summary>How well the hidden values of a column were filled in, beside a simple guess.</summary>
internal sealed record ColumnComparison(string Name, int Count, string Filled, string Simple, bool IsBetter);

internal sealed record Comparison(IReadOnlyList<ColumnComparison> Columns)
{
    public void Print(TextWriter writer)
    {
        writer.WriteLine($"{Columns.Sum(c => c.Count)} known values hidden and filled; better than the simple guess in {Columns.Count(c => c.IsBetter)} of {Columns.Count} columns");
        int width = Columns.Count == 0 ? 0 : Columns.Max(c => c.Name.Length);
        foreach (var column in Columns) writer.WriteLine($"  {column.Name.PadRight(width)}  {column.Filled,-16}  {column.Simple}");
    }
}
