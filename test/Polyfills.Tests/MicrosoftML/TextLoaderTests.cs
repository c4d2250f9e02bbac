using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class TextLoaderTests : IDisposable
{
    private static readonly float NaN = float.NaN;

    private readonly MLContext _ml = new(1);
    private readonly List<string> _log = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("textloader");

    public TextLoaderTests() => _ml.Log += (_, e) => _log.Add(e.RawMessage);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a, b ", "a|b ")] // leading spaces don't count
    [InlineData("a,", "a|")]
    [InlineData("a", "a|")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"say \"\"hi\"\"\",c", "say \"hi\"|c")]
    [InlineData("  \"a\"  ,c", "a|c")]
    [InlineData("\"\",c", "|c")]
    [InlineData("a\"b\",c", "a\"b\"|c")] // a quote in the middle is nothing special
    [InlineData("\"open,c", "|")]
    [InlineData("\"a\"x,c", "|c")] // a fault: the field is empty, the next one isn't touched
    public void FieldsInQuotes(string line, string expected) => Assert.Equal(expected, Texts(line, quoting: true));

    [Theory]
    [InlineData("\"a,b\",c", "\"a|b\"")]
    [InlineData("\"a\",c", "\"a\"|c")]
    public void QuotesAreTextWhereTheyAreNotAllowed(string line, string expected) => Assert.Equal(expected, Texts(line, quoting: false));

    [Fact]
    public void AnotherCharacterMayEscapeQuotes()
        => Assert.Equal("say \"hi\"|c", Texts("\"say \\\"hi\\\"\",c", quoting: true, escape: '\\'));

    [Theory]
    [InlineData("1.5", 1.5f)]
    [InlineData("-2", -2f)]
    [InlineData("+3e-2", 0.03f)]
    [InlineData(".5", 0.5f)]
    [InlineData("5.", 5f)]
    [InlineData("0.1", 0.1f)]
    [InlineData("123456789012345678", 123456789012345678f)]
    [InlineData("1e38", 1e38f)]
    [InlineData("1e400", float.PositiveInfinity)]
    [InlineData("2.5  ", 2.5f)]
    [InlineData("Infinity", float.PositiveInfinity)]
    [InlineData("-\u221E", float.NegativeInfinity)]
    [InlineData("?", float.NaN)]
    [InlineData("NaN", float.NaN)]
    [InlineData("na", float.NaN)]
    [InlineData("N/A", float.NaN)]
    [InlineData("", 0f)] // nothing is nothing, unless MissingRealsAsNaNs says otherwise
    public void Numbers(string field, float expected)
    {
        Assert.Equal(expected, Load<float>($"x,{field},y", new("V", DataKind.Single, 1)).Single());
        Assert.Equal(double.IsNaN(expected), double.IsNaN(Load<double>($"x,{field},y", new("V", DataKind.Double, 1)).Single()));
        Assert.DoesNotContain(_log, message => message.Contains("Bad value"));
    }

    [Fact]
    public void DoublesAreRoundedCorrectly()
    {
        string[] texts = ["0.1", "3.141592653589793", "2.2250738585072014e-308", "1.7976931348623157E+308", "9007199254740993", "123.456e-7", "-0.000001"];
        Assert.Equal(texts.Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
            Load<double>(string.Join('\n', texts), new("V", DataKind.Double, 0)));
    }

    [Fact]
    public void WhatIsNoNumberIsMissingAndReported()
    {
        Assert.Equal([1, NaN, 3], Load<float>("1\nabc\n3", new("V", DataKind.Single, 0)));
        Assert.Contains(_log, message => message.Contains("Bad value at line 2 in column V"));
        Assert.Contains(_log, message => message.Contains("Processed 3 rows with 1 bad values and 0 format errors"));
    }

    [Theory]
    [InlineData(DataKind.Int32, "abc")]
    [InlineData(DataKind.Int32, "1.5")]
    [InlineData(DataKind.Byte, "256")]
    [InlineData(DataKind.Boolean, "maybe")]
    [InlineData(DataKind.DateTime, "someday")]
    public void TypesWithoutMissingValueThrow(DataKind kind, string field)
    {
        var view = _ml.Data.LoadFromTextFile(File($"{field}"), [new TextLoader.Column("V", kind, 0)]);
        using var cursor = view.GetRowCursor(view.Schema);
        string message = Assert.Throws<FormatException>(() => cursor.MoveNext()).Message;
        Assert.Contains($"Could not parse value {field}", message);
        Assert.Contains("line 1", message);
    }

    [Fact]
    public void OtherTypes()
    {
        Assert.Equal([true, false, true, false, true, false], Load<bool>("1\n0\nTrue\nno\nY\n\"\"", new("V", DataKind.Boolean, 0), quoting: true));
        Assert.Equal([-5, 0, 7], Load<int>("-5,\n,1\n7,1", new("V", DataKind.Int32, 0)));
        Assert.Equal([new DateTime(2024, 2, 29)], Load<DateTime>("2024-02-29", new("V", DataKind.DateTime, 0)));
        Assert.Equal([TimeSpan.FromMinutes(90)], Load<TimeSpan>("1:30:00", new("V", DataKind.TimeSpan, 0)));
    }

    [Fact]
    public void KeysCountFromZeroInText()
        => Assert.Equal([1u, 3, 0, 0, 0], Load<uint>("0\n2\n3\n?\nx", new("V", DataKind.UInt32, [new(0)], new KeyCount(3))));

    [Fact]
    public void EmptyRealsMayBeNaN()
    {
        var options = new TextLoader.Options
        {
            Separators = [','],
            MissingRealsAsNaNs = true,
            Columns = [new("S", DataKind.Single, 0), new("V", DataKind.Double, 1, 3), new("I", DataKind.UInt32, 4)],
        };
        var view = Load(",1,,3,\n2", options);
        Assert.Equal([NaN, 2], view.GetColumn<float>("S"));
        Assert.Equal([[1, double.NaN, 3], [double.NaN, double.NaN, double.NaN]], view.GetColumn<double[]>("V"));
        Assert.Equal([0u, 0], view.GetColumn<uint>("I"));
    }

    [Fact]
    public void DecimalComma()
    {
        var options = new TextLoader.Options { Separators = [';'], DecimalMarker = ',', Columns = [new("V", DataKind.Single, 0, 2)] };
        Assert.Equal([1.5f, -0.25f, NaN], Load("1,5;-,25;1.5", options).GetColumn<float[]>("V").Single());
        options.Separators = [','];
        Assert.Throws<ArgumentOutOfRangeException>(() => Load("1", options));
    }

    [Fact]
    public void RangesMakeVectors()
    {
        TextLoader.Column[] columns =
        [
            new("One", DataKind.Single, 0),
            new("Range", DataKind.Single, 1, 2),
            new("OneAsVector", DataKind.Single, 1, 1),
            new("Scattered", DataKind.Single, [new(0), new(2, 3)]),
        ];
        var view = _ml.Data.LoadFromTextFile(File("1,2,3,4\n5,6,7,8"), columns, ',');
        Assert.Same(NumberDataViewType.Single, view.Schema["One"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), view.Schema["Range"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1), view.Schema["OneAsVector"].Type);
        Assert.Equal([[1f, 3, 4], [5f, 7, 8]], view.GetColumn<float[]>("Scattered"));
    }

    [Fact]
    public void RangesToTheEndOfTheLine()
    {
        var options = new TextLoader.Options
        {
            Separators = [','],
            Columns =
            [
                new("Fixed", DataKind.Single, [new(1, null)]),
                new("Free", DataKind.Single, [new TextLoader.Range { Min = 1, VariableEnd = true }]),
            ],
        };
        var view = Load("1,2,3,4\n5,6,7,8", options);
        Assert.Equal(3, ((VectorDataViewType)view.Schema["Fixed"].Type).Size);
        Assert.False(((VectorDataViewType)view.Schema["Free"].Type).IsKnownSize);
        Assert.Equal([6f, 7, 8], view.GetColumn<float[]>("Free").Last());
        Assert.Contains("not consistent", Assert.Throws<ArgumentOutOfRangeException>(() => Load("1,2\n1,2,3", options)).Message);
        Assert.Contains("without valid data", Assert.Throws<ArgumentOutOfRangeException>(() => Load("", options)).Message);
    }

    [Fact]
    public void AllOtherFieldsAreThoseOfNoOtherColumn()
    {
        var options = new TextLoader.Options
        {
            Separators = [','],
            Columns = [new("Second", DataKind.Single, 1), new("Others", DataKind.Single, [new TextLoader.Range { Min = 0, Max = 3, AllOther = true }])],
        };
        Assert.Equal([1f, 3, 4], Load("1,2,3,4", options).GetColumn<float[]>("Others").Single());
    }

    [Fact]
    public void WithoutColumnsTheFirstFieldIsTheLabel()
    {
        var view = _ml.Data.LoadFromTextFile(File("1\t2\t3\n0\t4\t5"));
        Assert.Equal([1f, 0], view.GetColumn<float>("Label"));
        Assert.Equal([[2f, 3], [4f, 5]], view.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void OverlappingRangesAreRefused()
        => Assert.Contains("overlap", Assert.Throws<ArgumentOutOfRangeException>(() => Load<float>("1,2", new("V", DataKind.Single, [new(0, 1), new(1)]))).Message);

    [Fact]
    public void SparseLinesSayTheirSize()
    {
        var column = new TextLoader.Column("V", DataKind.Single, 0, 6);
        var view = _ml.Data.LoadFromTextFile(File("1,6,0:2,4:3\n1,2,3,4,5,6,7\n9,6,5:8"), [column], ',', allowSparse: true);
        Assert.Equal([[1f, 2, 0, 0, 0, 3, 0], [1f, 2, 3, 4, 5, 6, 7], [9f, 0, 0, 0, 0, 0, 8]], view.GetColumn<float[]>("V"));
        Assert.Equal([false, true, false], view.GetColumn<VBuffer<float>>("V").Select(vector => vector.IsDense));
    }

    [Fact]
    public void FaultySparseLinesAreReported()
    {
        _ = _ml.Data.LoadFromTextFile(File("1,6,4:3,2:1\n0:1,2"), [new TextLoader.Column("V", DataKind.Single, 0, 6)], ',', allowSparse: true).GetColumn<float[]>("V").Count();
        Assert.Contains(_log, message => message.Contains("Sparse indices out of order"));
        Assert.Contains(_log, message => message.Contains("Missing dimensionality"));
    }

    [Fact]
    public void HeaderIsSkippedAndNamesTheSlots()
    {
        var options = new TextLoader.Options { Separators = [','], HasHeader = true, Columns = [new("L", DataKind.Single, 0), new("F", DataKind.Single, 1, 3)] };
        var view = Load("label,width, height,\n1,2,3,4", options);
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["F"].GetSlotNames(ref names);
        Assert.Equal(["width", "height", ""], names.DenseValues().Select(name => name.ToString()));
        Assert.False(view.Schema["L"].HasSlotNames());
        Assert.Equal([1f], view.GetColumn<float>("L"));
    }

    [Fact]
    public void CommentsAndEmptyLinesAreSkipped()
        => Assert.Equal(["#3", "4"], Load<string>("# first\n// second\n\nheader\n#3\n// no\n\n4\n", new("V", DataKind.String, 0), hasHeader: true));

    [Theory]
    [InlineData("1\n2\n3")]
    [InlineData("1\r\n2\r\n3\r\n")]
    [InlineData("1\r2\r3\r")]
    [InlineData("\uFEFF1\n2\n\n3\n\n")]
    public void LineEndsOfAllSystems(string text) => Assert.Equal([1f, 2, 3], Load<float>(text, new("V", DataKind.Single, 0)));

    [Fact]
    public void LinesMayBeLongerThanAnyBuffer()
    {
        string name = new('x', 300_000);
        Assert.Equal([name, "short", name], Load<string>($"{name}\r\nshort\r\n{name}", new("V", DataKind.String, 0)));
    }

    [Fact]
    public void QuotedFieldsMayHaveLineEnds()
    {
        var options = new TextLoader.Options
        {
            Separators = [','],
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("T", DataKind.String, 0), new("N", DataKind.Single, 1)],
        };
        var view = Load("\"a\nb, \"\"c\"\"\n\",1\nplain,2", options);
        Assert.Equal(["a\nb, \"c\"\n", "plain"], view.GetColumn<string>("T"));
        Assert.Equal([1f, 2], view.GetColumn<float>("N"));
        Assert.Contains("never closed", Assert.Throws<FormatException>(() => Load("\"a\nb", options).GetColumn<string>("T").Count()).Message);
    }

    [Fact]
    public void WhiteSpaceAtTheEndOfALineIsTrimmedWhenAsked()
    {
        Assert.Equal(["b  "], Load<string>("a,b  ", new("V", DataKind.String, 1)));
        Assert.Equal(["b"], Load<string>("a,b  ", new("V", DataKind.String, 1), trim: true));
    }

    [Fact]
    public void SeveralSeparators()
    {
        var options = new TextLoader.Options { Separators = [',', ';', ' '], Columns = [new("V", DataKind.Single, 0, 3)] };
        Assert.Equal([1f, 2, 3, 4], Load("1,2;3 4", options).GetColumn<float[]>("V").Single());
        options.Separators = ['"'];
        Assert.Throws<ArgumentOutOfRangeException>(() => Load("1", options));
    }

    [Fact]
    public void TextStaysWhenTheCursorMovesOn()
    {
        var view = _ml.Data.LoadFromTextFile(File("first\nsecond"), [new TextLoader.Column("V", DataKind.String, 0)]);
        Assert.Equal(["first", "second"], view.GetColumn<ReadOnlyMemory<char>>("V").ToArray().Select(text => text.ToString()));
    }

    [Fact]
    public void OnlyActiveColumnsAreParsed()
    {
        var view = _ml.Data.LoadFromTextFile(File("1,abc"), [new TextLoader.Column("Good", DataKind.Int32, 0), new TextLoader.Column("Bad", DataKind.Int32, 1)], ',');
        Assert.Equal([1], view.GetColumn<int>("Good"));
        Assert.Throws<FormatException>(() => view.GetColumn<int>("Bad").Count());
    }

    [Fact]
    public void FileIsReadAnewByEveryCursor()
    {
        string path = File("1\n2");
        var view = _ml.Data.LoadFromTextFile(path, [new TextLoader.Column("V", DataKind.Single, 0)]);
        Assert.Null(view.GetRowCount());
        Assert.Equal([1f, 2], view.GetColumn<float>("V"));
        System.IO.File.WriteAllText(path, "3");
        Assert.Equal([3f], view.GetColumn<float>("V"));
    }

    [Fact]
    public void RowsAreLimitedWhenAsked()
        => Assert.Equal([1f, 2], Load("1\n2\n3", new TextLoader.Options { MaxRows = 2, Columns = [new("V", DataKind.Single, 0)] }).GetColumn<float>("V"));

    [Fact]
    public void MissingFileIsNamed()
    {
        string path = Path.Combine(_folder.FullName, "nowhere.csv");
        Assert.Contains(path, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Flower>(path)).Message);
        var loader = _ml.Data.CreateTextLoader<Flower>();
        Assert.Contains(path, Assert.ThrowsAny<IOException>(() => loader.Load(path).GetColumn<float>("Width").Count()).Message);
    }

    [Fact]
    public void SeveralFilesFollowEachOther()
    {
        var loader = _ml.Data.CreateTextLoader([new TextLoader.Column("V", DataKind.Single, 0)], hasHeader: true);
        string[] paths = [File("head\n1\n2", "a1.txt"), File("head\n3", "a2.txt")];
        Assert.Equal([1f, 2, 3], loader.Load(paths).GetColumn<float>("V"));
        Assert.Equal([1f, 2, 3], loader.Load(Path.Combine(_folder.FullName, "a*.txt")).GetColumn<float>("V"));
    }

    [Fact]
    public void AttributesOfAClassMakeTheColumns()
    {
        var view = _ml.Data.LoadFromTextFile<Flower>(File("iris,1.5,2,3,1\nrose,4,5,6,0"), ',');
        Assert.Equal(["Kind", "Width", "Rest", "Class"], view.Schema.Select(column => column.Name));
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), view.Schema["Class"].Type);
        var rows = _ml.Data.CreateEnumerable<Flower>(view, false).Select(row => (row.Name, row.Width, row.Rest[0], row.Rest[1], row.Class));
        Assert.Equal([("iris", 1.5f, 2f, 3f, 2u), ("rose", 4f, 5f, 6f, 1u)], rows);
        Assert.Contains("LoadColumnAttribute", Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateTextLoader<Sample>()).Message);
    }

    private string Texts(string line, bool quoting, char escape = '"')
    {
        var options = new TextLoader.Options { Separators = [','], AllowQuoting = quoting, EscapeChar = escape, Columns = [new("T", DataKind.String, 0, 1)] };
        return string.Join('|', Load(line, options).GetColumn<string[]>("T").Single());
    }

    private IEnumerable<T> Load<T>(string text, TextLoader.Column column, bool quoting = false, bool hasHeader = false, bool trim = false)
        => _ml.Data.LoadFromTextFile(File(text), [column], ',', hasHeader, quoting, trim).GetColumn<T>(column.Name).ToArray();

    private IDataView Load(string text, TextLoader.Options options) => _ml.Data.LoadFromTextFile(File(text), options);

    private string File(string text, string? name = null)
    {
        string path = Path.Combine(_folder.FullName, name ?? Path.GetRandomFileName());
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private sealed class Flower
    {
        [LoadColumn(0)]
        [ColumnName("Kind")]
        public string Name { get; set; } = "";

        [LoadColumn(1)]
        public float Width { get; set; }

        [LoadColumn(2, 3)]
        public float[] Rest { get; set; } = [];

        [LoadColumn(4)]
        [KeyType(2)]
        public uint Class { get; set; }
    }
}
