using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ContingencySimilarityTests
{
    [Fact]
    public void QuantilesAreInterpolatedAndTakenOnce()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], ContingencySimilarity.QuantileEnds(Enumerable.Range(0, 11).Select(i => (double)i)), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], ContingencySimilarity.QuantileEnds([1, double.NaN, 0]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0, 5], ContingencySimilarity.QuantileEnds([.. Enumerable.Repeat(0.0, 85), .. Enumerable.Repeat(5.0, 16)]));
        Assert.Empty(ContingencySimilarity.QuantileEnds([double.NaN]));
    }

    [Fact]
    public void ContingencyTableByHand()
    {
        // ends from 1 to 2 part the numbers: cells of the real rows (low, a) ½, (high, b) ½; of the synthetic ones (low, a) ½, (low, b) ¼, (high, b) ¼
        var tables = MadeUpTable.Read(
            [(1, "a"), (1, "a"), (2, "b"), (2, "b")],
            [(1, "a"), (1, "a"), (1, "b"), (9, "b")]);
        var pair = Assert.Single(ContingencySimilarity.Of(tables[0], tables[1]));
        Assert.Equal(("Number", "Text"), (pair.FirstColumnName, pair.SecondColumnName));
        Assert.Equal(0.75, pair.Value, 1e-12);
        Assert.Equal(1, Evaluation.Pairs(tables[0], tables[0]).Mean);
    }

    [Fact]
    public void MissingNumbersAreABinOfTheirOwn()
    {
        var tables = MadeUpTable.Read([(double.NaN, "a"), (1, "a")], [(1, "a"), (1, "a")]);
        Assert.Equal(0.5, Evaluation.Pairs(tables[0], tables[1]).Mean, 1e-12);
    }

    [Fact]
    public void ShuffledColumnsKeepTheirShapesAndLoseThePair()
    {
        // x = y in ten bins: a cell of the diagonal has 1/10, after shuffling 1/100, and the ninety others have 1/100 each: ½(10·0.09 + 90·0.01) = 0.9
        var random = new Random(1);
        float[][] real = [.. Enumerable.Range(0, 20_000).Select(i => new float[] { i, i })];
        float[] shuffled = [.. real.Select(r => r[1])];
        random.Shuffle(shuffled);
        var tables = MadeUpTable.OfNumbers(real, [.. real.Select((r, i) => new[] { r[0], shuffled[i] })]);

        Assert.Equal(1, Evaluation.ColumnShapes(tables[0], tables[1]).Mean);
        Assert.Equal(0.1, Evaluation.Pairs(tables[0], tables[1]).Mean, 0.005);
    }

    [Fact]
    public void OneColumnHasNoPairs()
    {
        var table = MadeUpTable.OfNumbers([[[1], [2]]])[0];
        Assert.Empty(ContingencySimilarity.Of(table, table));
        Assert.Equal("'Values[0]' is the only column; pairs need two.", Assert.Throws<ArgumentException>(() => Evaluation.Pairs(table, table)).Message);
    }
}
