using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

public sealed class ValueCountsTests
{
    [Fact]
    public void CountsAreExactUpToTheLimit()
    {
        var counts = new ValueCounts<long>(100, null);
        for (int i = 0; i < 1000; i++) counts.Add(i % 100);
        counts.AddMissing();
        Assert.Equal((1000, 1000, 100, 1, 1.0), (counts.Rows, counts.Counted, counts.Distinct, counts.Missing, counts.RowsPerCount));
        Assert.All(counts.Values, value => Assert.Equal(10, value.Value));
    }

    [Fact]
    public void BeyondTheLimitARandomPartOfTheRowsIsCounted()
    {
        // half of the rows have the value -1, the others are all different
        var counts = new ValueCounts<long>(2000, null);
        for (int i = 0; i < 200_000; i++) counts.Add(i % 2 == 0 ? -1 : i);
        Assert.Equal(200_000, counts.Rows);
        Assert.InRange(counts.Distinct, 900, 2000);
        Assert.Equal(counts.Counted, counts.Values.Sum(value => value.Value));
        double share = counts.Values.Single(value => value.Key == -1).Value / (double)counts.Counted;
        Assert.InRange(share, 0.45, 0.55);
        double mean = counts.Values.Where(value => value.Key >= 0).Average(value => (double)value.Key);
        Assert.InRange(mean, 90_000, 110_000);   // early rows as well as late ones
    }
}
