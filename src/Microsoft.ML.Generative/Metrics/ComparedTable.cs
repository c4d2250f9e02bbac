using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Rows in memory, so that metrics can go over them as they like: every column is one of numbers or one of categories.</summary>
internal sealed class ComparedTable(int rows, IReadOnlyList<ComparedColumn> columns)
{
    public int Rows { get; } = rows;

    public IReadOnlyList<ComparedColumn> Columns { get; } = columns;

    /// <summary>Reads tables that are to be compared, in their order. The order of columns and further ones do not matter.</summary>
    /// <param name="views">The tables, with what a fault calls them.</param>
    /// <param name="columnNames">The columns; null takes those of the first table, which all the others must have too.</param>
    /// <exception cref="ArgumentException">A column is missing or of a type that can't be compared, or a table has no rows.</exception>
    public static IReadOnlyList<ComparedTable> Read(IReadOnlyList<(string Name, IDataView View)> views, IReadOnlyList<string>? columnNames = null)
    {
        var names = columnNames ?? [.. views[0].View.Schema.Where(c => !c.IsHidden).Select(c => c.Name)];
        var categories = names.Distinct().ToDictionary(n => n, _ => new Categories());
        return [.. views.Select(table => Read(table.View, [.. categories.Keys], categories, table.Name))];
    }

    /// <summary>The columns of two tables in pairs.</summary>
    /// <exception cref="ArgumentException">A column is of numbers in one and of categories in the other, or there are more in one.</exception>
    public static IEnumerable<(ComparedColumn First, ComparedColumn Second)> Pair(ComparedTable first, ComparedTable second)
    {
        if (first.Columns.Count != second.Columns.Count)
            throw new ArgumentException($"One table has {first.Columns.Count} columns, the other {second.Columns.Count}. A vector must be of the same size in both.");
        foreach (var (a, b) in first.Columns.Zip(second.Columns))
            if (a.GetType() != b.GetType()) throw new ArgumentException($"Column '{a.Name}' has numbers in one table and texts, keys or Booleans in the other. Convert one of them.");
        return first.Columns.Zip(second.Columns);
    }

    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ComparedColumn this[string name] => Columns.FirstOrDefault(c => c.Name == name)
        ?? throw new ArgumentException($"Column '{name}' is not there; the columns are {string.Join(", ", Columns.Select(c => $"'{c.Name}'"))}.");

    private static ComparedTable Read(IDataView view, List<string> names, Dictionary<string, Categories> categories, string table)
    {
        var columns = names.ConvertAll(name => view.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentException($"Column '{name}' is not in {table}; it has {string.Join(", ", view.Schema.Select(c => $"'{c.Name}'"))}."));
        using var cursor = view.GetRowCursor(columns);
        var readers = columns.ConvertAll(column => ComparedColumnReader.Create(cursor, column, categories[column.Name]));
        int rows = 0;
        for (; cursor.MoveNext(); rows++)
            foreach (var reader in readers) reader.ReadRow();
        if (rows == 0) throw new ArgumentException($"There are no rows in {table}; a comparison needs some.");
        return new ComparedTable(rows, [.. readers.SelectMany(r => r.Columns())]);
    }
}
