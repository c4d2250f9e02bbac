using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

/// <summary>Columns of every type come back as they were: type, values, missing ones, annotations.</summary>
public sealed class TableTypesTests
{
    private static readonly MLContext Ml = Coding.Ml;

    private static void ComesBack<T>(params T[] values)
    {
        var view = Coding.View(Enumerable.Repeat(values, 10).SelectMany(v => v));   // each as often as it takes to be kept
        var column = Coding.Learn(view);
        var encoded = Coding.Encode(column, view);
        Assert.Equal(1, column.Width);
        Assert.Equal(values.Length, encoded.Select(row => row[0]).Distinct().Count());
        var decoded = Coding.Decode(column, encoded);
        Assert.Equal(view.Schema["Value"].Type, decoded.Schema["Value"].Type);
        Assert.Equal(view.GetColumn<T>("Value"), decoded.GetColumn<T>("Value"));
    }

    [Fact]
    public void Texts() => ComesBack("Bachelors", "HS-grad", "école", "a,b\"c");

    [Fact]
    public void Booleans() => ComesBack(true, false);

    [Fact]
    public void Integers()
    {
        ComesBack<sbyte>(-128, 127, 3);
        ComesBack<byte>(0, 255, 7);
        ComesBack<short>(short.MinValue, short.MaxValue, 0);
        ComesBack<ushort>(0, ushort.MaxValue, 5);
        ComesBack(int.MinValue, int.MaxValue, -1);
        ComesBack<uint>(0, uint.MaxValue, 17);
        ComesBack<long>(long.MinValue, long.MaxValue, (1L << 62) + 1, 0);
        ComesBack<ulong>(0, ulong.MaxValue, (1UL << 63) + 1, 12);
    }

    [Fact]
    public void RealNumbers()
    {
        ComesBack(0.1f, 1e-30f, float.MaxValue, -2.5f, float.NaN);
        ComesBack(0.1, 1 / 3.0, double.MaxValue, double.Epsilon, -1e300, double.NaN);
        ComesBack(0.1, 123456.789, -0.001);
    }

    [Fact]
    public void DatesAndSpansOfTime()
    {
        ComesBack(new DateTime(2024, 2, 29), DateTime.MaxValue, DateTime.MinValue);
        ComesBack(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero), DateTimeOffset.MinValue);
        ComesBack(TimeSpan.FromSeconds(90), TimeSpan.MinValue, TimeSpan.MaxValue);
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public byte Small { get; set; }

        [KeyType(ulong.MaxValue)]
        public ulong Large { get; set; }

