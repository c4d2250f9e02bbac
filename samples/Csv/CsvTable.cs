using Microsoft.ML;

namespace Csv;

/// <summary>A file as a table of typed columns: in, as an <see cref="IDataView"/>, and out again in the way in which the file is written.</summary>
public sealed class CsvTable
{
    private static readonly char[] LineBreaksAndQuote = ['"', '\r', '\n'];
    private const int MostNamed = 15;

    private readonly CsvFile _file;
    private readonly int[] _indices;       // of the columns in the file
    private readonly bool[] _alwaysQuoted;

    /// <param name="excluded">Columns to leave out.</param>
    /// <exception cref="CsvFault">There is no such column, or no other.</exception>
    public CsvTable(CsvFile file, IReadOnlyList<string> excluded) : this(file, Included(file, excluded), (_, _) => false)
    {
    }

    private CsvTable(CsvFile file, int[] indices, Func<int, int, bool> isHidden)
    {
        _file = file;
        _indices = indices;
        Columns = [.. indices.Select((i, c) => TableColumn.Of(file.Names[i], [.. file.Rows.Select((row, r) => isHidden(c, r) ? "" : row[i])]))];
        _alwaysQuoted = [.. _indices.Select(i => file.Raw.All(row => row[i].Length == 0 || row[i].StartsWith('"')) && file.Raw.Any(row => row[i].Length > 0))];
    }

    public IReadOnlyList<TableColumn> Columns { get; }

    public IReadOnlyList<string> Names => [.. Columns.Select(column => column.Name)];

    public int Rows => _file.Rows.Count;

    /// <summary>All rows, or some.</summary>
    public IDataView View(IReadOnlyList<int>? rows = null) => new TableView(Columns, rows ?? [.. Enumerable.Range(0, Rows)]);

    /// <summary>How many different values a column has in all rows, or some, missing ones aside.</summary>
    /// <exception cref="CsvFault">There is no such column.</exception>
    public int DistinctValues(string name, IReadOnlyList<int>? rows = null)
    {
        int column = IndexOf(Names, name);
        return (rows ?? [.. Enumerable.Range(0, Rows)]).Where(i => !Columns[column].IsHole[i]).Select(i => _file.Rows[i][_indices[column]]).Distinct().Count();
    }

    /// <summary>What was found in the file, in lines for people.</summary>
    public IEnumerable<string> Describe()
    {
        yield return $"{Rows} rows, {Columns.Count} columns, separated by '{(_file.Separator == '\t' ? "tab" : _file.Separator)}'";
        foreach (var kind in Columns.GroupBy(column => column.Kind))
        {
            string more = kind.Count() > MostNamed ? $" and {kind.Count() - MostNamed} more" : "";
            yield return $"  {kind.Key}: {string.Join(", ", kind.Take(MostNamed).Select(Describe))}{more}";
        }
    }

    /// <summary>Writes rows that have these columns, in their order, as the file is written: separator, quotes, line ends, formats of numbers and dates, marks of missing values.</summary>
    /// <param name="mark">Name of a further column that says true in every row; null for none.</param>
    public void Write(TextWriter writer, IDataView rows, string? mark = null)
    {
        char separator = _file.Separator;
        if (_file.RawHeader is { } header) WriteLine(_indices.Select(i => header[i]), mark is null ? null : Quote(mark, false));
        using var cursor = rows.GetRowCursor(Columns.Select(column => rows.Schema[column.Name]));
        var fields = Columns.Select(column => column.CreateWriter(cursor)).ToList();
        while (cursor.MoveNext()) WriteLine(fields.Select((field, c) => Quote(c, field())), mark is null ? null : "true");

        void WriteLine(IEnumerable<string> values, string? last)
        {
            writer.Write(string.Join(separator, last is null ? values : values.Append(last)));
            writer.Write(_file.NewLine);
        }
    }

    /// <summary>Writes the whole file with the holes of these columns filled; all else is as it was, to the byte.</summary>
    /// <param name="filled">All rows, in their order.</param>
    /// <returns>How many holes of each column were filled.</returns>
    public int[] WriteFilled(TextWriter writer, IDataView filled)
    {
        var counts = new int[Columns.Count];
        if (_file.RawHeader is { } header) WriteLine(header);
        using var cursor = filled.GetRowCursor(Columns.Select(column => filled.Schema[column.Name]));
        var fields = Columns.Select(column => column.CreateWriter(cursor)).ToList();
        for (int row = 0; cursor.MoveNext(); row++)
        {
            string[] line = [.. _file.Raw[row]];
            for (int c = 0; c < fields.Count; c++)
            {
                if (!Columns[c].IsHole[row]) continue;
                string field = fields[c]();
                if (field == Columns[c].Hole) continue;   // left as it is: nothing is known of the column
                line[_indices[c]] = Quote(c, field);
                counts[c]++;
            }
            WriteLine(line);
        }
        return counts;

        void WriteLine(IEnumerable<string> values)
        {
            writer.Write(string.Join(_file.Separator, values));
            writer.Write(_file.NewLine);
        }
    }

    /// <summary>The same table with some values hidden.</summary>
    /// <param name="isHidden">By column and row.</param>
    public CsvTable Without(bool[][] isHidden) => new(_file, _indices, (column, row) => isHidden[column][row]);

    /// <summary>What the file has in a column of a row.</summary>
    public string Field(int column, int row) => _file.Rows[row][_indices[column]];

    private string Quote(int column, string field) => Quote(field, _alwaysQuoted[column] && field.Length > 0);

    private static string Describe(TableColumn column) =>
        column.IsHole.Count(hole => hole) is > 0 and var holes ? $"{column.Name} ({holes} missing{(column.Hole.Length > 0 ? $", {column.Hole}" : "")})" : column.Name;

    private string Quote(string field, bool always) => always || field.AsSpan().IndexOfAny(LineBreaksAndQuote) >= 0 || field.Contains(_file.Separator)
        ? $"\"{field.Replace("\"", "\"\"")}\"" : field;

    private static int[] Included(CsvFile file, IReadOnlyList<string> excluded)
    {
        foreach (string name in excluded) _ = IndexOf(file.Names, name);
        int[] rest = [.. Enumerable.Range(0, file.Names.Count).Where(i => !excluded.Contains(file.Names[i]))];
        return rest.Length > 0 ? rest : throw new CsvFault("No column is left; exclude fewer.");
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        throw new CsvFault($"There is no column '{name}'; the columns are {string.Join(", ", names.Select(n => $"'{n}'"))}.");
    }
}
