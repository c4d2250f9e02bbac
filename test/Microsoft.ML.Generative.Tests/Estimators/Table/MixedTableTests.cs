using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Tests.Generation;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>Draws from a model of a mixed table have its schema, and go on where a drawn row is taken for a real one.</summary>
public sealed class MixedTableTests
{
    private static readonly TrainingOptions Training = new() { Steps = 300, BatchSize = 64 };

    private readonly MLContext _ml = new(1);

    private TableOptions Options(string? label = null) => new() { InputColumnNames = MixedRows.Columns, LabelColumnName = label, Training = Training };

    private List<MixedRow> Read(IDataView view) => MixedRows.Read(_ml, view);

    // all values of all rows
    private string[] Texts(IDataView view) => [.. Read(view).Select(row => ModelJson.Serialize(row))];

    [Fact]
    public void DrawnRowsHaveTheColumnsOfTheRealOnesAndTheSameSeedGivesTheSame()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(1000));
        using var model = _ml.Generative.TrainTable(Options()).Fit(view);
        var drawn = model.Sample(600, seed: 4);
        Assert.Equal(MixedRows.Columns, drawn.Schema.Select(column => column.Name));
        foreach (var column in drawn.Schema) Assert.Equal(view.Schema[column.Name].Type.ToString(), column.Type.ToString());
        Assert.Equal(KeyValues.Of(view.Schema["City"].Annotations)!.Values, KeyValues.Of(drawn.Schema["City"].Annotations)!.Values);

        Assert.Equal(Texts(drawn), Texts(drawn));
        Assert.Equal(Texts(drawn), Texts(model.Sample(600, seed: 4)));
        Assert.NotEqual(Texts(drawn), Texts(model.Sample(600, seed: 5)));

        var rows = Read(drawn);
        Assert.All(rows, row => Assert.Contains(row.Job, MixedRows.Jobs.Append("")));
        Assert.InRange(rows.Count(row => row.Job.Length == 0), 600 * 0.05, 600 * 0.15);   // a tenth
        Assert.All(rows, row => Assert.InRange(row.Age, 20, 59));
        // what goes together goes together
        double together = rows.Where(row => row.Job.Length > 0 && !double.IsNaN(row.Income)).Average(row => Math.Abs(row.Income - 1000 * (1 + Array.IndexOf(MixedRows.Jobs, row.Job))) < 500 ? 1 : 0);
        Assert.True(together > 0.9, $"{together} of the incomes go with the job");
    }

    [Fact]
    public void VariationsKeepPartOfTheirRowsAndAllOfThemWithoutTemperature()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(500));
        using var model = _ml.Generative.TrainTable(Options()).Fit(view);
        var few = MixedRows.WithHoles(60, seed: 3);
        var source = MixedRows.View(_ml, few);
        var same = Read(model.Vary(source, 60, 1, new() { Temperature = 0 }));
        Assert.Equal(few.Select(row => (row.Job, row.City, Middle(row.Age), row.Married)), same.Select(row => (row.Job, row.City, Middle(row.Age), row.Married)));
        var varied = model.Vary(source, 150, seed: 1);   // each more than twice
        Assert.Equal(Texts(varied), Texts(model.Vary(source, 150, seed: 1)));
        double kept = Read(varied).Select((row, i) => row.Age == few[i % 60].Age ? 1 : 0).Average();
        Assert.InRange(kept, 0.3, 0.75);   // half of the columns, on average

        // the ends are those that enough rows reach
        static int Middle(int age) => Math.Clamp(age, 23, 56);
    }

    [Fact]
    public void ALabelGivenIsThatOfAllRowsDrawn()
    {
        using var model = _ml.Generative.TrainTable(Options("Label")).Fit(MixedRows.View(_ml, MixedRows.Make(1000)));
        var rare = Read(model.Sample(300, 1, new() { Label = "rare" }));
        Assert.All(rare, row => Assert.Equal("rare", row.Label));
        Assert.InRange(rare.Count(row => row.Job == "pilot"), 270, 300);
        var common = Read(model.Sample(300, 1, new() { Label = "common" }));
        Assert.InRange(common.Count(row => row.Job == "pilot"), 0, 30);
        Assert.InRange(Read(model.Sample(1000, 1)).Count(row => row.Label == "rare"), 60, 140);   // a tenth, as in the rows to learn from
    }

    [Theory]
    [InlineData(OversampleMode.Automatic, OversampleSource.Posterior, true)]
    [InlineData(OversampleMode.LabelConditional, OversampleSource.Prior, true)]
    [InlineData(OversampleMode.PerClass, OversampleSource.Prior, true)]
    [InlineData(OversampleMode.PerClass, OversampleSource.Posterior, true)]
    [InlineData(OversampleMode.Automatic, OversampleSource.Posterior, false)]
    [InlineData(OversampleMode.PerClass, OversampleSource.Prior, false)]
    public void AMixedTableIsOversampledBeforeItIsMadeFeatures(OversampleMode mode, OversampleSource source, bool areNamed)
    {
        long tensors = LiveTensors.Count;
        var ml = new MLContext(seed: 5);
        var view = MixedRows.View(ml, MixedRows.WithHoles(400));
        List<MixedRow> fittedOn = [];
        var options = new OversampleOptions { Mode = mode, Source = source, IsSyntheticColumnName = "IsSynthetic" };
        var pipeline = ml.Generative.Oversample(ml.Generative.TrainTable(new TableOptions { InputColumnNames = areNamed ? MixedRows.Columns : null, Training = Training }), options)
            .Append(new ProbeEstimator(rows => fittedOn = MixedRows.Read(ml, rows)))
            .Append(ml.Transforms.Conversion.MapValueToKey("Target", "Label"))
            .Append(ml.Transforms.Categorical.OneHotEncoding("Job"))
            .Append(ml.Transforms.Concatenate("Features", "Job"));
        using (var fitted = pipeline.Fit(view))
        {
            Assert.Equal((360, 360), (fittedOn.Count(row => row.Label == "common"), fittedOn.Count(row => row.Label == "rare")));
            Assert.InRange(fittedOn.Skip(400).Count(row => row.Job is "pilot" or ""), 320 * 0.85, 320);   // the job of the rare ones
            Assert.Equal(400, fitted.Transform(view).GetColumn<string>("Label").Count());
        }
        Assert.Equal(tensors, LiveTensors.Count);
    }

    [Fact]
    public void DrawsThatAreLikelyToBeOfTheirClassArePreferred()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(400));
        double all = Pilots(0), preferred = Pilots(1);
        Assert.True(all < 0.8 && preferred > all + 0.1, $"{preferred} of the rare ones are pilots, {all} without preference");

        // hardly trained, the model draws rare rows with the jobs of others
        double Pilots(double selectivity) => Read(_ml.Generative.Oversample(_ml.Generative.TrainTable(new TableOptions { Training = Training with { Steps = 10 }, Seed = 1 }),
            new OversampleOptions { Source = OversampleSource.Prior, Selectivity = selectivity, Seed = 1 }).Fit(view).Transform(view)).Skip(400).Average(row => row.Job == "pilot" ? 1 : 0);
    }

    [Fact]
    public void WithoutNamesAllColumnsAreLearntThatCanBeButForTheLabel()
    {
        var view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Worded { Grade = i % 3, Kind = i % 2 == 0 ? "even" : "odd", Words = ["some", "words"] }));
        var messages = new List<string>();
        _ml.Log += (_, log) => messages.Add(log.Message);
        var estimator = _ml.Generative.TrainTable(new TableOptions { LabelColumnName = "Kind", Training = Training with { Steps = 20 } });
        using var model = estimator.Fit(view);
        Assert.Equal(["Grade", "Kind"], model.Sample(3).Schema.Select(column => column.Name));
        Assert.Contains(messages, message => message.Contains("Column 'Words' is Vector<String> of unknown size and is not learnt: it would have to be a text, a key", StringComparison.Ordinal));
        Assert.Contains(estimator.GetOutputSchema(SchemaShapes.Of(view.Schema)), column => column.Name == "ColumnScores");

        using var stream = new MemoryStream();
        _ml.Generative.Save(model, stream);
        stream.Position = 0;
        using var loaded = _ml.Generative.Load(stream);
        Assert.Equal(model.Sample(5, 1).GetColumn<int>("Grade"), loaded.Sample(5, 1).GetColumn<int>("Grade"));

        var error = Assert.Throws<ArgumentException>(() => _ml.Generative.TrainTable().Fit(_ml.Transforms.SelectColumns("Words").Fit(view).Transform(view)));
        Assert.StartsWith("There is no column to learn; the columns are 'Words'. One that can be learnt is a text, a key", error.Message);
    }

    private sealed class Worded
    {
        public int Grade { get; set; }

        public string Kind { get; set; } = "";

        public string[] Words { get; set; } = [];
    }

    [Fact]
    public void TheShortWayWorksToo()
    {
        var view = MixedRows.View(_ml, MixedRows.Make(200));
        string[] Synthetic() => Texts(new MLContext(7) is var ml ? ml.Generative.Oversample("Label", ml.Generative.TrainTable("Job", "Age")).Fit(view).Transform(view) : view)[200..];
        string[] rows = Synthetic();
        Assert.Equal(160, rows.Length);
        Assert.All(rows, row => Assert.Contains("\"rare\"", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Contains("\"Income\":\"NaN\"", row, StringComparison.Ordinal));   // a column that is not learnt
        Assert.Equal(rows, Synthetic());
    }

    [Fact]
    public void KeysOfAnotherDictionaryAreRefused()
    {
        using var model = _ml.Generative.TrainTable(Options()).Fit(MixedRows.View(_ml, MixedRows.Make(200)));
        var texts = _ml.Data.LoadFromEnumerable(MixedRows.Make(50).AsEnumerable().Reverse());
        var others = _ml.Transforms.Conversion.MapValueToKey("City").Fit(texts).Transform(texts);
        const string expected = "Key 1 of column 'City' stands for 'city 2'; when the model was trained it stood for 'city 0'. "
            + "Map values to keys with the transformer of that time, or with MapValueToKey and its keyData.";
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Transform(others)).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Impute(others)).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => _ml.Generative.ContinueTraining(model, new() { Training = new() { Steps = 2 } }).Fit(others)).Message);
    }

    [Fact]
    public void TrainingGoesOnInTheTokensThatThereAre()
    {
        using var source = _ml.Generative.TrainTable(Options()).Fit(MixedRows.View(_ml, MixedRows.WithHoles(500)));
        var rows = MixedRows.Make(300, seed: 8);
        foreach (var row in rows) row.Job = row.Job == "clerk" ? "a job that nobody had" : row.Job;
        using var continued = _ml.Generative.ContinueTraining(source, new() { Training = Training }).Fit(MixedRows.View(_ml, rows));
        Assert.Equal(ModelJson.Serialize(source.Model.Network.Input.TokenColumns), ModelJson.Serialize(continued.Model.Network.Input.TokenColumns));
        var drawn = Read(continued.Sample(1000, 1));
        Assert.All(drawn, row => Assert.Contains(row.Job, MixedRows.Jobs.Append("")));   // the new one is taken as rare, and drawn as one of those that are known
        Assert.InRange(drawn.Count(row => row.Job.Length == 0), 0, 20);                  // hardly any hole is left, as in the new rows
        rows[17].Income = double.PositiveInfinity;
        Assert.Equal("Row 17 has Infinity in column 'Income'; numbers must be finite, or missing (NaN). Filter the row out.",
            Assert.Throws<ArgumentException>(() => _ml.Generative.ContinueTraining(source, new() { Training = Training }).Fit(MixedRows.View(_ml, rows))).Message);
    }
}
