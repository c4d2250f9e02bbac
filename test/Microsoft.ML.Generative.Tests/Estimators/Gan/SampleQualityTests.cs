using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Gan;

public sealed class SampleQualityTests
{
    private static float[][] Rows(int count, int seed, double shift = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { (float)(Tests.Rows.Normal(random) + shift), (float)Tests.Rows.Normal(random) })];
    }

    private static Tensor ToTensor(float[][] rows) => tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, 2);

    private static double Distance(float[] a, float[] b) => Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2));

    [Fact]
    public void TheDiscrepancyIsTheSumOverPairs()
    {
        var (real, drawn) = (Rows(7, 1), Rows(9, 2, shift: 1));
        double[] widths = [0.5, 2];
        double expected = widths.Average(width =>
        {
            double Kernel(float[] a, float[] b) => Math.Exp(-Math.Pow(Distance(a, b), 2) / (2 * width * width));
            double Within(float[][] rows) => (from i in Enumerable.Range(0, rows.Length) from j in Enumerable.Range(0, rows.Length) where i != j select Kernel(rows[i], rows[j])).Average();
            return (Within(real) + Within(drawn) - 2 * real.SelectMany(a => drawn.Select(b => Kernel(a, b))).Average()) / Within(real);
        });
        using var scope = NewDisposeScope();
        Assert.Equal(expected, SampleQuality.Discrepancy(ToTensor(real), ToTensor(drawn), tensor([0.5f, 2f])), 1e-5);
    }

    [Fact]
    public void RowsOfTheSameDistributionHaveNoDiscrepancyOnAverage()
    {
        using var scope = NewDisposeScope();
        var values = Enumerable.Range(0, 40).Select(i => SampleQuality.Discrepancy(ToTensor(Rows(60, 2 * i)), ToTensor(Rows(60, 2 * i + 1)), tensor([1f]))).ToList();
        double deviation = Math.Sqrt(values.Select(v => v * v).Average() / values.Count);
        Assert.InRange(values.Average(), -3 * deviation, 3 * deviation);
    }

    [Fact]
    public void BandwidthsReachFromTheNeighboursToAllRows()
    {
        using var scope = NewDisposeScope();
        var rows = Rows(101, 3);
        double median = rows.SelectMany(a => rows.Select(b => Distance(a, b))).Order().ElementAt((101 * 101 - 1) / 2);
        double toFifth = rows.Select(a => rows.Select(b => Distance(a, b)).Order().ElementAt(5)).Order().ElementAt(50);
        var widths = SampleQuality.BandwidthsOf(ToTensor(rows)).data<float>().ToArray();
        Assert.Equal(toFifth, widths[0], 1e-4);
        Assert.Equal(median, widths[^1], 1e-4);
        Assert.Equal(widths[1] / widths[0], widths[^1] / widths[^2], 1e-3);
    }

    [Fact]
    public void CoverageCountsRowsThatADrawnOneIsNearTo()
    {
        using var scope = NewDisposeScope();
        var (real, drawn) = (Rows(80, 4), Rows(30, 5, shift: 1));
        double expected = real.Count(row => drawn.Min(other => Distance(row, other)) <= real.Select(other => Distance(row, other)).Order().ElementAt(5)) / 80.0;
        Assert.Equal(expected, SampleQuality.Coverage(ToTensor(real), ToTensor(drawn)), 1e-6);
    }

    [Fact]
    public void CoverageOfTheSameDistributionIsWhatItShouldBe()
    {
        using var scope = NewDisposeScope();
        var values = Enumerable.Range(0, 60).Select(i => SampleQuality.Coverage(ToTensor(Rows(100, 2 * i)), ToTensor(Rows(50, 2 * i + 1)))).ToList();
        double mean = values.Average(), deviation = Math.Sqrt(values.Select(v => (v - mean) * (v - mean)).Average() / values.Count);
        Assert.InRange(SampleQuality.ExpectedCoverage(100, 50), mean - 3 * deviation, mean + 3 * deviation);
    }
}
