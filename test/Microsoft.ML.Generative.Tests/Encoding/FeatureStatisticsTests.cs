using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

public sealed class FeatureStatisticsTests
{
    [Fact]
    public void AgreesWithTwoPasses() => Prop.ForAll<int[]>(numbers =>
    {
        if (numbers.Length == 0) return;
        var values = numbers.Select(n => (float)n).ToArray();
        var statistics = new FeatureStatistics(1);
        foreach (float value in values) statistics.Add([value]);
        double mean = values.Average(v => (double)v), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(mean, statistics.Mean(0), 1e-5 * (1 + Math.Abs(mean)));
        Assert.Equal(deviation == 0 ? 1 : deviation, statistics.Scale(0), 1e-5 * (1 + deviation));
        Assert.Equal(values.All(v => v is 0 or 1) && values.Distinct().Count() == 2, statistics.IsBinary(0));
        Assert.Equal(values.All(v => v is >= 0 and <= 1), statistics.IsProportion(0));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ALargeOffsetDoesNotDrownTheSpread()
    {
        var statistics = new FeatureStatistics(1);
        for (int i = 0; i < 100_000; i++) statistics.Add([16_000_000 + (i % 2 == 0 ? 2f : -2f)]);
        Assert.Equal(16_000_000, statistics.Mean(0), 1.0);
        Assert.Equal(1, statistics.Scale(0));   // 2 in 16 million is the rounding of floats: constant
        statistics.Add([16_001_000]);
        Assert.True(statistics.Rows == 100_001);
    }
}
