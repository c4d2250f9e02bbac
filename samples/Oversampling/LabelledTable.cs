using Csv;
using Microsoft.ML;

namespace Oversampling;

/// <summary>A table with one column as the label, true where it has the value to find, and the columns that it may be predicted from.</summary>
internal sealed class LabelledTable
{
    /// <summary>Name of the label in the views, whatever the file calls it: none that a file is likely to have.</summary>
    public const string Label = "(label)";

    private const int MostNamed = 10;

    // fewer rows do not tell identifiers from values that happen to differ
    private const int LeastIdentifiers = 20;
    private const double IdentifierShare = 0.95;

    private readonly int[] _rows;          // those with a label
    private readonly bool[] _isPositive;   // by row of the file
    private readonly TableColumn _label;

    /// <param name="positive">The value to find; null for the rarer one of two.</param>
    /// <exception cref="CsvFault">There is no such column or value, or nothing to predict it from, or it has one value, or more than two and none is said to be the one to find.</exception>
    public LabelledTable(CsvTable table, string label, string? positive)
    {
        int values = table.DistinctValues(label), column = table.Names.ToList().IndexOf(label);
        _rows = [.. Enumerable.Range(0, table.Rows).Where(row => !table.Columns[column].IsHole[row])];
        Unlabelled = table.Rows - _rows.Length;
        if (values < 2)
            throw new CsvFault($"--label: column '{label}' has {(values == 0 ? "no values" : $"one value only, '{table.Field(column, _rows[0])}'")}; there is nothing to tell apart. Name a column of two values.");
        var counts = _rows.CountBy(row => table.Field(column, row)).OrderBy(count => count.Value).ToList();
        if (positive is null && values > 2) throw new CsvFault($"--label: column '{label}' has {values} values. Say which one is to be found, against all others: --positive {counts[0].Key}, for one.");
        Positive = positive ?? counts[0].Key;
        if (counts.All(count => count.Key != Positive))
            throw new CsvFault($"--positive: column '{label}' has no value '{positive}'; it has {string.Join(", ", counts.Take(MostNamed).Select(count => $"'{count.Key}'"))}{(values > MostNamed ? " and more" : "")}.");
        Negative = values == 2 ? $"'{counts.Single(count => count.Key != Positive).Key}'" : "others";
        _isPositive = [.. Enumerable.Range(0, table.Rows).Select(row => table.Field(column, row) == Positive)];
        _label = TableColumn.Of(Label, [.. _isPositive.Select(found => found ? "true" : "false")]);

        var rest = table.Columns.Where((_, c) => c != column && Values(table, c) > 1).ToList();
        Identifiers = [.. rest.Where(c => IsIdentifier(table, table.Columns.ToList().IndexOf(c))).Select(c => c.Name)];
        Columns = [.. rest.Where(c => !Identifiers.Contains(c.Name))];
        if (Columns.Count == 0) throw new CsvFault($"There is no column to predict '{label}' from: a column of one value says nothing, and identifiers do not count.");
    }

    /// <summary>The value to find.</summary>
    public string Positive { get; }

    /// <summary>In words, what the other rows are.</summary>
    public string Negative { get; }

    /// <summary>The columns to predict from.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Columns left out, since their values number the rows.</summary>
    public IReadOnlyList<string> Identifiers { get; }

    /// <summary>Rows left out.</summary>
    public int Unlabelled { get; }

    public int Rows => _rows.Length;

    public int PositiveRows => _rows.Count(row => _isPositive[row]);

    public IDataView View(IReadOnlyList<int> rows) => new TableView([.. Columns, _label], rows);

    /// <summary>Deals the rows of each class out, in random order, to as many folds.</summary>
    /// <exception cref="CsvFault">A class has fewer rows than there are folds.</exception>
    public IReadOnlyList<Fold> Folds(int count, int seed)
    {
        var random = new Random(seed);
        var folds = Enumerable.Range(0, count).Select(_ => new List<int>()).ToList();
        foreach (bool found in (bool[])[true, false])
        {
            int[] members = [.. _rows.Where(row => _isPositive[row] == found)];
            if (members.Length < count)
            {
                throw new CsvFault($"--folds: {count} folds need {count} rows of each class; of {(found ? $"'{Positive}'" : Negative)} there {(members.Length == 1 ? "is 1" : $"are {members.Length}")}. "
                    + (members.Length > 2 ? $"Say --folds {members.Length}, or fewer." : "That is too few to judge by."));
            }
            random.Shuffle(members);
            for (int i = 0; i < members.Length; i++) folds[i % count].Add(members[i]);
        }
        return [.. folds.Select(test => new Fold([.. _rows.Except(test)], [.. test.Order()]))];
    }

    // that a value is missing may say something
    private static int Values(CsvTable table, int column) => table.DistinctValues(table.Names[column]) + (table.Columns[column].IsHole.Contains(true) ? 1 : 0);

    private static bool IsIdentifier(CsvTable table, int index)
    {
        var column = table.Columns[index];
        int known = column.IsHole.Count(hole => !hole), different = table.DistinctValues(column.Name);
        if (known < LeastIdentifiers || different < IdentifierShare * known) return false;
        if (column.Format is not { IsWhole: true, IsDate: false } format) return column.Format is null;
        var numbers = Enumerable.Range(0, table.Rows).Where(row => !column.IsHole[row]).Select(row => format.Parse(table.Field(index, row).Trim())!.Value).ToList();
        return different == known && numbers.Max() - numbers.Min() < 2 * known;
    }
}

/// <summary>Rows to learn from and rows to judge by.</summary>
internal sealed record Fold(IReadOnlyList<int> Training, IReadOnlyList<int> Test);
