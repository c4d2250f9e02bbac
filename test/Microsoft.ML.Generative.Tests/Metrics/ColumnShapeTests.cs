using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ColumnShapeTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 1.0, 2, 3, 4 }, 0)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 4.0, 3, 2, 1, 1, 2, 3, 4 }, 0)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 5.0, 6 }, 1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 2.5 }, 0.5)]
    [InlineData(new[] { 1.0, 1, 1, 2 }, new[] { 1.0, 2, 2, 2 }, 0.5)]                                       // ties: ¾ against ¼ up to 1
    [InlineData(new[] { double.NaN, 1, 2, 3 }, new[] { 1.0, 2, 3, 4 }, 0.25)]
    [InlineData(new[] { double.NaN, double.NaN, 1, 2 }, new[] { double.NaN, 1, 1, 2 }, 0.25)]
    public void KolmogorovSmirnovByHand(double[] first, double[] second, double expected)
    {
        Assert.Equal(expected, ColumnShape.KolmogorovSmirnov(first, second), 1e-12);
        Assert.Equal(expected, ColumnShape.KolmogorovSmirnov(second, first), 1e-12);
    }

    [Fact]
    public void KolmogorovSmirnovOfTwoUniforms()
    {
        // on a grid: uniform from 0 to 1 against uniform from 0.2 to 1.4; F − G is x up to 0.2, then 0.2 + (x − 0.2)/6, so at 1: 1 − 0.8/1.2
        var first = Enumerable.Range(0, 10_000).Select(i => (i + 0.5) / 10_000);
        Assert.Equal(1 - 0.8 / 1.2, ColumnShape.KolmogorovSmirnov(first, first.Select(x => 0.2 + 1.2 * x)), 2e-4);
    }

    [Fact]
    public void RowsOfOneDistributionDifferAsKolmogorovSays()
    {
        // the mean of √(n/2)·D is √(π/2)·ln 2, its deviation 0.26; so that of 50 means is 0.037, three of which are allowed
        var random = new Random(1);
        double mean = Enumerable.Range(0, 50).Average(_ => ColumnShape.KolmogorovSmirnov(Draw(2000), Draw(2000)) * Math.Sqrt(1000));
        Assert.InRange(mean, 0.8687 - 0.11, 0.8687 + 0.11);

        List<double> Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
    }

    [Theory]
    [InlineData("aabb", "abab", 0)]
    [InlineData("aaab", "abbb", 0.5)]
    [InlineData("aabc", "dd", 1)]
    [InlineData("aabc", "ab", 0.25)]   // a ½ ½, b ¼ ½, c ¼ 0
    public void TotalVariationByHand(string first, string second, double expected) =>
        Assert.Equal(expected, ColumnShape.TotalVariation(first.ToArray(), second.ToArray()), 1e-12);

    [Fact]
    public void ColumnsAreJudgedByTheirKindAndTheMeanIsTaken()
    {
        var tables = MadeUpTable.Read([(1, "a"), (2, "a"), (3, "a"), (4, "b")], [(3, "b"), (4, "b"), (3, "b"), (4, "a")]);
        Assert.Equal([new ColumnSimilarity("Number", 0.5), new ColumnSimilarity("Text", 0.5)], ColumnShape.Of(tables[0], tables[1]));
        Assert.Equal(0.5, Evaluation.ColumnShapes(tables[0], tables[1]).Mean);
        Assert.Equal(1, Evaluation.ColumnShapes(tables[0], tables[0]).Mean);
    }
}
