using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

public sealed class CategoryTests
{
    // 60 a, 30 b, 6 c, 4 d, and e, f once each
    private static readonly string[] Rows =
        [.. Enumerable.Repeat("a", 60), .. Enumerable.Repeat("b", 30), .. Enumerable.Repeat("c", 6), .. Enumerable.Repeat("d", 4), "e", "f"];

    private static TokenColumn Tokens(TableColumn column) => column.TokenColumns(0).Single();

    [Fact]
    public void RareCategoriesShareATokenAndAreReplacedByThoseThatManyRowsHave()
    {
        var column = Coding.Learn(Coding.View(Rows));
        Assert.Equal([60, 30, 6, 6], Tokens(column).Counts);
        Assert.Equal(3, Tokens(column).Pooled);
        foreach (string rare in new[] { "d", "e", "f", "never seen" }) Assert.Equal(3, Coding.EncodeOne(column, rare)[0]);
        var drawn = Coding.Decode<string>(column, [.. Enumerable.Range(0, 960).Select(i => new[] { 3f, (i + 0.5f) / 960 })]);
        Assert.Equal([("a", 600), ("b", 300), ("c", 60)], drawn.GroupBy(value => value).Select(same => (same.Key, same.Count())));
    }

    [Fact]
    public void RareCategoriesAreDrawnByTheirFrequenciesIfTheOptionsSaySo()
    {
        var column = Coding.Learn(Coding.View(Rows), new TableEncodingOptions { RareValues = RareValues.Draw });
        var drawn = Coding.Decode<string>(column, [.. Enumerable.Range(0, 600).Select(i => new[] { 3f, (i + 0.5f) / 600 })]);
        Assert.Equal([("d", 400), ("e", 100), ("f", 100)], drawn.GroupBy(value => value).Select(same => (same.Key, same.Count())));
        var encoded = Coding.Encode(column, Coding.View(Rows));
        Assert.Equal(Rows, Coding.Decode<string>(column, encoded));
    }

    [Fact]
    public void CategoriesBeyondTheBudgetAreDrawnByTheirFrequencies()
    {
        var column = Coding.Learn(Coding.View(Rows), new TableEncodingOptions { MostCategories = 1 });
        Assert.Equal([60, 42], Tokens(column).Counts);
        var drawn = Coding.Draw<string>(column, 10_200).GroupBy(value => value).ToDictionary(same => same.Key, same => same.Count());
        Assert.Equal(["a", "b", "c"], drawn.Keys.Order());   // of the rare ones none
        Assert.InRange(drawn["b"] / (double)drawn["c"], 4, 6);
    }

    [Fact]
    public void WithoutRareOnesThereIsATokenForTheUnknownOrAnError()
    {
        var rows = Coding.View(Rows.Take(96));
        var pooling = Coding.Learn(rows);
        Assert.Equal([60, 30, 6, 0], Tokens(pooling).Counts);
        Assert.Equal(1, pooling.Width);
        Assert.Equal([3], Coding.EncodeOne(pooling, "never seen"));
        Assert.Equal(["a"], Coding.Decode<string>(pooling, [[3]]));

        var refusing = Coding.Learn(rows, new TableEncodingOptions { UnknownValues = UnknownValues.Refuse });
        Assert.Equal([60, 30, 6], Tokens(refusing).Counts);
        var error = Assert.Throws<ArgumentException>(() => Coding.EncodeOne(refusing, "never seen"));
        Assert.Equal("Row 0 has never seen in column 'Value', which no row had that the model learnt from. Filter the row out, or train on rows that have it.", error.Message);
    }

    [Fact]
    public void IfAllAreRareTheOriginalsAreNotGivenBack()
    {
        var texts = Coding.Learn(Coding.View(Enumerable.Range(0, 12).Select(i => $"row {i % 6}")));
        Assert.Equal(["other"], Coding.Draw<string>(texts, 50).Distinct());
    }

    [Fact]
    public void ARareFlagIsKept()
    {
        var flags = Coding.Learn(Coding.View(Enumerable.Range(0, 100).Select(i => i == 50)));
        Assert.Equal([99, 1], Tokens(flags).Counts);
        Assert.Equal([false, true], Coding.Decode<bool>(flags, [[0], [1]]));
    }

    [Fact]
    public void IdentifiersAreReportedAndMadeUp()
    {
        var log = new TestLog();
        var people = Coding.Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new { Name = $"person {i:x}", Number = 5000UL + (ulong)i, Height = 150 + i % 40 }));
        var columns = TableColumn.Learn(people, ["Name", "Number", "Height"], new TableEncodingOptions(), log);
        Assert.Equal(
            [
                "warning: Column 'Name' is one of identifiers (its values are nearly all different): it is not learnt, and drawn rows are numbered instead.",
                "warning: Column 'Number' is one of identifiers (its values are nearly all different): it is not learnt, and drawn rows are numbered instead.",
            ],
            log.Lines);
        Assert.Equal([1, 1, 40], columns.Select(column => column.Codes[0].Categories));
        Assert.Equal(["id-000001", "id-000002"], Coding.Decode<string>(columns[0], [[0], [0]]));
        Assert.Equal([1UL, 2UL], Coding.Decode<ulong>(columns[1], [[0], [0]]));
        Assert.Equal([0f], Coding.Encode(columns[0], people)[17]);
    }

    [Fact]
    public void MeasurementsThatAreAllDifferentAreNoIdentifiers()
    {
        var random = new Random(1);
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 500).Select(_ => random.NextInt64(1_000_000_000))));
        Assert.False(column.Codes[0].IsMadeUp);
    }
}
