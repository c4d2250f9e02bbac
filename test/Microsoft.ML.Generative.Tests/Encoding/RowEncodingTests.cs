using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

public sealed class RowEncodingTests
{
    private static readonly MLContext Ml = new(1);

    private sealed class Mixed
    {
        [VectorType(4)]
        public float[] Features { get; set; } = new float[4];

        [KeyType(3)]
        public uint Key { get; set; }

        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        public float Number { get; set; }
    }

    private static IDataView View(params Mixed[] rows) => Ml.Data.LoadFromEnumerable(rows);

    private static float[][] Encode(IDataView view, RowEncoding encoding, bool learn)
    {
        using var cursor = view.GetRowCursor(encoding.InputColumns.Select(c => view.Schema[c]));
        var encoder = encoding.CreateEncoder(cursor, learn);
        var rows = new List<float[]>();
        while (cursor.MoveNext())
        {
            var row = new float[encoding.Width];
            encoder.Encode(row);
            rows.Add(row);
        }
        return [.. rows];
    }

    [Theory]
    [InlineData("Key", "3,1")]
    [InlineData("Text", "b,a")]
    [InlineData("Flag", "True,False")]
    [InlineData("Number", "2.5,-1")]
    public void LabelsAreNumberedAsTheyAppearAndGivenBackAsTheyWere(string label, string values)
    {
        var view = View(
            new Mixed { Features = [1, 2, 3, 4], Key = 2, Text = "b", Flag = true, Number = 2.5f },   // [KeyType] inputs count from 0
            new Mixed { Features = [5, 6, 7, 8], Key = 0, Text = "a", Flag = false, Number = -1 },
            new Mixed { Features = [9, 9, 9, 9], Key = 2, Text = "b", Flag = true, Number = 2.5f });
        var encoding = RowEncoding.Find(view, new VaeOptions { LabelColumnName = label });
        var rows = Encode(view, encoding, learn: true);
        Assert.Equal([1, 2, 3, 4, 0], rows[0]);
        Assert.Equal([5, 6, 7, 8, 1], rows[1]);
        Assert.Equal([9, 9, 9, 9, 0], rows[2]);
        Assert.Equal(values.Split(','), encoding.Label!.ValuesAsText);

        var again = LabelColumn.Create(label, encoding.Label.Type, encoding.Label.ValuesAsText, null);
        Assert.Equal(encoding.Label.ValueOf(1), again.ValueOf(1));
        Assert.Equal(1, again.NumberOf(encoding.Label.ValueOf(1)));
    }

    [Fact]
    public void ALabelNotSeenInTrainingIsRefused()
    {
        var encoding = RowEncoding.Find(View(), new VaeOptions { LabelColumnName = "Text" });
        Encode(View(new Mixed { Text = "a" }, new Mixed { Text = "b" }), encoding, learn: true);
        var error = Assert.Throws<ArgumentException>(() => Encode(View(new Mixed { Text = "c" }), encoding, learn: false));
        Assert.Equal("Label c in column 'Text' was not there when the model was trained; there were a, b.", error.Message);
    }

    [Fact]
    public void AMissingLabelIsRefused()
    {
        var encoding = RowEncoding.Find(View(), new VaeOptions { LabelColumnName = "Number" });
        var error = Assert.Throws<ArgumentException>(() => Encode(View(new Mixed(), new Mixed { Number = float.NaN }), encoding, learn: true));
        Assert.Equal("Label column 'Number' has no value in row 1. Remove such rows, or give them a label.", error.Message);
    }

    [Fact]
    public void NeighboursOfOneKindMakeASpan()
    {
        var encoding = RowEncoding.Find(View(), new VaeOptions());
        var statistics = new FeatureStatistics(4);
        statistics.Add([0, 1, 2.5f, 7]);
        statistics.Add([1, 0, 3.5f, 7]);
        var input = encoding.Describe(statistics, asProportions: false);
        Assert.Equal([(0, 2, SpanKind.Binary), (2, 2, SpanKind.Continuous)], input.Spans.Select(s => (s.Start, s.Width, s.Kind)));
        Assert.Equal([0, 0, 3, 7], input.Mean);
        Assert.Equal([1, 1, 0.5f, 1], input.Scale);
    }

    [Fact]
    public void AFeatureThatIsConstantlyZeroIsBinaryAmongBinaryOnesAlone()
    {
        var encoding = RowEncoding.Find(View(), new VaeOptions());
        SpanKind[] Kinds(float last)
        {
            var statistics = new FeatureStatistics(4);
            statistics.Add([0, 1, 0, 0]);
            statistics.Add([1, 1, 0, last]);
            return encoding.Describe(statistics, asProportions: false).Spans.SelectMany(s => Enumerable.Repeat(s.Kind, s.Width)).ToArray();
        }
        Assert.Equal([SpanKind.Binary, SpanKind.Binary, SpanKind.Binary, SpanKind.Binary], Kinds(1));
        Assert.Equal([SpanKind.Binary, SpanKind.Continuous, SpanKind.Continuous, SpanKind.Continuous], Kinds(2));
    }

    [Fact]
    public void ProportionsHaveToLieFromZeroToOne()
    {
        var encoding = RowEncoding.Find(View(), new VaeOptions());
        var statistics = new FeatureStatistics(4);
        statistics.Add([0, 0.25f, 1, 0.5f]);
        statistics.Add([1, 0.75f, 0, 1.5f]);
        var error = Assert.Throws<ArgumentException>(() => encoding.Describe(statistics, asProportions: true));
        Assert.Equal("slot 3 of column 'Features' is not from 0 to 1 in every row, as a Bernoulli likelihood needs. Use NormalizeMinMax, or another likelihood.", error.Message);
    }
}
