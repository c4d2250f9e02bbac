using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Csv;
using Oversampling;

namespace MLGenerative.Programs.Tests.Tables;

/// <summary>The sample, run as a program.</summary>
public sealed class OversamplingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oversampling");

    private string Input => Path.Combine(_folder.FullName, "input.csv");

    [Fact]
    public void A_table_of_every_type_is_balanced_by_every_sampler_and_judged()
    {
        File.WriteAllText(Input, Text(120, rareEvery: 5));

        var run = Run(Input, "--label", "failed", "--folds", "2", "--epochs", "1");

        Assert.Equal(0, run.Status);
        Assert.Contains("column 'id' holds identifiers and is left out", run.Errors);
        foreach (int fold in (int[])[1, 2])
        {
            // half of 96 and 24
            Assert.Contains(run.Errors, line => line.StartsWith($"fold {fold} of 2, none: 0 rows added in 0.", StringComparison.Ordinal));
            foreach (string sampler in (string[])["smote", "vae", "table"])
                Assert.Contains(run.Errors, line => line.StartsWith($"fold {fold} of 2, {sampler}: 36 rows added in ", StringComparison.Ordinal));
        }
        Assert.Equal($"{Input}: 120 rows, 24 'yes' among 96 'no' of 'failed', predicted from 5 columns", run.Output[0]);
        Assert.Equal(2 + 2 * 5, run.Output.Length);
        foreach (int section in (int[])[2, 7])
        {
            string[] lines = run.Output[section..(section + 5)];
            Assert.Matches(section == 2 ? "^logistic regression +AUPRC +F1 +balanced accuracy +AUROC +seconds$" : "^boosted trees +AUPRC", lines[0]);
            Assert.Equal(["none", "smote", "vae", "table"], lines[1..].Select(line => line.Split(' ')[0]));
            var cells = lines[1..].Select(line => Regex.Matches(line, @"\d\.\d+\*?").Select(match => match.Value).ToArray()).ToArray();
            for (int column = 0; column < 4; column++)
            {
                double[] values = [.. cells.Select(row => double.Parse(row[column].TrimEnd('*'), CultureInfo.InvariantCulture))];
                Assert.All(values, value => Assert.InRange(value, 0, 1));
                Assert.Equal(values.Select(value => value == values.Max()), cells.Select(row => row[column].EndsWith('*')));
            }
        }
        // what follows from the columns is found: the label does, a guess is 0.5
        Assert.InRange(double.Parse(Regex.Matches(run.Output[3], @"\d\.\d+")[3].Value, CultureInfo.InvariantCulture), 0.85, 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures()
    {
        File.WriteAllText(Input, Text(80, rareEvery: 4));

        string[] Figures(string seed)
        {
            var run = Run(Input, "--label", "failed", "--folds", "2", "--samplers", "table-vae", "--epochs", "1", "--seed", seed);
            Assert.Equal(0, run.Status);
            return [.. run.Output.Select(line => Regex.Replace(line, @" +\d+\.\d$", ""))];   // but for the seconds
        }

        var first = Figures("1");
        Assert.Equal(first, Figures("1"));
        Assert.NotEqual(first, Figures("2"));
    }

    [Fact]
    public void Every_row_with_a_label_is_judged_once_and_each_fold_has_its_share_of_both_classes()
    {
        File.WriteAllText(Input, "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},{(i == 3 ? "NA" : i % 4 == 0 ? "b" : "a")}\n")));
        var table = new LabelledTable(new CsvTable(CsvFile.Read(Input), []), "y", null);

        var folds = table.Folds(5, seed: 1);

        Assert.Equal((39, 1, 10), (table.Rows, table.Unlabelled, table.PositiveRows));
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i != 3), folds.SelectMany(fold => fold.Test).Order());
        Assert.All(folds, fold =>
        {
            Assert.Empty(fold.Training.Intersect(fold.Test));
            Assert.Equal(39, fold.Training.Count + fold.Test.Count);
            Assert.Equal(2, fold.Test.Count(row => row % 4 == 0));
        });
    }

    [Fact]
    public void Help_says_what_the_arguments_are()
    {
        var run = Run("--help");

        Assert.Equal(0, run.Status);
        Assert.Contains(run.Output, line => line.StartsWith("--samplers <NAMES>", StringComparison.Ordinal) && line.Contains("none, smote, vae, flow, gan, diffusion, table, table-vae, all", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.StartsWith("--positive <VALUE>", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_done_is_one_line()
    {
        File.WriteAllText(Input, "a,b,c,d,e\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i % 5},{(i < 3 ? "yes" : "no")},{"rgb"[i % 3]},1,\n")));

        Refuses("There is no column 'none'; the columns are 'a', 'b', 'c', 'd', 'e'.", "--label", "none");
        Refuses("There is no column 'b'; the columns are 'a', 'c', 'd', 'e'.", "--label", "b", "--exclude", "b");
        Refuses("--label: column 'd' has one value only, '1'; there is nothing to tell apart. Name a column of two values.", "--label", "d");
        Refuses("--label: column 'e' has no values; there is nothing to tell apart. Name a column of two values.", "--label", "e");
        Refuses("--label: column 'c' has 3 values. Say which one is to be found, against all others: --positive r, for one.", "--label", "c");
        Refuses("--positive: column 'c' has no value 'x'; it has 'r', 'g', 'b'.", "--label", "c", "--positive", "x");
        Refuses("--folds: 5 folds need 5 rows of each class; of 'yes' there are 3. Say --folds 3, or fewer.", "--label", "b");
        Refuses("--samplers: there is no 'mixup'; there are none, smote, vae, flow, gan, diffusion, table, table-vae, all.", "--label", "b", "--samplers", "none,mixup");
        Refuses("--folds must be 2 or more. --help says what there is.", "--label", "b", "--folds", "1");
        Refuses("There is no column to predict 'b' from: a column of one value says nothing, and identifiers do not count.", "--label", "b", "--exclude", "a", "c");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Readings of which few are failures: hot ones, mostly of one site. Some are missing.</summary>
    private static string Text(int rows, int rareEvery)
    {
        var random = new Random(1);
        var text = new StringBuilder("id,site,heat,since,loud,count,failed\n");
        for (int i = 0; i < rows; i++)
        {
            bool fails = i % rareEvery == 0;
            string site = fails && random.Next(4) > 0 ? "north" : random.Next(2) == 0 ? "south" : "";
            string heat = random.Next(10) == 0 ? "NA" : (20 + random.NextDouble() * 10 + (fails ? 6 : 0)).ToString("0.0", CultureInfo.InvariantCulture);
            string since = new DateTime(2020, 1, 1).AddDays(random.Next(1000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{1000 + i},{site},{heat},{since},{(random.Next(2) == 0 ? "true" : "false")},{random.Next(9)},{(fails ? "yes" : "no")}\n");
        }
        return text.ToString();
    }

    private static ProgramRun Run(params string[] args) => ProgramRun.Of(AppContext.BaseDirectory, "Oversampling.dll", args);

    private void Refuses(string message, params string[] args)
    {
        var run = Run([Input, .. args]);

        Assert.Equal($"Oversampling: {message}", Assert.Single(run.Errors));
        Assert.Equal(2, run.Status);
    }
}
