using System.Globalization;
using System.Text.Json;
using Csv;

namespace MLGenerative.Programs.Tests.Tables;

/// <summary>The sample, run as a program.</summary>
public sealed class ShareableTableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("share");

    private string Input => PathOf("input.csv");

    private string Output => PathOf("output.csv");

    [Fact]
    public void A_table_of_every_type_comes_back_as_rows_like_it()
    {
        File.WriteAllText(Input, MadeUpFile.Text(400, seed: 1));

        var run = Run(Input, Output, "--rows", "500", "--seed", "3", "--label", "bought", "--mark", "IsSynthetic");

        Assert.Equal(0, run.Status);
        Assert.Equal(["input.csv", "output.csv", "output.csv.manifest.json"], Files());   // nothing half written
        Assert.StartsWith(MadeUpFile.Header + ",IsSynthetic\r\n", File.ReadAllText(Output), StringComparison.Ordinal);
        var (real, made) = (CsvFile.Read(Input), CsvFile.Read(Output));
        Assert.Equal(500, made.Rows.Count);
        Assert.Equal(new CsvTable(real, []).Columns.Select(c => (c.Name, c.Kind)).Skip(1), new CsvTable(made, ["IsSynthetic"]).Columns.Select(c => (c.Name, c.Kind)).Skip(1));
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"id-{i:000000}"), made.Rows.Select(row => row[0]));   // no customer
        Assert.All(made.Rows, row => Assert.Equal("true", row[^1]));
        Assert.Subset(real.Rows.Select(row => row[1]).ToHashSet(), made.Rows.Select(row => row[1]).ToHashSet());
        Assert.All(made.Rows, row => Assert.Equal(2, row[3].Split('.')[1].Length));   // decimals of the income
        Assert.Contains(made.Rows, row => row[6] == "NA");
        // Oslo is young, Rome is not: what was learnt is more than single columns
        Assert.True(made.Rows.Count(row => row[1] == "Oslo" && Age(row) < 40) > 0.8 * made.Rows.Count(row => row[1] == "Oslo"));
        Assert.True(made.Rows.Count(row => row[1] == "Rome" && Age(row) < 40) < 0.2 * made.Rows.Count(row => row[1] == "Rome"));

        Assert.Equal($"{Output}: 500 rows of 9 columns, learnt from 320 rows of {Input}", run.Output[0]);
        Assert.Contains(run.Output, line => line.StartsWith("rows judged                             80          80  against 320 rows learnt from", StringComparison.Ordinal));
        Assert.InRange(Figure(run, "single columns alike"), 0.8, 1);
        Assert.InRange(Figure(run, "told from real rows"), 0.3, 0.9);
        Assert.InRange(Figure(run, "teach 'bought'"), 0.9, 1);
        Assert.Equal(0, Figure(run, "copies of rows learnt from"));
        Assert.Equal("column 'customer' holds identifiers: made-up ones take their place", run.Output[^1]);

        using var manifest = JsonDocument.Parse(File.ReadAllText(Output + ".manifest.json"));
        Assert.True(manifest.RootElement.GetProperty("Synthetic").GetBoolean());
        Assert.Equal(3, manifest.RootElement.GetProperty("Seed").GetInt32());
        Assert.Equal((320, 80), (manifest.RootElement.GetProperty("TrainingRows").GetInt32(), manifest.RootElement.GetProperty("HeldOutRows").GetInt32()));
        Assert.Equal(64, manifest.RootElement.GetProperty("Sha256OfInput").GetString()!.Length);
        Assert.Equal(["customer"], manifest.RootElement.GetProperty("Columns").EnumerateArray().Where(c => c.GetProperty("MadeUp").GetBoolean()).Select(c => c.GetProperty("Name").GetString()));
    }

    [Fact]
    public void Few_rows_give_the_same_rows_for_the_same_seed()
    {
        File.WriteAllText(Input, MadeUpFile.Text(50, seed: 1));

        string Made(string seed)
        {
            Assert.Equal(0, Run(Input, Output, "--seed", seed, "--exclude", "customer", "note").Status);
            return File.ReadAllText(Output);
        }

        string first = Made("1");
        Assert.StartsWith("city,age,income,member,since,score,bought\r\n", first, StringComparison.Ordinal);
        Assert.Equal(first, Made("1"));
        Assert.NotEqual(first, Made("2"));
    }

    [Fact]
    public void A_report_alone_writes_nothing()
    {
        File.WriteAllText(Input, MadeUpFile.Text(60, seed: 1));

        var run = Run(Input, "--report-only", "--held-out", "0");

        Assert.Equal(0, run.Status);
        Assert.Contains(run.Output, line => line.StartsWith("rows judged                             60              against 60 rows", StringComparison.Ordinal));
        Assert.Equal(["input.csv"], Files());
    }

    [Fact]
    public void Help_says_what_the_arguments_are()
    {
        var run = Run("--help");

        Assert.Equal(0, run.Status);
        Assert.Contains(run.Output, line => line.StartsWith("--held-out <N>", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_done_is_one_line_and_no_file()
    {
        File.WriteAllText(Input, MadeUpFile.Text(20, seed: 1));
        string before = File.ReadAllText(Input), link = PathOf("link.csv");
        File.CreateSymbolicLink(link, Input);

        Refuses($"{Input} is the input; the output must be another file.", Input, Input);
        Refuses($"{link} is the input; the output must be another file.", Input, link);
        Refuses($"{_folder.FullName} is a folder; the path of a file is needed.", Input, _folder.FullName);
        Refuses($"There is no folder {PathOf("none")} to write to.", Input, PathOf("none/output.csv"));
        Refuses("Say which file to write, or --report-only.", Input);
        Refuses("--rows must be 1 or more. --help says what there is.", Input, Output, "--rows", "0");
        Refuses("--held-out must be 0 to 50 per cent.", Input, Output, "--held-out", "60");
        Refuses("--label: column 'city' has 3 values; a label has two.", Input, Output, "--label", "city");
        Refuses("--mark: the table has a column 'age'; take another name.", Input, Output, "--mark", "age");
        Refuses("There is no column 'none'; the columns are 'customer', 'city', 'age', 'income', 'member', 'since', 'score', 'note', 'bought'.", Input, Output, "--exclude", "none");
        Refuses($"There is no file {PathOf("none.csv")}.", PathOf("none.csv"), Output);
        Assert.Equal(before, File.ReadAllText(Input));
        Assert.Equal(["input.csv", "link.csv"], Files());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ProgramRun Run(params string[] args) => ProgramRun.Of(AppContext.BaseDirectory, "ShareableTable.dll", args);

    private static void Refuses(string message, params string[] args)
    {
        var run = Run(args);

        Assert.Equal($"ShareableTable: {message}", Assert.Single(run.Errors));
        Assert.Equal(2, run.Status);
    }

    private static int Age(string[] row) => int.Parse(row[2], CultureInfo.InvariantCulture);

    private static double Figure(ProgramRun run, string line) =>
        double.Parse(Assert.Single(run.Output, text => text.StartsWith(line, StringComparison.Ordinal))[line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string[] Files() => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
}
