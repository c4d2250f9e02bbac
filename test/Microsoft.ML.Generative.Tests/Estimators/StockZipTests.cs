using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>A pipeline with a model in it is saved by ML.NET, and loaded as stock transformers only.</summary>
public sealed class StockZipTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Names => Models.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void APipelineGivesTheSameNumbersThroughStockTypes(string name)
    {
        var view = Rows.View(_ml, 200);
        var estimator = Models.Create(_ml, name);
        string[] vectors, numbers;
        using (var alone = estimator.Fit(view))
        {
            var schema = alone.Transform(view).Schema;
            vectors = new[] { "Latent", "Reconstruction" }.Where(column => schema.GetColumnOrNull(column) is not null).ToArray();
            numbers = new[] { "Score", "LogDensity" }.Where(column => schema.GetColumnOrNull(column) is not null).ToArray();
        }
        var pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(estimator).Append(_ml.Transforms.Concatenate("Both", vectors.Length > 0 ? vectors : numbers));
        using var model = pipeline.Fit(view);
        using var loaded = Reload(model, view);

        var links = (TransformerChain<ITransformer>)loaded;
        Assert.Equal(3, links.Count());
        var steps = Assert.IsType<TransformerChain<ITransformer>>(links.ElementAt(1));
        Assert.All(links.Concat(steps), link => Assert.DoesNotContain("Generative", link.GetType().Assembly.GetName().Name!, StringComparison.Ordinal));
        Assert.IsType<OnnxTransformer>(steps.First());

        var rows = Rows.View(_ml, 1000, seed: 9);
        IDataView expected = model.Transform(rows), actual = links.Transform(rows);
        Assert.Equal(expected.Schema.Select(c => c.Name).Distinct().Order(), actual.Schema.Select(c => c.Name).Distinct().Order());
        foreach (string column in new[] { "Score", "LogDensity", "Both" }.Concat(vectors).Where(name => expected.Schema.GetColumnOrNull(name) is not null))
        {
            Assert.Equal(expected.Schema[column].Type, actual.Schema[column].Type);
            AssertClose(Models.Floats(expected, column), Models.Floats(actual, column));
        }
        var flags = expected.GetColumn<bool>("PredictedLabel").ToList();
        Assert.Contains(true, flags);
        Assert.Equal(flags, actual.GetColumn<bool>("PredictedLabel"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APredictionEngineOfTheSameClassRunsTheFittedAndTheLoadedModel(string name)
    {
        var view = Rows.View(_ml, 200);
        using var model = Models.Create(_ml, name).Fit(view);
        using var fitted = _ml.Model.CreatePredictionEngine<Row, Scored>((ITransformer)model);
        using var loaded = _ml.Model.CreatePredictionEngine<Row, Scored>((ITransformer)Reload(model, view));
        foreach (var row in Rows.Make(50, seed: 4))
        {
            Scored expected = fitted.Predict(row), actual = loaded.Predict(row);
            AssertClose([expected.Score], [actual.Score]);
            Assert.Equal(expected.PredictedLabel, actual.PredictedLabel);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnEvaluatorAndAStepThatTakesScalarsWorkOnTheLoadedModel(string name)
    {
        var view = Rows.View(_ml, 200);
        using var model = Models.Create(_ml, name).Append(_ml.Transforms.Concatenate("Input", "Score", "Features")).Append(_ml.Transforms.Conversion.ConvertType("Label")).Fit(view);
        using var loaded = Reload(model, view);
        IDataView expected = model.Transform(view), actual = ((ITransformer)loaded).Transform(view);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, Rows.Features + 1), actual.Schema["Input"].Type);
        AssertClose(Models.Floats(expected, "Input"), Models.Floats(actual, "Input"));
        Assert.Equal(_ml.AnomalyDetection.Evaluate(expected).AreaUnderRocCurve, _ml.AnomalyDetection.Evaluate(actual).AreaUnderRocCurve, 1e-3);
    }

    // the score of a table grows as a logarithm does
    public static TheoryData<string> NamesOfModelsOfNumbers => [.. ((IEnumerable<object[]>)Models.Names).Select(row => (string)row[0]).Where(name => !Models.IsOfTables(name))];

    // far from all training rows the score is huge; the steps after the graph must not change a bit of it
    [Theory]
    [MemberData(nameof(NamesOfModelsOfNumbers))]
    public void ExtremeScoresPassThroughUnchanged(string name)
    {
        var view = Rows.View(_ml, 100);
        using var model = Models.Create(_ml, name).Fit(view);
        var rows = new[] { 1e3f, -1e10f, 1e17f }.Select(value => new Row { Features = [value, -value, value, value], Name = "" }).ToList();
        using var loaded = Reload(model, view);
        var steps = (TransformerChain<ITransformer>)loaded;
        var actual = steps.Transform(_ml.Data.LoadFromEnumerable(rows));
        var graph = steps.OfType<OnnxTransformer>().Single().Transform(_ml.Data.LoadFromEnumerable(rows));
        var vectors = graph.GetColumn<float[]>("MLGenerative.Vector.Score").Select(vector => Assert.Single(vector)).ToArray();
        Assert.True(vectors.Max() > 1e30f, $"the greatest score is {vectors.Max()}");
        Assert.Equal(vectors, Models.Floats(actual, "Score"));
        Assert.All(actual.GetColumn<bool>("PredictedLabel"), Assert.True);
    }

    [Fact]
    public void ColumnsMayHaveOtherNames()
    {
        var view = Rows.View(_ml, 100);
        using var model = _ml.Transforms.CopyColumns("Measured values", "Features").Append(_ml.Generative.TrainVae(new VaeOptions
        {
            FeatureColumnName = "Measured values", ScoreColumnName = "How odd", PredictedLabelColumnName = "Is odd", LogDensityColumnName = "Score",
            LatentColumnName = "noise", Training = new TrainingOptions { Steps = 5 },
        })).Fit(view);
        using var loaded = Reload(model, view);
        var rows = Rows.View(_ml, 200, seed: 9);
        AssertSame(model.Transform(rows), ((ITransformer)loaded).Transform(rows));
    }

    [Fact]
    public void NamesMayBeSwapped()
    {
        var view = Rows.View(_ml, 100);
        using var model = _ml.Generative.TrainAutoencoder(new AutoencoderOptions
        {
            ScoreColumnName = "PredictedLabel", PredictedLabelColumnName = "Score", ReconstructionColumnName = "Features", Training = new TrainingOptions { Steps = 5 },
        }).Fit(view);
        using var loaded = Reload(model, view);
        var rows = Rows.View(_ml, 200, seed: 9);
        AssertSame(model.Transform(rows), ((ITransformer)loaded).Transform(rows));
    }

    [Fact]
    public void TheColumnsOfAnEarlierModelSurvive()
    {
        var view = Rows.View(_ml, 100);
        using var model = _ml.Transforms.NormalizeMinMax("Features").Append(Models.Create(_ml, "autoencoder")).Append(_ml.Generative.TrainVae(new VaeOptions
        {
            ScoreColumnName = "Second score", PredictedLabelColumnName = "Second label", LatentColumnName = "Second latent", ReconstructionColumnName = "Second reconstruction",
            Training = new TrainingOptions { Steps = 5 },
        })).Fit(view);
        using var loaded = Reload(model, view);
        var rows = Rows.View(_ml, 200, seed: 9);
        AssertSame(model.Transform(rows), ((ITransformer)loaded).Transform(rows));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AModelConditionedOnABooleanGivesTheSameNumbers(string name) => CheckConditioned(name, Rows.View(_ml, 200), Rows.View(_ml, 1000, seed: 9));

    [Theory]
    [InlineData("Text")]
    [InlineData("Number")]
    [InlineData("Integer")]
    [InlineData("KeyOfText")]
    [InlineData("Key")]
    public void AModelConditionedOnAnyKindOfLabelGivesTheSameNumbers(string label)
    {
        var rows = Labelled(200, 1);
        var keys = _ml.Transforms.Conversion.MapValueToKey("KeyOfText", "Text", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(rows);
        var pipeline = keys.Append(_ml.Transforms.CopyColumns("Label", label).Fit(keys.Transform(rows)));
        CheckConditioned("vae", pipeline.Transform(rows), pipeline.Transform(Labelled(1000, 9)));
    }

    [Fact]
    public void ALabelThatTheModelDoesNotKnowGivesNoNumbers()
    {
        var rows = Labelled(200, 1);
        using var model = Models.Create(_ml, "vae", "Text").Fit(rows);
        using var loaded = Reload(model, rows);
        var others = _ml.Data.LoadFromEnumerable(new[] { "a", "none of them", "" }.Select(text => new LabelledRow { Features = [10, 1, 0, 0], Text = text }));
        Assert.Throws<ArgumentException>(() => Models.Floats(model.Transform(others), "Score"));
        var actual = ((ITransformer)loaded).Transform(others);
        Assert.Equal([true, false, false], Models.Floats(actual, "Score").Select(float.IsFinite));
        Assert.Equal([true, false, false], Models.Floats(actual, "LogDensity").Select(float.IsFinite));
        Assert.Equal([true, false, false], actual.GetColumn<float[]>("Reconstruction").Select(values => values.All(float.IsFinite)));
        Assert.Equal([true, false, false], actual.GetColumn<float[]>("Latent").Select(values => values.All(float.IsFinite)));
        Assert.Equal([false, false], actual.GetColumn<bool>("PredictedLabel").Skip(1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OversamplingIsLoadedAsNothing(string name)
    {
        var view = Rows.View(_ml, 200);
        using var model = _ml.Generative.Oversample("Label", Models.Create(_ml, name))
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(view);
        using var loaded = Reload(model, view);
        var first = ((TransformerChain<ITransformer>)loaded).First();
        Assert.Empty(Assert.IsType<TransformerChain<ITransformer>>(first));
        Assert.Same(view, first.Transform(view));
        Assert.Equal(Models.Floats(model.Transform(view), "Score"), Models.Floats(((ITransformer)loaded).Transform(view), "Score"));
    }

    [Fact]
    public void ADisposedModelIsRefused()
    {
        var view = Rows.View(_ml, 100);
        var model = Models.Create(_ml, "vae").Fit(view);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.Save(model, view.Schema, new MemoryStream()));
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        var view = Rows.View(_ml, 60);
        using var model = Models.Create(_ml, "vae").Fit(view);
        long before = LiveTensors.Count;
        _ml.Model.Save(model, view.Schema, new MemoryStream());
        Assert.Throws<IOException>(() => _ml.Model.Save(model, view.Schema, new Persistence.FailingStream(new MemoryStream(), 1000)));
        Assert.Equal(before, LiveTensors.Count);
    }

    private void CheckConditioned(string name, IDataView view, IDataView others)
    {
        using var model = _ml.Transforms.NormalizeMinMax("Features").Append(Models.Create(_ml, name, "Label")).Fit(view);
        using var loaded = Reload(model, view);
        AssertSame(model.Transform(others), ((ITransformer)loaded).Transform(others));
    }

    private IDataView Labelled(int count, int seed) => _ml.Data.LoadFromEnumerable(Rows.Make(count, seed).Select((row, i) => new LabelledRow
    {
        Features = row.Features, Text = "ccab"[i % 4].ToString(), Number = i % 3 - 0.5f, Integer = -i % 3, Key = (uint)(4 - i % 4),
    }).ToList());

    private static IDisposable Reload(ITransformer model, IDataView view)
    {
        var ml = new MLContext();
        using var stream = new MemoryStream();
        ml.Model.Save(model, view.Schema, stream);
        return (IDisposable)ml.Model.Load(stream, out _);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]} of the model, {actual[i]} of the loaded one");
    }

    // all columns; those that are hidden may differ
    private static void AssertSame(IDataView expected, IDataView actual)
    {
        Assert.Equal(expected.Schema.Select(c => c.Name).Distinct().Order(), actual.Schema.Select(c => c.Name).Distinct().Order());
        foreach (var column in expected.Schema.Where(column => !column.IsHidden))
        {
            Assert.Equal(column.Type, actual.Schema[column.Name].Type);
            if (column.Type is BooleanDataViewType) Assert.Equal(expected.GetColumn<bool>(column.Name), actual.GetColumn<bool>(column.Name));
            else if (((column.Type as VectorDataViewType)?.ItemType ?? column.Type) is NumberDataViewType { RawType: var type } && type == typeof(float))
                AssertClose(Models.Floats(expected, column.Name), Models.Floats(actual, column.Name));
        }
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class LabelledRow
    {
        [VectorType(Rows.Features)]
        public float[] Features { get; set; } = [];

        public string Text { get; set; } = "";

        public float Number { get; set; }

        public int Integer { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }
    }
}
