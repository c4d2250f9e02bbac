using Csv;

namespace MLGenerative.Programs.Tests.Tables;

/// <summary>The sample, run as a program.</summary>
public sealed class CompleteTableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("complete");

    private string Input => Path.Combine(_folder.FullName, "input.csv");

    private string Output => Path.Combine(_folder.FullName, "output.csv");

    [Fact]
    public void Holes_of_every_type_are_filled_and_known_cells_are_as_they_were()
    {
        File.WriteAllText(Input, MadeUpFile.Text(400, seed: 1, holes: 0.15));

        var run = Run(Input, Output, "--check");

        Assert.Equal(0, run.Status);
        Assert.Equal(["input.csv", "output.csv"], Files());
        var (before, after) = (CsvFile.Read(Input), CsvFile.Read(Output));
        AssertFilled(before, after);
        // what is filled follows from what is known: Oslo is young
        Assert.InRange(before.Rows.Zip(after.Rows).Where(r => r.First[1].Length == 0 && r.First[2].Length > 0 && int.Parse(r.First[2]) < 36).Average(r => r.Second[1] == "Oslo" ? 1.0 : 0), 0.7, 1);
        Assert.StartsWith($"{Output}: ", Assert.Single(run.Output, line => line.EndsWith(" values filled in 400 rows", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(" known values hidden and filled; better than the simple guess in ", run.Output[0], StringComparison.Ordinal);
        string city = Assert.Single(run.Output, line => line.StartsWith("city ", StringComparison.Ordinal));
        Assert.Matches(@"^city +[89]\d\.\d % right +the most frequent value [2345]\d\.\d %$", city);
    }

    [Fact]
    public void Several_draws_are_several_files()
    {
        File.WriteAllText(Input, MadeUpFile.Text(60, seed: 1, holes: 0.2));

        Assert.Equal(0, Run(Input, Output, "--draws", "2").Status);

        Assert.Equal(["input.csv", "output.1.csv", "output.2.csv"], Files());
        var drawn = new[] { "output.1.csv", "output.2.csv" }.Select(name => CsvFile.Read(Path.Combine(_folder.FullName, name))).ToArray();
        foreach (var file in drawn) AssertFilled(CsvFile.Read(Input), file);
        Assert.NotEqual(drawn[0].Bytes, drawn[1].Bytes);
    }

    [Fact]
    public void What_cannot_be_done_is_one_line_and_no_file()
    {
        File.WriteAllText(Input, "a,b\n1,2\n3,4\n");

        Refuses($"{Input} has no missing values (empty, NA, N/A, NaN, null or ?); there is nothing to fill.", Input, Output);
        Refuses($"{Input} is the input; the output must be another file.", Input, Input);
        Refuses("--draws must be 1 or more. --help says what there is.", Input, Output, "--draws", "0");
        Assert.Equal(["input.csv"], Files());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertFilled(CsvFile before, CsvFile after)
    {
        Assert.Equal(before.RawHeader!, after.RawHeader!);
        Assert.Equal(before.Rows.Count, after.Rows.Count);
        string[] missing = ["", "NA"];
        foreach (var (old, filled) in before.Raw.Zip(after.Raw))
        {
            Assert.All(old.Zip(filled), cell => Assert.True(missing.Contains(cell.First) ? !missing.Contains(cell.Second) : cell.First == cell.Second, $"{cell.First} became {cell.Second}"));
        }
        // the types are those that the table had without holes
        Assert.Equal(["text", "text", "whole number", "number", "Boolean", "date dd.MM.yyyy", "number", "text", "whole number"], new CsvTable(after, []).Columns.Select(c => c.Kind));
    }

    private static ProgramRun Run(params string[] args) => ProgramRun.Of(AppContext.BaseDirectory, "CompleteTable.dll", args);

    private static void Refuses(string message, params string[] args)
    {
        var run = Run(args);

        Assert.Equal($"CompleteTable: {message}", Assert.Single(run.Errors, line => line.StartsWith("CompleteTable: ", StringComparison.Ordinal)));
        Assert.Equal(2, run.Status);
    }

    private string[] Files() => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
}
