using System.Globalization;
using Csv;
using Microsoft.ML;
using Microsoft.ML.Generative;

namespace CompleteTable;

/// <summary>From a table with holes to one without.</summary>
internal sealed record Completion
{
    public required string Input { get; init; }

    public required string Output { get; init; }

    /// <summary>How many times to fill the holes by draws; null for the most likely values.</summary>
    public int? Draws { get; init; }

    public int Seed { get; init; }

    public IReadOnlyList<string> Exclude { get; init; } = [];

    public bool Check { get; init; }

    public bool HasHeader { get; init; } = true;

    private string[] Outputs => Draws is null or 1 ? [Output]
        : [.. Enumerable.Range(1, Draws.Value).Select(i => Path.ChangeExtension(Output, $"{i.ToString(CultureInfo.InvariantCulture)}{Path.GetExtension(Output)}"))];

    public void Run()
    {
        var file = CsvFile.Read(Input, HasHeader);
        var table = new CsvTable(file, Exclude);
        foreach (string path in Outputs) CsvOutput.Check(path, Input);
        foreach (string line in table.Describe()) Console.Error.WriteLine(line);
        if (table.Columns.All(column => !column.IsHole.Contains(true))) throw new CsvFault($"{Input} has no missing values (empty, NA, N/A, NaN, null or ?); there is nothing to fill.");

        if (Check)
        {
            Console.Error.WriteLine("checking: a tenth of the known values are hidden");
            var hidden = HiddenCells.Of(table, Seed);
            using var checkedModel = Fit(hidden.Table);
            hidden.Compare(Impute(checkedModel, hidden.Table, Seed), checkedModel.MadeUp).Print(Console.Out);
            Console.Out.WriteLine();
        }
        Console.Error.WriteLine($"learning from {table.Rows} rows");
        using var model = Fit(table);
        int[] filled = [];
        using (var files = new CsvOutput())
        {
            foreach (var (path, draw) in Outputs.Select((path, i) => (path, i)))
                files.Add(path, writer => filled = table.WriteFilled(writer, Impute(model, table, Seed + draw)), file.HasByteOrderMark);
            model.ThrowIfCancelled();
            files.Commit();
        }
        Print(table, filled, model.MadeUp);
    }

    // every known value may be filled in: the rows stay with their owner
    private TableModel Fit(CsvTable table) => TableModel.Fit(table, null, Seed, leastRows: 1);

    private IDataView Impute(TableModel model, CsvTable table, int seed) =>
        model.Transformer.Impute(table.View(), seed, Draws is null ? ImputationMethod.MostLikely : ImputationMethod.Draw);

    private void Print(CsvTable table, int[] filled, IReadOnlySet<string> madeUp)
    {
        Console.Out.WriteLine($"{string.Join(", ", Outputs)}: {filled.Sum()} values filled in {table.Rows} rows");
        foreach (var (column, count) in table.Columns.Zip(filled))
        {
            int left = column.IsHole.Count(hole => hole) - count;
            if (count + left == 0) continue;
            string rest = left == 0 ? "" : $"; {left} left: {(madeUp.Contains(column.Name) ? "identifiers can't be known" : "nothing was learnt of it")}";
            Console.Out.WriteLine($"  {column.Name}: {count}{rest}");
        }
    }
}
