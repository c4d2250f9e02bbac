using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class TextSaverTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void SavedTextIsReadable()
    {
        Assert.Equal("Id,Number,Text,\"\",\"\"\n0,0.5,plain,1,?\n1,-2,\"a \"\"b\"\", c\",0,Infinity\n", Save(separator: ',', schema: false).ReplaceLineEndings("\n"));
        Assert.Equal("0 0.5 plain 1 ?", Save(separator: ' ', schema: false, headerRow: false).ReplaceLineEndings("\n").Split('\n')[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Save(separator: '/'));
    }

    [Fact]
    public void SavedTextSaysHowToLoadIt()
    {
        Save('\t');
        var view = _ml.Data.LoadFromTextFile(_path);
        Assert.Equal([0, 1], view.Ids());
        Assert.Equal([0.5f, -2], view.GetColumn<float>("Number"));
        Assert.Equal([[1, float.NaN], [0, float.PositiveInfinity]], view.GetColumn<float[]>("Vector"));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), view.Schema["Vector"].Type);
    }

    [Fact]
    public void TextSurvivesWithQuoting()
    {
        string[] texts = ["plain", "", " leading", "a,b", "\"quoted\"", "3:4", "tab\there"];
        var view = _ml.Data.LoadFromEnumerable(texts.Select(text => new Sample { Text = text, Vector = [0, 0] }));
        using (var stream = File.Create(_path))
            _ml.Data.SaveAsText(view, stream, ',', headerRow: false, schema: false, forceDense: true);
        Assert.Equal(texts, _ml.Data.LoadFromTextFile(_path, [new TextLoader.Column("Text", DataKind.String, 2)], ',', allowQuoting: true).GetColumn<string>("Text"));
    }

    [Fact]
    public void NumbersKeysAndTimesSurviveExactly()
    {
        var rows = Enumerable.Range(0, 50).Select(i => new Kinds
        {
            Single = MathF.Sqrt(i) * MathF.Pow(10, i - 25),
            Double = Math.Sqrt(i) / 3e100,
            Key = (uint)i % 5,
            Flag = i % 2 == 0,
            Time = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(i * 1234567L),
        }).ToArray();
        using (var stream = File.Create(_path))
            _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(rows), stream);
        var view = _ml.Data.LoadFromTextFile(_path);
        Assert.Equal(rows.Select(row => row.Single), view.GetColumn<float>("Single"));
        Assert.Equal(rows.Select(row => row.Double), view.GetColumn<double>("Double"));
        Assert.Equal(rows.Select(row => row.Key < 4 ? row.Key + 1 : 0), view.GetColumn<uint>("Key"));
        Assert.Equal(rows.Select(row => row.Flag), view.GetColumn<bool>("Flag"));
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), view.Schema["Key"].Type);
        var times = _ml.Data.LoadFromTextFile(_path, [new TextLoader.Column("Time", DataKind.DateTime, 4)], hasHeader: true, allowQuoting: true);
        Assert.Equal(rows.Select(row => row.Time), times.GetColumn<DateTime>("Time"));
    }

    [Fact]
    public void MostlyEmptyRowsAreSavedSparsely()
    {
        var vectors = new[] { new VBuffer<float>(100, 2, [1.5f, 2], [7, 90]), new VBuffer<float>(100, 0, [], []), new VBuffer<float>(100, [.. Enumerable.Range(1, 100).Select(i => (float)i)]) };
        var view = _ml.Data.LoadFromEnumerable(vectors.Select(vector => new Vectors { Label = 1, Vector = vector }));
        string Saved(bool forceDense)
        {
            using (var stream = File.Create(_path))
                _ml.Data.SaveAsText(view, stream, headerRow: false, schema: false, forceDense: forceDense);
            return File.ReadAllText(_path);
        }
        Assert.Equal("1\t100\t7:1.5\t90:2", Saved(forceDense: false).Split('\n')[0].TrimEnd());
        TextLoader.Column[] columns = [new("Label", DataKind.Single, 0), new("Vector", DataKind.Single, 1, 100)];
        var loaded = _ml.Data.LoadFromTextFile(_path, columns, allowSparse: true);
        Assert.Equal(vectors.Select(vector => vector.DenseValues()), loaded.GetColumn<float[]>("Vector"));
        Assert.Equal(101, Saved(forceDense: true).Split('\n')[0].Split('\t').Length);
    }

    [Fact]
    public void SlotNamesAreInTheHeader()
    {
        var definition = SchemaDefinition.Create(typeof(Sample));
        definition["Vector"].AddAnnotation("SlotNames", new[] { "left", "right side" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        using (var stream = File.Create(_path))
            _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(Sample.Rows(2), definition), stream);
        VBuffer<ReadOnlyMemory<char>> names = default;
        _ml.Data.LoadFromTextFile(_path).Schema["Vector"].GetSlotNames(ref names);
        Assert.Equal(["left", "right side"], names.DenseValues().Select(name => name.ToString()));
    }

    private string Save(char separator, bool schema = true, bool headerRow = true)
    {
        Sample[] rows =
        [
            new() { Id = 0, Number = 0.5f, Text = "plain", Vector = [1, float.NaN] },
            new() { Id = 1, Number = -2, Text = "a \"b\", c", Vector = [0, float.PositiveInfinity] },
        ];
        using (var stream = File.Create(_path))
            _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(rows), stream, separator, headerRow, schema);
        return File.ReadAllText(_path);
    }

    private sealed class Kinds
    {
        public float Single { get; set; }

        public double Double { get; set; }

        [KeyType(4)]
        public uint Key { get; set; }

        public bool Flag { get; set; }

        public DateTime Time { get; set; }
    }

    private sealed class Vectors
    {
        public float Label { get; set; }

        [VectorType(100)]
        public VBuffer<float> Vector { get; set; }
    }
}
