using System.Globalization;

namespace MLGenerative.Bench.Results;

/// <summary>The rows that a verb finds: a CSV file for programs and an aligned table for people.</summary>
internal sealed class ResultTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; numbers get five significant digits, or all digits before the point. null becomes an empty field.</summary>
    public void Add(params object?[] values)
    {
        if (values.Length != columns.Length) throw new ArgumentException($"{values.Length} values for {columns.Length} columns");
        _rows.Add([.. values.Select(Format)]);
    }

    public void WriteCsv(string path) => AtomicFile.Write(path, writer =>
    {
        foreach (var row in _rows.Prepend(columns)) writer.WriteLine(string.Join(',', row.Select(Data.CsvFile.Quote)));
    });

    public void Print(TextWriter writer)
    {
        var widths = columns.Select((name, i) => _rows.Append(columns).Max(r => r[i].Length)).ToArray();
        foreach (var row in _rows.Prepend(columns))
            writer.WriteLine(string.Join("  ", row.Select((text, i) => IsNumber(i) ? text.PadLeft(widths[i]) : text.PadRight(widths[i]))).TrimEnd());
    }

    private bool IsNumber(int column) =>
        _rows.All(r => r[column].Length == 0 || double.TryParse(r[column], NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static string Format(object? value) => value switch
    {
        null => "",
        double number when Math.Abs(number) >= 1e4 => number.ToString("0", CultureInfo.InvariantCulture),
        double number => number.ToString("G5", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
