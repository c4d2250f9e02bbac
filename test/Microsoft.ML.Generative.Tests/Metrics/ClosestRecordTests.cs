using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ClosestRecordTests
{
    [Fact]
    public void DistancesByHand()
    {
        // deviation of 0, 0, 4, 4 is 2
        var tables = MadeUpTable.Read(
            [(0, "a"), (0, "b"), (4, "a"), (4, "b")],
            [(4, "b"), (1, "a"), (0, "c"), (10, "c")]);
        Assert.Equal([0, 0.5, 1, Math.Sqrt(9 + 1)], new ClosestRecord(tables[0]).Distances(tables[1]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void MissingNumbersAreAtDistanceOneFromOthers()
    {
        var tables = MadeUpTable.Read(
            [(double.NaN, "a"), (0, "b"), (4, "b")],
            [(double.NaN, "a"), (double.NaN, "c"), (2, "a")]);
        Assert.Equal([0, 1, 1], new ClosestRecord(tables[0]).Distances(tables[1]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void ManyRowsAndColumnsAreAsOneByOne()
    {
        // more rows than a block holds, and none of a whole number of blocks
        var random = new Random(1);
        float[][] training = Draw(1300), rows = Draw(150);
        double[] deviations = [.. Enumerable.Range(0, 5).Select(c => Deviation(training.Select(r => (double)r[c])))];
        var expected = rows.Select(row => training.Min(other => Math.Sqrt(row.Select((x, c) => Math.Pow((x - other[c]) / deviations[c], 2)).Sum())));

        var tables = MadeUpTable.OfNumbers(training, rows);
        Assert.Equal(expected, new ClosestRecord(tables[0]).Distances(tables[1]), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.All(new ClosestRecord(tables[0]).Distances(tables[0]), distance => Assert.Equal(0, distance));

        float[][] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 5).Select(c => (float)(100 + (c + 1) * Rows.Normal(random))).ToArray())];
    }

    [Fact]
    public void TheRatioOfMediansTellsCopiesFromNewRows()
    {
        var random = new Random(2);
        float[][] training = Draw(500);
        float[][] halfCopied = [.. training.Take(300), .. Draw(200)], near = [.. training.Select(r => r.Select(x => x + 0.001f).ToArray())];
        var tables = MadeUpTable.OfNumbers(training, Draw(500), Draw(500), halfCopied, near);
        double? Ratio(int table) => Evaluation.Closest(tables[0], tables[table], tables[1]).Ratio;

        Assert.InRange(Ratio(2)!.Value, 0.9, 1.1);
        Assert.Equal(0, Ratio(3));
        Assert.InRange(Ratio(4)!.Value, 0.001, 0.05);
        Assert.Equal(1, Evaluation.Closest(tables[0], tables[0], tables[0]).Ratio);

        float[][] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)Rows.Normal(random)).ToArray())];
    }

    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 8 }, 3)]
    public void MedianByHand(double[] values, double expected) => Assert.Equal(expected, ClosestRecord.Median(values));

    private static double Deviation(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v) - Math.Pow(values.Average(), 2));
}
