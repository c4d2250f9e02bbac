using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

public class TableOnnxTests
{
    private readonly MLContext _ml = new(1);

    private GenerativeTransformer Fit(IEnumerable<string> columns, IEnumerable<TypedRow>? rows = null, string model = "table", bool conditioned = false)
    {
        GenerativeOptions options = model == "vae" ? new VaeOptions { HiddenSizes = [32] } : new TableOptions { HiddenSize = 32, ColumnHiddenSize = 8 };
        options = options with { InputColumnNames = [.. columns], Training = new() { Steps = 30 }, LabelColumnName = conditioned ? "Label" : null, ContextColumnName = conditioned ? "Context" : null };
        var view = TypedRows.View(_ml, rows ?? TypedRows.Make(1000, 1));
        return options is VaeOptions vae ? _ml.Generative.TrainVae(vae).Fit(view) : _ml.Generative.TrainTable((TableOptions)options).Fit(view);
    }

    private byte[] Export(GenerativeTransformer model, OnnxGraph graph)
    {
        using var stream = new MemoryStream();
        _ml.Generative.ExportOnnx(model, stream, graph);
        return stream.ToArray();
    }

    [Theory]
    [InlineData("table", OnnxGraph.Score, "Score")]
    [InlineData("table", OnnxGraph.LogDensity, "LogDensity")]
    [InlineData("table", OnnxGraph.ColumnScores, "ColumnScores")]
    [InlineData("vae", OnnxGraph.Score, "Score")]
    [InlineData("vae", OnnxGraph.Encode, "Latent")]
    public void AGraphTakesColumnsOfAllTypesAsTheyAre(string name, OnnxGraph graph, string column)
    {
        using var model = Fit(TypedRows.Columns, model: name);
        var rows = TypedRows.Make(1000, 2, others: true);
        using var session = new InferenceSession(Export(model, graph));
        using var results = session.Run(TypedRows.ToOnnx(rows, TypedRows.Columns));
        AssertClose(Models.Floats(model.Transform(TypedRows.View(_ml, rows)), column), [.. results.Single(result => result.Name == column).AsTensor<float>()]);
    }

    [Fact]
    public void AnExportedGraphRunsInAPipelineOnTheColumnsThemselves()
    {
        using var model = Fit(TypedRows.Columns.Except(["Date", "Moment", "Duration"]));   // which an ONNX step does not take
        var view = TypedRows.View(_ml, TypedRows.Make(100, 2));
        using var stream = new MemoryStream(Export(model, OnnxGraph.ColumnScores));
        var actual = _ml.Transforms.ApplyOnnxModel(["ColumnScores"], [.. model.Model.InputColumns], stream).Fit(view).Transform(view);
        AssertClose(Models.Floats(model.Transform(view), "ColumnScores"), Models.Floats(actual, "ColumnScores"));
    }

    [Theory]
    [InlineData("table", false)]
    [InlineData("table", true)]
    [InlineData("vae", true)]
    public void AZipTakesColumnsOfAllTypes(string name, bool conditioned)
    {
        using var model = Fit(TypedRows.Columns, model: name, conditioned: conditioned);
        var rows = TypedRows.View(_ml, TypedRows.Make(1000, 2, others: true));
        using var stream = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, stream);
        var loaded = new MLContext().Model.Load(stream, out _);
        Assert.All((TransformerChain<ITransformer>)loaded, step => Assert.DoesNotContain("Generative", step.GetType().Assembly.GetName().Name!, StringComparison.Ordinal));

