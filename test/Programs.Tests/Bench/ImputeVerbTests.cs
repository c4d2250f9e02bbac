using System.Globalization;
using System.Text;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class ImputeVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Fills_hidden_cells_in_four_ways_and_compares_them_with_what_was_there()
    {
        _bench.WriteData("train.csv", Table(1200, seed: 1));
        _bench.WriteData("test.csv", Table(300, seed: 2));
        Assert.Equal(0, Run("--train-rows", "1000", "--test-rows", "200", "--epochs", "20"));

        var figures = _bench.ReadOut("impute.csv", "imputer,accuracy,mae_sd,seconds").ToDictionary(row => row[0], row => row[1..].Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(["mode and median", "5 neighbours", "table: most likely", "table: a draw"], figures.Keys);
        // a third of the cities is Oslo, and the amount tells which they are; the median is 0.8 deviations off
        Assert.InRange(figures["mode and median"][0], 0.2, 0.5);
        Assert.InRange(figures["mode and median"][1], 0.6, 1);
        foreach (string name in new[] { "5 neighbours", "table: most likely", "table: a draw" })
        {
            Assert.InRange(figures[name][0], 0.6, 1);
            Assert.InRange(figures[name][1], 0, 0.5);
        }
    }

    [Theory]
    [InlineData("--share", "1", "--share must be above 0 and below 1.")]
    [InlineData("--train-rows", "3", "--train-rows: there are 2 rows")]
    public void What_cannot_be_done_is_said(string option, string value, string expected)
    {
        _bench.WriteData("train.csv", Table(2, seed: 1));
        _bench.WriteData("test.csv", Table(2, seed: 2));
        Assert.Equal(2, Run(option, value));
        Assert.Contains(expected, Assert.Single(_bench.ErrorLines));
    }

    public void Dispose() => _bench.Dispose();

    private int Run(params string[] args) => _bench.RunAsGiven(
        ["impute", "--train", Path.Combine(_bench.Data, "train.csv"), "--test", Path.Combine(_bench.Data, "test.csv"), "--out", _bench.Out, .. args]);

    private static string Table(int rows, int seed)
    {
        var random = new Random(seed);
        var table = new StringBuilder("count,amount,city\n");
        for (int i = 0; i < rows; i++)
        {
            int place = random.Next(3);
            table.AppendLine(CultureInfo.InvariantCulture, $"{10 * place + random.Next(3)},{place + random.NextDouble() / 4:0.###},{new[] { "Rome", "Oslo", "Ulm" }[place]}");
        }
        return table.ToString();
    }
}