        public string Text { get; set; } = "";
    }

    [Fact]
    public void KeysWithTheirValues()
    {
        string[] texts = ["b", "a", "", "c"];
        var rows = Enumerable.Range(0, 40).Select(i => new Keyed { Small = (byte)(i % 4), Large = i % 2 == 0 ? ulong.MaxValue - 1 : 1, Text = texts[i % 4] });
        var view = Ml.Transforms.Conversion.MapValueToKey("Text").Fit(Ml.Data.LoadFromEnumerable(rows)).Transform(Ml.Data.LoadFromEnumerable(rows));
        foreach (string name in new[] { "Small", "Large" })
        {
            var column = Coding.Learn(view, name: name);
            var decoded = Coding.Decode(column, Coding.Encode(column, view));
            Assert.Equal(view.Schema[name].Type, decoded.Schema[name].Type);
            if (name == "Small") Assert.Equal(view.GetColumn<byte>(name), decoded.GetColumn<byte>(name));
            else Assert.Equal(view.GetColumn<ulong>(name), decoded.GetColumn<ulong>(name));
        }

        var keys = Coding.Learn(view, name: "Text");
        var again = Coding.Decode(keys, Coding.Encode(keys, view));
        Assert.Equal(view.GetColumn<uint>("Text"), again.GetColumn<uint>("Text"));
        Assert.Contains(0u, again.GetColumn<uint>("Text"));   // the missing text
        VBuffer<ReadOnlyMemory<char>> values = default;
        again.Schema["Text"].GetKeyValues(ref values);
        Assert.Equal(["b", "a", "c"], values.DenseValues().Select(value => value.ToString()));
    }

    private sealed class Measured
    {
        public float First { get; set; }

        public float Second { get; set; }
    }

    [Fact]
    public void SlotsOfAVectorWithTheirNames()
    {
        var rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(i => new Measured { First = i % 3 == 0 ? float.NaN : i % 3, Second = i * 0.5f }));
        var view = Ml.Transforms.Concatenate("Value", "First", "Second").Fit(rows).Transform(rows);
        var column = Coding.Learn(view);
        Assert.Equal(3, column.Width);   // a token, and a token with a position
        Assert.Equal(["Value.First", "Value.Second"], column.TokenColumns(0).Select(token => token.Name));
        Assert.Equal(
            [new FeatureSpan("Value", 7, 1, SpanKind.Token, 3), new FeatureSpan("Value", 8, 1, SpanKind.Token, column.Codes[1].Categories), new FeatureSpan("Value", 9, 1, SpanKind.Position)],
            column.Spans(7));
        Assert.Equal(["slot 0 of column 'Value'", "slot 1 of column 'Value'", "slot 1 of column 'Value'"], Enumerable.Range(0, 3).Select(column.Describe));

        var decoded = Coding.Decode(column, Coding.Encode(column, view));
        Assert.Equal(view.Schema["Value"].Type, decoded.Schema["Value"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        decoded.Schema["Value"].GetSlotNames(ref names);
        Assert.Equal(["First", "Second"], names.DenseValues().Select(name => name.ToString()));
        foreach (var (was, now) in view.GetColumn<float[]>("Value").Zip(decoded.GetColumn<float[]>("Value")))
        {
            Assert.Equal(was[0], now[0]);
            Assert.Equal(Math.Clamp(was[1], 2, 197), now[1]);   // but for the ends, which five rows or more reach
        }
    }

    [Fact]
    public void AColumnThatIsEntirelyMissingIsOneToken()
    {
        foreach (var column in new[] { Coding.Learn(Coding.View(Enumerable.Repeat("", 30))), Coding.Learn(Coding.View(Enumerable.Repeat(double.NaN, 30))) })
        {
            Assert.Equal([30], column.TokenColumns(0).Single().Counts);
            Assert.Equal(0, column.TokenColumns(0).Single().Missing);
        }
        Assert.Equal([double.NaN], Coding.Decode<double>(Coding.Learn(Coding.View(Enumerable.Repeat(double.NaN, 30))), [[0]]));
        Assert.Equal([""], Coding.Decode<string>(Coding.Learn(Coding.View(Enumerable.Repeat("", 30))), [[0]]));
        var error = Assert.Throws<ArgumentException>(() => Coding.EncodeOne(Coding.Learn(Coding.View(Enumerable.Repeat(double.NaN, 30))), 2.5));
        Assert.Equal("Row 0 has 2.5 in column 'Value', which had no value in any row that the model learnt from. Leave it out of the columns.", error.Message);
    }

    [Fact]
    public void AConstantColumnIsOneToken()
    {
        var column = Coding.Learn(Coding.View(Enumerable.Repeat(17.25, 30)));
        Assert.Equal((1, 1), (column.Width, column.Codes[0].Categories));
        Assert.Equal([17.25], Coding.Decode<double>(column, [[0]]));
        Assert.Equal(0, (int)Coding.EncodeOne(column, 99.0)[0]);   // the nearest number

        var few = Coding.Learn(Coding.View(Enumerable.Repeat(4, 3)));   // in fewer rows than an end takes
        Assert.Equal([4], Coding.Decode<int>(few, [Coding.EncodeOne(few, 4)]));
    }

    [Fact]
    public void MissingValuesAreATokenIfThereWereAny()
    {
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? double.NaN : i % 3)));
        Assert.Equal(0, column.TokenColumns(0).Single().Missing);
        Assert.Equal(10, column.TokenColumns(0).Single().Counts[0]);
        Assert.Equal([0], Coding.EncodeOne(column, double.NaN));
        Assert.Equal([float.NaN], Coding.Encode(column, Coding.View([double.NaN]), MissingCells.Unknown)[0]);

        var whole = Coding.Learn(Coding.View(Enumerable.Range(0, 1000).Select(i => i * 0.37)));
        Assert.Null(whole.TokenColumns(0).Single().Missing);
        Assert.Equal([float.NaN, float.NaN], Coding.Encode(whole, Coding.View([double.NaN]), MissingCells.Unknown)[0]);
        var error = Assert.Throws<ArgumentException>(() => Coding.EncodeOne(whole, double.NaN));
        Assert.Equal("Row 0 has no value in column 'Value', and no row that the model learnt from was without one. Use ReplaceMissingValues, or filter the row out.", error.Message);
    }

    [Fact]
    public void WithoutRowsThereIsNothingToLearnAndNoError()
    {
        Assert.Equal(0, Coding.Learn(Coding.View(Array.Empty<string>())).Codes[0].Categories);
        Assert.Equal(0, Coding.Learn(Coding.View(Array.Empty<double>())).Codes[0].Categories);
        Assert.Equal(0, Coding.Learn(Coding.View(Array.Empty<int>())).Codes[0].Categories);
    }

    [Fact]
    public void ModelsOfNumbersRefuseTables()
    {
        string Refused(MadeOptions options) => Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMade(options)).Message;
        Assert.Equal(
            "MadeOptions: InputColumnNames is [Age, Job]; it must be null for a model of kind 'made', which learns a column of features: name it with FeatureColumnName.",
            Refused(new MadeOptions { InputColumnNames = ["Age", "Job"] }));
        string several = Refused(new MadeOptions { InputColumnNames = ["Age", "", "Age"], LabelColumnName = "Age" });
        Assert.Contains("InputColumnNames is [Age, , Age]; it must be the names of one or more columns.", several, StringComparison.Ordinal);
        Assert.Contains("InputColumnNames is [Age, , Age]; it must be different names.", several, StringComparison.Ordinal);
        Assert.Contains("LabelColumnName is Age; it must be another column than the features.", several, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeLearntIsRefused()
    {
        var infinite = Assert.Throws<ArgumentException>(() => Coding.Learn(Coding.View([1, float.PositiveInfinity])));
        Assert.Equal("Row 1 has Infinity in column 'Value'; the rows to learn from must be finite, or missing (NaN). Filter the row out.", infinite.Message);
        var later = Assert.Throws<ArgumentException>(() => Coding.EncodeOne(Coding.Learn(Coding.View([1f, 2f])), float.NegativeInfinity));
        Assert.Equal("Row 0 has -Infinity in column 'Value'; numbers must be finite, or missing (NaN). Filter the row out.", later.Message);
        var missing = Assert.Throws<ArgumentException>(() => Coding.Learn(Coding.View([1f]), name: "Age"));
        Assert.StartsWith("Column 'Age' is not there; the columns are 'Value'. It must be a text, a key, a Boolean, ", missing.Message, StringComparison.Ordinal);
        var texts = Assert.Throws<ArgumentException>(() => Coding.Learn(Ml.Data.LoadFromEnumerable(new[] { new Words() })));
        Assert.StartsWith("Column 'Value' is Vector<String>; it must be ", texts.Message.Replace("Vector<Text>", "Vector<String>", StringComparison.Ordinal), StringComparison.Ordinal);
        var other = Assert.Throws<ArgumentException>(() => Coding.Learn(Coding.View([1f])).Check(Coding.View([1.0]).Schema));
        Assert.Equal("Column 'Value' is Double; the model was trained on Single. Convert it, or fit the pipeline again.", other.Message);
    }

    private sealed class Words
    {
        [VectorType(2)]
        public string[] Value { get; set; } = ["a", "b"];
    }
}