        IDataView expected = model.Transform(rows), actual = loaded.Transform(rows);
        Assert.Equal(expected.Schema.Select(column => column.Name).Distinct().Order(), actual.Schema.Select(column => column.Name).Distinct().Order());
        Assert.All(expected.Schema.Where(column => !column.IsHidden), column => Assert.Equal(column.Type, actual.Schema[column.Name].Type));
        foreach (string column in model.Model.Outputs.Select(output => output.Name).Except(["PredictedLabel"])) AssertClose(Models.Floats(expected, column), Models.Floats(actual, column));
        Assert.Equal(expected.GetColumn<bool>("PredictedLabel"), actual.GetColumn<bool>("PredictedLabel"));
        Assert.All(expected.Schema.Where(column => column.HasSlotNames()), column => Assert.Equal(SlotNames.Of(column.Annotations), SlotNames.Of(actual.Schema[column.Name].Annotations)));
        Assert.Equal(expected.GetColumn<DateTime>("Date"), actual.GetColumn<DateTime>("Date"));
        Assert.Equal(expected.GetColumn<string>("Text"), actual.GetColumn<string>("Text"));
    }

    [Fact]
    public void ColumnsMayHaveTheNamesOfWhatIsAdded()
    {
        var names = _ml.Transforms.CopyColumns("Score", "Text").Append(_ml.Transforms.CopyColumns("PredictedLabel", "Date")).Append(_ml.Transforms.CopyColumns("ColumnScores", "Slots"));
        var view = TypedRows.View(_ml, TypedRows.Make(300, 1));
        var renamed = names.Fit(view).Transform(view);
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Score", "PredictedLabel", "ColumnScores"], Training = new() { Steps = 30 } }).Fit(renamed);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, renamed.Schema, stream);
        IDataView expected = model.Transform(renamed), actual = _ml.Model.Load(stream, out _).Transform(renamed);
        foreach (string column in new[] { "Score", "LogDensity", "ColumnScores" }) AssertClose(Models.Floats(expected, column), Models.Floats(actual, column));
        Assert.Equal(expected.GetColumn<bool>("PredictedLabel"), actual.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void NumbersOutsideHaveTheSameScore()
    {
        using var model = Fit(["Int32", "UInt8", "Single", "Decimal", "Date"]);
        var rows = TypedRows.Make(200, 2);
        float before = Models.Floats(model.Transform(TypedRows.View(_ml, rows)), "Score").Average();
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Int32 += 1_000_000 * (i % 3);
            rows[i].UInt8 = (byte)Math.Min(255, rows[i].UInt8 + i);
            rows[i].Single *= i;
            rows[i].Decimal -= i / 100.0;
            rows[i].Date = rows[i].Date.AddDays(i * i);
        }
        var view = TypedRows.View(_ml, rows);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        float[] expected = Models.Floats(model.Transform(view), "Score"), actual = Models.Floats(_ml.Model.Load(stream, out _).Transform(view), "Score");
        Assert.True(expected.Average() > before + 3, $"{expected.Average()} after {before}");
        // a token and how far outside of it share the digits of one number
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void ARowThatCannotBeEncodedHasNoNumbers()
    {
        using var model = Fit(["Decimal", "Single", "Flag"]);
        var rows = TypedRows.Make(5, 2);
        rows[1].Decimal = double.NaN;   // of which training had none
        rows[2].Decimal = double.NegativeInfinity;
        rows[3].Single = float.PositiveInfinity;
        rows[4].Single = float.NaN;
        Assert.All(new[] { 1, 2, 3 }, row => Assert.Throws<ArgumentException>(() => Models.Floats(model.Transform(TypedRows.View(_ml, rows[row..(row + 1)])), "Score")));
        using var session = new InferenceSession(Export(model, OnnxGraph.Score));
        using var results = session.Run(TypedRows.ToOnnx(rows, ["Decimal", "Single", "Flag"]));
        Assert.Equal([true, false, false, false, true], results[0].AsTensor<float>().Select(float.IsFinite));

        using var stream = new MemoryStream();
        var view = TypedRows.View(_ml, rows);
        _ml.Model.Save(model, view.Schema, stream);
        var actual = _ml.Model.Load(stream, out _).Transform(view);
        Assert.Equal([true, false, false, false, true], actual.GetColumn<float>("Score").Select(float.IsFinite));
        Assert.Equal([true, false, false, false, true], actual.GetColumn<float[]>("ColumnScores").Select(scores => scores.All(float.IsFinite)));
        Assert.Equal([false, false, false], actual.GetColumn<bool>("PredictedLabel").Skip(1).Take(3));
    }

    [Fact]
    public void TheSameNoiseGivesTheSameRows()
    {
        string[] columns = [.. TypedRows.Learnt];
        using var scope = torch.NewDisposeScope();
        using var model = Fit(columns, TypedRows.Make(2000, 1));
        using var inference = torch.inference_mode();
        const int Count = 500;
        using var generator = new torch.Generator(7);
        float[] drawn = ((ISampler)model.Model.Network).Sample(Count, null, generator).ToFloats();
        using var again = new torch.Generator(7);
        var noise = torch.cat(((IOnnxExportable)model.Model.Network).NoiseWidths.Select(width => torch.empty(Count, width).normal_(0, 1, again)).ToList(), 1);
        using var session = new InferenceSession(Export(model, OnnxGraph.Sample));
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(noise.ToFloats(), [Count, (int)noise.shape[1]]))]);

        var expected = new SampleDataView(new Drawn(drawn, model.Model.Encoding.Width), [.. model.Model.Encoding.SampleColumns()], Count);
        Assert.Equal(columns, results.Select(result => result.Name));
        foreach (var result in results)
        {
            List<object> values = [.. Values(expected, result.Name)], numbers = [.. ((System.Collections.IEnumerable)result.Value).Cast<object>()];
            Assert.Equal(values.Count, numbers.Count);
            foreach (var (value, actual) in values.Zip(numbers))
            {
                Assert.Equal(value.GetType(), actual.GetType());
                Assert.True(value is string or bool ? value.Equals(actual) : IsClose(Convert.ToDouble(value), Convert.ToDouble(actual)), $"{result.Name}: {value} in {actual}");
            }
        }

        // the noise goes through another normal distribution function here, whose last digits may differ
        static bool IsClose(double expected, double actual) => double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= 1e-4 * Math.Max(1, Math.Abs(expected));
    }

    [Fact]
    public void IdentifiersAreScoredButNotDrawnByAGraph()
    {
        using var model = Fit(["Flag", "Id"], TypedRows.Make(200, 1));
        Assert.NotEmpty(Export(model, OnnxGraph.Score));
        using var stream = new MemoryStream();
        var error = Assert.Throws<NotSupportedException>(() => _ml.Generative.ExportOnnx(model, stream, OnnxGraph.Sample));
        Assert.Equal("Column 'Id' holds identifiers, and an ONNX graph can't number the rows that it draws. Leave the column out, or use Sample.", error.Message);
        Assert.Equal(0, stream.Length);
    }

    // as ONNX has them
    private static IEnumerable<object> Values(IDataView view, string column) => view.Schema[column].Type switch
    {
        VectorDataViewType => view.GetColumn<float[]>(column).SelectMany(values => values).Cast<object>(),
        TextDataViewType => view.GetColumn<string>(column),
        DateTimeDataViewType => view.GetColumn<DateTime>(column).Select(value => (object)value.Ticks),
        DateTimeOffsetDataViewType => view.GetColumn<DateTimeOffset>(column).Select(value => (object)value.UtcTicks),
        TimeSpanDataViewType => view.GetColumn<TimeSpan>(column).Select(value => (object)value.Ticks),
        var type => (IEnumerable<object>)typeof(TableOnnxTests).GetMethod(nameof(Boxed), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type.RawType).Invoke(null, [view, column])!,
    };

    private static IEnumerable<object> Boxed<T>(IDataView view, string column) where T : notnull => view.GetColumn<T>(column).Select(value => (object)value);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]} and {actual[i]}");
    }

    /// <summary>Rows that were drawn before.</summary>
    private sealed class Drawn(float[] rows, int width) : ISampleSource
    {
        public int Width => width;

        public void Generate(long batch, int count, float[] destination) => Array.Copy(rows, batch * ((ISampleSource)this).BatchRows * width, destination, 0, count * width);
    }
}
