using System.Globalization;
using System.Text;
using MLGenerative.Bench.Data;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class TableVerbTests : IDisposable
{
    private const string Header = "count,amount,city,label";
    private readonly BenchRun _bench = new();

    [Fact]
    public void Writes_rows_like_those_it_was_given_and_judges_them_beside_real_ones()
    {
        _bench.WriteData("train.csv", Table(1500, seed: 1));
        _bench.WriteData("test.csv", Table(400, seed: 2));

        Assert.Equal(0, Run("--test", Path.Combine(_bench.Data, "test.csv"), "--train-rows", "500", "--rows", "450", "--label", "label"));

        string[][] made = _bench.ReadOut("independent.csv", Header);
        string[] known = File.ReadAllLines(Path.Combine(_bench.Data, "train.csv"));
        Assert.Equal(450, made.Length);
        for (int c = 0; c < 4; c++) Assert.Subset(known.Skip(1).Select(line => line.Split(',')[c]).ToHashSet(), made.Select(row => row[c]).ToHashSet());
        Assert.Contains(made, row => row[1].Length == 0);   // missing amounts

        var speed = Assert.Single(_bench.ReadOut("table.csv", "model,fit_s,rows_per_s"));
        Assert.Equal("independent", speed[0]);
        Assert.True(Number(speed[2]) > 0);

        var fidelity = _bench.ReadOut("fidelity.csv", "model,column_shape,pairs,tstr,detection,dcr_ratio,copies").ToDictionary(r => r[0], r => r[1..].Select(Number).ToArray());
        Assert.Equal(["independent", "real"], fidelity.Keys);
        // amount and city tell the label in the real rows and nothing in the others
        Assert.InRange(fidelity["real"][2], 0.95, 1);
        Assert.InRange(fidelity["independent"][2], 0.2, 0.8);
        Assert.InRange(fidelity["real"][3], 0.4, 0.6);
        Assert.InRange(fidelity["independent"][3], 0.7, 1);
        Assert.True(fidelity["real"][1] > fidelity["independent"][1] + 0.1);
        Assert.All(fidelity.Values, figures => Assert.InRange(figures[0], 0.9, 1));
        Assert.InRange(fidelity["real"][4], 0.8, 1.25);

        string[] lines = [.. known.Skip(1)];
        var trained = new NumpyPermutation(0).Next(1500).Take(500).Select(i => lines[i]).ToHashSet();
        Assert.Equal(made.Average(row => trained.Contains(string.Join(',', row)) ? 1.0 : 0), fidelity["independent"][5], 1e-5);
    }

    [Fact]
    public void Rows_of_other_tools_are_judged_too()
    {
        string train = Table(300, seed: 1);
        _bench.WriteData("train.csv", train);
        _bench.WriteData("copied.csv", train);

        Assert.Equal(0, Run("--synthetic", Path.Combine(_bench.Data, "copied.csv")));

        // all rows were trained on: nothing is held out, and there is no label
        Assert.Equal(["copied", "1", "1", "", "", "", "1"], _bench.ReadOut("fidelity.csv", "model,column_shape,pairs,tstr,detection,dcr_ratio,copies")[1]);
        Assert.Equal(300, _bench.ReadOut("independent.csv", Header).Length);
    }

    [Fact]
    public void The_same_seed_gives_the_same_rows_and_another_gives_others()
    {
        _bench.WriteData("train.csv", Table(100, seed: 1));

        string Made(string seed)
        {
            Assert.Equal(0, Run("--seed", seed));
            return File.ReadAllText(Path.Combine(_bench.Out, "independent.csv"));
        }

        string first = Made("3");
        Assert.Equal(first, Made("3"));
        Assert.NotEqual(first, Made("4"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "--label", "c", "--label: ", "has no column 'c'; it has a, b")]
    [InlineData("a,b\n1,2\n", "--train-rows", "2", "--train-rows: ", "has 1 rows")]
    [InlineData("a,b\n1,2\n", "--rows", "0", "--rows must be 1 or more.", "")]
    [InlineData("a,b\n1,2\n", "--test", "other.csv", "there is no file other.csv", "")]
    [InlineData("a,b\n", "--seed", "1", "train.csv", "has no rows")]
    [InlineData("a,a\n1,2\n", "--seed", "1", "train.csv", "there are 2 columns named 'a'")]
    public void What_cannot_be_done_is_said_before_anything_is_written(string content, string option, string value, string start, string end)
    {
        _bench.WriteData("train.csv", content);

        Assert.Equal(2, Run(option, value));
        string line = Assert.Single(_bench.ErrorLines);
        Assert.Contains(start, line);
        Assert.EndsWith(end, line);
        Assert.False(Directory.Exists(_bench.Out));
    }

    public void Dispose() => _bench.Dispose();

    private int Run(params string[] args) =>
        _bench.RunAsGiven(["table", "--train", Path.Combine(_bench.Data, "train.csv"), "--models", "independent", "--out", _bench.Out, .. args]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // whole numbers, numbers of which some are missing, texts; the label goes with the amount and the city
    private static string Table(int rows, int seed)
    {
        var random = new Random(seed);
        var table = new StringBuilder(Header + "\n");
        for (int i = 0; i < rows; i++)
        {
            bool yes = random.Next(3) == 0;
            string amount = random.Next(20) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble() * 2 + (yes ? 1.5 : 0):0.####}");
            string city = random.Next(10) == 0 ? "Ulm" : yes ? "Rome" : "Oslo";
            table.AppendLine(CultureInfo.InvariantCulture, $"{random.Next(100)},{amount},{city},{(yes ? "yes" : "no")}");
        }
        return table.ToString();
    }
}
