using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using Polyfills.Tests.OnnxRuntime;

namespace Polyfills.Tests.OnnxTransformer;

public sealed class OnnxTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public OnnxTransformerTests() => File.WriteAllBytes(_path, AffineModel.Bytes);

    private IDataView Rows => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Point { Id = i, X = [i, 1] }), Point.Schema);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void AllOutputsOfTheModelAreAddedAsVectorsOfABatchOfOne()
    {
        var transformed = _ml.Transforms.ApplyOnnxModel(_path).Fit(Rows).Transform(Rows);

        Assert.Equal(["Id", "x", "y", "sum"], transformed.Schema.Select(column => column.Name));
        Assert.Equal("Vector<Single, 1, 3>", transformed.Schema["y"].Type.ToString());
        Assert.Equal("Vector<Single, 1>", transformed.Schema["sum"].Type.ToString());
        Assert.Equal([[12f, 24f, 36f], [13f, 27f, 41f]], transformed.GetColumn<float[]>("y").Take(2));
        Assert.Equal([1f, 2, 3, 4, 5], transformed.GetColumn<float[]>("sum").Select(Assert.Single));
    }

    [Fact]
    public void TextsAndKeysAreTensorsOfTextsAndNumbersAndSlotsHaveTheirNames()
    {
        var rows = _ml.Data.LoadFromEnumerable(new[] { "zwölf", "", "no one" }.Select((text, i) => new Named { Text = text, Key = (uint)i }));
        var transformed = _ml.Transforms.ApplyOnnxModel(["both", "echo"], ["text", "key"], new MemoryStream(TextModel.Bytes)).Fit(rows).Transform(rows);
        Assert.Equal([[1f, 1], [2, 2], [3, 0]], transformed.GetColumn<float[]>("both"));
        Assert.Equal("Vector<String, 1, 1>", transformed.Schema["echo"].Type.ToString());
        Assert.Equal(["zwölf", "", "no one"], transformed.GetColumn<string[]>("echo").Select(Assert.Single));
        VBuffer<ReadOnlyMemory<char>> names = default;
        transformed.Schema["both"].GetSlotNames(ref names);
        Assert.Equal(["Place", "Key ü"], names.DenseValues().Select(name => name.ToString()));
        Assert.False(transformed.Schema["echo"].HasSlotNames());
    }

    [Fact]
    public void EstimatorPromisesWhatTheTransformerDoes()
    {
        var shape = _ml.Transforms.ApplyOnnxModel("sum", "x", _path).GetOutputSchema(SchemaShapeOf(Rows));
        var sum = shape.Single(column => column.Name == "sum");
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, sum.Kind);
        Assert.Equal(NumberDataViewType.Single, sum.ItemType);
        Assert.DoesNotContain(shape, column => column.Name == "y");
    }

    [Fact]
    public void OnlyActiveColumnsAreReadAndComputed()
    {
        var transformed = _ml.Transforms.ApplyOnnxModel(_path).Fit(Rows).Transform(Rows);
        using var ids = transformed.GetRowCursor([transformed.Schema["Id"]]);
        Assert.True(ids.MoveNext());
        Assert.False(ids.IsColumnActive(transformed.Schema["y"]));
        using var sums = transformed.GetRowCursor([transformed.Schema["sum"]]);
        Assert.True(sums.MoveNext());
        var sum = default(VBuffer<float>);
        sums.GetGetter<VBuffer<float>>(transformed.Schema["sum"])(ref sum);
        Assert.Equal([1f], sum.DenseValues());
        Assert.False(sums.IsColumnActive(transformed.Schema["y"]));
    }

    [Fact]
    public void StreamOfTheModelIsReadFromItsStart()
    {
        using var stream = new MemoryStream(AffineModel.Bytes);
        stream.Position = 7;
        var model = _ml.Transforms.ApplyOnnxModel(["sum"], ["x"], stream).Fit(Rows);
        Assert.Equal(["Id", "x", "sum"], model.GetOutputSchema(Rows.Schema).Select(column => column.Name));
    }

    [Fact]
    public void SavedModelHoldsTheOnnxBytesBehindTheirLengthAndComesBack()
    {
        var model = _ml.Transforms.CopyColumns("Copy", "Id").Append(_ml.Transforms.ApplyOnnxModel(["sum", "y"], ["x"], _path)).Fit(Rows);
        using var file = new MemoryStream();
        _ml.Model.Save(model, Rows.Schema, file);

        using (var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true))
        {
            Assert.Equal([.. BitConverter.GetBytes(AffineModel.Bytes.Length), .. AffineModel.Bytes], Bytes(zip, "TransformerChain/Transform_001/OnnxModel"));
            var header = Bytes(zip, "TransformerChain/Transform_001/Model.key");
            Assert.Equal("ONNXSCOR"u8, header.AsSpan(0x40, 8));
            Assert.Equal("OnnxTransform"u8, header.AsSpan(0x50, 13));
            Assert.Equal(0x00010003, BitConverter.ToInt32(header, 0x48));
            Assert.Contains("Microsoft.ML.OnnxTransformer, Version=", System.Text.Encoding.Unicode.GetString(header, 0, header.Length / 2 * 2)
                + System.Text.Encoding.Unicode.GetString(header, 1, (header.Length - 1) / 2 * 2));
        }

        File.Delete(_path);   // the zip is all that is needed
        var loaded = new MLContext().Model.Load(file, out var schema);
        Assert.Equal(["Id", "x"], schema.Select(column => column.Name));
        Assert.IsType<Microsoft.ML.Transforms.Onnx.OnnxTransformer>(((TransformerChain<ITransformer>)loaded).LastTransformer);
        var transformed = loaded.Transform(Rows);
        Assert.Equal(["Id", "x", "Copy", "sum", "y"], transformed.Schema.Select(column => column.Name));
        Assert.Equal([12f, 24f, 36f], transformed.GetColumn<float[]>("y").First());
    }

    [Fact]
    public void ModelFromAFileIsReadAgainWhenItIsSaved()
    {
        var model = _ml.Transforms.ApplyOnnxModel(_path).Fit(Rows);
        File.Delete(_path);
        Assert.Throws<FileNotFoundException>(() => _ml.Model.Save(model, Rows.Schema, new MemoryStream()));
    }

    [Fact]
    public void PredictionEngineRunsIt()
    {
        var model = _ml.Transforms.ApplyOnnxModel(_path).Fit(Rows);
        using var engine = _ml.Model.CreatePredictionEngine<Point, Result>(model, inputSchemaDefinition: Point.Schema);
        for (int i = 0; i < 3; i++) Assert.Equal([12f + i, 24f + (3 * i), 36f + (5 * i)], engine.Predict(new() { X = [i, 1] }).Y);
    }

    [Fact]
    public void ColumnsThatDoNotFitAreNamed()
    {
        var estimator = _ml.Transforms.ApplyOnnxModel(_path);
        string Refused(object[] rows, string column)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn(column, new VectorDataViewType(rows[0] is float ? NumberDataViewType.Single : NumberDataViewType.Double, rows.Length));
            return Assert.ThrowsAny<Exception>(() => estimator.Fit(Rows).GetOutputSchema(builder.ToSchema())).Message;
        }

        Assert.StartsWith("Could not find input column 'x'", Refused([1f, 1f], "z"));
        Assert.StartsWith("Schema mismatch for input column 'x': expected Single, got Vector<Double, 2>", Refused([1.0, 1.0], "x"));
        Assert.Equal("Input shape mismatch: Input 'x' has shape 1,2, but input data is of length 3.", Refused([1f, 1f, 1f], "x"));
        Assert.Contains("Ouput tensor, none, does not exist in the ONNX model. Available output names are [y,sum].",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel("none", "x", _path)).Message);
        Assert.Contains("Input tensor, none, does not exist in the ONNX model. Available input names are [x].",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel("y", "none", _path).Fit(Rows)).Message);
    }

    [Fact]
    public void FileThatIsNotThereOrNoModelIsAnError()
    {
        Assert.Equal("Model file none.onnx does not exists.", Assert.Throws<IOException>(() => _ml.Transforms.ApplyOnnxModel("none.onnx")).Message);
        Assert.StartsWith("Error initializing model :", Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(new MemoryStream([1, 2, 3]))).Message);
    }

    [Fact]
    public void ShapesOfTheCallerTakeThePlaceOfOpenOnes()
    {
        var shapes = new Dictionary<string, int[]> { ["y"] = [1, 3], ["x"] = [1, 2] };
        var model = _ml.Transforms.ApplyOnnxModel(_path, shapes).Fit(Rows);
        Assert.Equal([12f, 24f, 36f], model.Transform(Rows).GetColumn<float[]>("y").First());
        Assert.Contains("The specified shape 1,4 is not compatible with the shape -1,3", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ApplyOnnxModel(_path, new Dictionary<string, int[]> { ["y"] = [1, 4] })).Message);
    }

    [Fact]
    public void GpuThatIsNotThereIsAnErrorUnlessTheCpuMayDo()
    {
        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider")) return;   // this library can
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(_path, gpuDeviceId: 0));
        Assert.NotNull(_ml.Transforms.ApplyOnnxModel(_path, gpuDeviceId: 0, fallbackToCpu: true).Fit(Rows));
        _ml.GpuDeviceId = 0;
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(_path));
        _ml.FallbackToCpu = true;
        Assert.NotNull(_ml.Transforms.ApplyOnnxModel(_path).Fit(Rows));
    }

    [Fact]
    public void OptionsOfTheEnvironmentMakeTheSession()
    {
        int made = 0;
        _ml.SetOnnxSessionOption(new OnnxSessionOptions
        {
            CreateSessionOptions = () =>
            {
                made++;
                return new SessionOptions { IntraOpNumThreads = 1 };
            },
        });
        Assert.NotNull(_ml.GetOnnxSessionOption());
        _ml.Transforms.ApplyOnnxModel(new OnnxOptions { ModelFile = _path, InputColumns = ["x"], OutputColumns = ["y"] }).Fit(Rows);
        Assert.Equal(1, made);
    }

    [Fact]
    public void DisposedTransformerCannotRun()
    {
        var model = _ml.Transforms.ApplyOnnxModel(_path).Fit(Rows);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Transform(Rows).GetColumn<float[]>("y").ToArray());
    }

    private static byte[] Bytes(ZipArchive zip, string entry)
    {
        using var bytes = new MemoryStream();
        using var stream = zip.GetEntry(entry)!.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static SchemaShape SchemaShapeOf(IDataView view)
    {
        SchemaShape? shape = null;
        new EstimatorChain<ITransformer>().Append(new Probe(s => shape = s)).Fit(view);
        return shape!;
    }

    private sealed class Probe(Action<SchemaShape> see) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            see(inputSchema);
            return inputSchema;
        }
    }

    private sealed class Point
    {
        public static SchemaDefinition Schema
        {
            get
            {
                var schema = SchemaDefinition.Create(typeof(Point));
                schema["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
                return schema;
            }
        }

        public int Id { get; set; }

        [ColumnName("x")]
        public float[] X { get; set; } = [];
    }

    private sealed class Named
    {
        [ColumnName("text")]
        public string Text { get; set; } = "";

        [ColumnName("key"), KeyType(2)]
        public uint Key { get; set; }
    }

    private sealed class Result
    {
        [ColumnName("y")]
        public float[] Y { get; set; } = [];
    }
}
