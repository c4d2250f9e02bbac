using Csv;
using Microsoft.ML;

namespace ShareableTable;

/// <summary>From a table to rows like it.</summary>
internal sealed record Sharing
{
    // the distance to the closest record compares every row with every other
    private const int MostJudged = 20_000;

    // fewer rows held out would say nothing
    private const int FewestHeldOut = 5;

    public required string Input { get; init; }

    /// <summary>The file to write; null for none.</summary>
    public required string? Output { get; init; }

    /// <summary>Rows to draw; null for as many as learnt from.</summary>
    public int? Rows { get; init; }

    public int Seed { get; init; }

    public IReadOnlyList<string> Exclude { get; init; } = [];

    public string? Label { get; init; }

    public int HeldOutPercent { get; init; }

    public string? Mark { get; init; }

    public bool HasHeader { get; init; } = true;

    public void Run()
    {
        var file = CsvFile.Read(Input, HasHeader);
        var table = new CsvTable(file, Exclude);
        Check(table);
        var (training, heldOut) = Split(table.Rows);
        foreach (string line in table.Describe()) Console.Error.WriteLine(line);
        Console.Error.WriteLine($"learning from {training.Length} rows; {heldOut.Length} are held out to judge by");

        using var model = TableModel.Fit(table, training, Seed);
        int learnt = training.Length, rows = Rows ?? learnt;
        training = training[..Math.Min(training.Length, MostJudged)];
        heldOut = heldOut[..Math.Min(heldOut.Length, MostJudged)];
        var drawn = model.Transformer.Sample(Math.Max(rows, training.Length), Seed);
        Console.Error.WriteLine("judging");
        var report = new Report(model.Context, table, training, heldOut, drawn, Label, model.MadeUp, Seed);
        if (Output is not null) Write(Output, file, table, model, model.Context.Data.TakeRows(drawn, rows), new Manifest(this, file, table, model.MadeUp, rows, learnt, table.Rows - learnt));

        Console.Out.WriteLine(Output is null ? $"{Input}: {table.Columns.Count} columns, learnt from {learnt} rows"
            : $"{Output}: {rows} rows of {table.Columns.Count} columns, learnt from {learnt} rows of {Input}");
        report.Print(Console.Out);
    }

    private void Check(CsvTable table)
    {
        if (Output is not null)
        {
            CsvOutput.Check(Output, Input);
            CsvOutput.Check(Manifest.PathFor(Output), Input);
        }
        if (HeldOutPercent > 50) throw new CsvFault("--held-out must be 0 to 50 per cent.");
        if (Mark is not null && (Mark.Length == 0 || table.Names.Contains(Mark))) throw new CsvFault($"--mark: the table has a column '{Mark}'; take another name.");
        if (Label is not null && table.DistinctValues(Label) is not 2 and var values)
            throw new CsvFault($"--label: column '{Label}' has {values} values; a label has two.");
    }

    private (int[] Training, int[] HeldOut) Split(int rows)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        new Random(Seed).Shuffle(order);
        int heldOut = rows * HeldOutPercent / 100;
        if (heldOut < FewestHeldOut) heldOut = 0;
        return (order[heldOut..], order[..heldOut]);
    }

    private void Write(string path, CsvFile file, CsvTable table, TableModel model, IDataView rows, Manifest manifest)
    {
        using var files = new CsvOutput();
        files.Add(path, writer => table.Write(writer, rows, Mark), file.HasByteOrderMark);
        files.Add(Manifest.PathFor(path), manifest.Write);
        model.ThrowIfCancelled();
        files.Commit();
    }
}
