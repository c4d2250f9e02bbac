using Microsoft.ML.Data;
using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ComparedTableTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class AllTypes
    {
        public string Text { get; set; } = "";
        public bool Flag { get; set; }
        public byte Small { get; set; }
        public long Long { get; set; }
        public float Single { get; set; }
        public DateTime Date { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }

    private sealed class Lists
    {
        public float[] Values { get; set; } = [1];
    }

    [Fact]
    public void EveryTypeIsReadAsNumbersOrCategories()
    {
        AllTypes[] rows =
        [
            new() { Text = "x", Flag = true, Small = 7, Long = -3, Single = float.NaN, Date = new DateTime(1, 1, 3), Vector = [1, 2] },
            new() { Text = "", Flag = false, Small = 8, Long = 1L << 40, Single = 0.5f, Date = new DateTime(1, 1, 1, 6, 0, 0), Vector = [3, 4] },
            new() { Text = "x", Flag = false, Vector = [5, 6] },
        ];
        var table = Read(_ml.Data.LoadFromEnumerable(rows))[0];

        Assert.Equal(3, table.Rows);
        Assert.Equal(["Text", "Flag", "Small", "Long", "Single", "Date", "Vector[0]", "Vector[1]"], table.Columns.Select(c => c.Name));
        Assert.Equal(["x", "", "x"], Texts(table["Text"]));
        Assert.Equal(["True", "False", "False"], Texts(table["Flag"]));
        Assert.Equal([7, 8, 0], Numbers(table["Small"]));
        Assert.Equal([-3, 1L << 40, 0], Numbers(table["Long"]));
        Assert.Equal([double.NaN, 0.5, 0], Numbers(table["Single"]));
        Assert.Equal([2, 0.25, 0], Numbers(table["Date"]));
        Assert.Equal([2, 4, 6], Numbers(table["Vector[1]"]));
    }

    [Fact]
    public void KeysAreTheirValuesWhateverTheirOrder()
    {
        IDataView Keyed(params string[] texts)
        {
            var view = _ml.Data.LoadFromEnumerable(texts.Select(t => new AllTypes { Text = t, Vector = [0, 0] }));
            return _ml.Transforms.Conversion.MapValueToKey("Text").Append(_ml.Transforms.SelectColumns("Text")).Fit(view).Transform(view);
        }

        var tables = Read(Keyed("x", "y"), Keyed("y", "x", ""));
        Assert.Equal(["x", "y"], Texts(tables[0]["Text"]));
        Assert.Equal(["y", "x", ""], Texts(tables[1]["Text"]));
        Assert.Equal(((CategoryColumn)tables[0]["Text"]).Codes.Reverse(), ((CategoryColumn)tables[1]["Text"]).Codes[..2]);
    }

    [Fact]
    public void ColumnsAreFoundByNameAndFurtherOnesDoNotMatter()
    {
        var first = _ml.Transforms.SelectColumns("Number").Fit(MadeUpTable.View(_ml)).Transform(MadeUpTable.View(_ml, (1, "a")));
        var tables = Read(first, MadeUpTable.View(_ml, (2, "b"), (3, "b")));
        Assert.Equal([2, 3], Numbers(Assert.Single(tables[1].Columns)));
    }

    [Fact]
    public void WhatCannotBeComparedIsNamed()
    {
        var numbers = _ml.Transforms.SelectColumns("Number").Fit(MadeUpTable.View(_ml)).Transform(MadeUpTable.View(_ml, (1, "a")));
        Assert.Equal("Column 'Text' is not in table 2; it has 'Number'.", Fault(MadeUpTable.View(_ml, (1, "a")), numbers));
        Assert.Equal("There are no rows in table 2; a comparison needs some.", Fault(numbers, MadeUpTable.View(_ml)));

        var lists = _ml.Data.LoadFromEnumerable([new Lists()]);
        Assert.StartsWith("Column 'Values' is Vector<Single>; texts, keys, Booleans, numbers, dates and Vector<Single> of known size can be compared.", Fault(lists));

        var text = _ml.Transforms.CopyColumns("Number", "Text").Fit(MadeUpTable.View(_ml)).Transform(MadeUpTable.View(_ml, (1, "a")));
        var pair = Read(numbers, text);
        Assert.Equal("Column 'Number' has numbers in one table and texts, keys or Booleans in the other. Convert one of them.",
            Assert.Throws<ArgumentException>(() => ColumnShape.Of(pair[0], pair[1])).Message);
    }

    private static IReadOnlyList<ComparedTable> Read(params IDataView[] views) => ComparedTable.Read([.. views.Select((view, i) => ($"table {i + 1}", view))]);

    private static string Fault(params IDataView[] views) => Assert.Throws<ArgumentException>(() => Read(views)).Message;

    private static string[] Texts(ComparedColumn column) => Array.ConvertAll(((CategoryColumn)column).Codes, code => ((CategoryColumn)column).Categories[code]);

    private static double[] Numbers(ComparedColumn column) => ((NumberColumn)column).Values;
}
