using Microsoft.ML.Data;
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
        var pipeline = _ml.Transforms.NormalizeMinMax("Features")
            .Append(Models.Create(_ml, name))
            .Append(_ml.Transforms.Concatenate("Both", "Latent", "Reconstruction"));
        using var model = pipeline.Fit(view);
        using var loaded = Reload(model, view);

        var links = (TransformerChain<ITransformer>)loaded;
        Assert.Equal(3, links.Count());
        Assert.All(links, link => Assert.DoesNotContain("Generative", link.GetType().Assembly.GetName().Name!, StringComparison.Ordinal));
        Assert.IsType<OnnxTransformer>(links.ElementAt(1));

        var rows = Rows.View(_ml, 300, seed: 9);
        IDataView expected = model.Transform(rows), actual = links.Transform(rows);
        Assert.Equal(expected.Schema.Select(c => c.Name).Order(), actual.Schema.Select(c => c.Name).Order());
        AssertClose(Models.Floats(expected, "Score"), Models.Floats(actual, "Score"));
        foreach (string column in new[] { "Reconstruction", "Latent", "Both" })
        {
            Assert.Equal(expected.Schema[column].Type, actual.Schema[column].Type);
            AssertClose(Models.Floats(expected, column), Models.Floats(actual, column));
        }
        if (expected.Schema.GetColumnOrNull("LogDensity") is not null) AssertClose(Models.Floats(expected, "LogDensity"), Models.Floats(actual, "LogDensity"));
        var flags = expected.GetColumn<bool>("PredictedLabel").ToList();
        Assert.Contains(true, flags);
        Assert.Equal(flags, actual.GetColumn<bool[]>("PredictedLabel").Select(flag => Assert.Single(flag)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APredictionEngineRunsTheLoadedModel(string name)
    {
        var view = Rows.View(_ml, 200);
        using var model = Models.Create(_ml, name).Fit(view);
        var rows = Rows.Make(20, seed: 4);
        var scores = Models.Floats(model.Transform(_ml.Data.LoadFromEnumerable(rows)), "Score");
        using var engine = _ml.Model.CreatePredictionEngine<Row, Scored>((ITransformer)Reload(model, view));
        for (int i = 0; i < rows.Count; i++)
        {
            var scored = engine.Predict(rows[i]);
            AssertClose([scores[i]], scored.Score);
            Assert.Equal([scores[i] > model.ScoreThreshold], scored.PredictedLabel);
        }
    }

    [Fact]
    public void ColumnsMayHaveOtherNames()
    {
        var view = _ml.Transforms.CopyColumns("Measured values", "Features").Fit(Rows.View(_ml, 100)).Transform(Rows.View(_ml, 100));
        using var model = _ml.Generative.TrainVae(new VaeOptions
        {
            FeatureColumnName = "Measured values", ScoreColumnName = "How odd", LatentColumnName = "noise", Training = new TrainingOptions { Steps = 5 },
        }).Fit(view);
        using var loaded = Reload(model, view);
        foreach (string column in new[] { "How odd", "noise" }) AssertClose(Models.Floats(model.Transform(view), column), Models.Floats(((ITransformer)loaded).Transform(view), column));
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
    public void WhatCannotBeWrittenIsSaidAndChangesNothing()
    {
        var view = Rows.View(_ml, 100);
        using var conditioned = Models.Create(_ml, "vae", "Label").Fit(view);
        byte[] before = ModelZip.Of(_ml, conditioned);
        Assert.Equal("A model that is conditioned on a label ('Label') can't be written into an ML.NET zip: stock ML.NET has no step that turns labels into what it reads. "
            + "Use mlContext.Generative.Save, and Load to read it back.", Refused<NotSupportedException>(conditioned));
        Assert.Equal(before, ModelZip.Of(_ml, conditioned));

        using var overwriting = _ml.Generative.TrainAutoencoder(new AutoencoderOptions { ReconstructionColumnName = "Features", Training = new TrainingOptions { Steps = 2 } }).Fit(view);
        Assert.StartsWith("A model that writes the column it reads ('Features')", Refused<NotSupportedException>(overwriting));

        var disposed = Models.Create(_ml, "vae").Fit(view);
        disposed.Dispose();
        Refused<ObjectDisposedException>(disposed);

        string Refused<TException>(ITransformer model) where TException : Exception
        {
            using var stream = new MemoryStream();
            return Assert.Throws<TException>(() => _ml.Model.Save(model, view.Schema, stream)).Message;
        }
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

    private sealed class Scored
    {
        [VectorType(1)]
        public float[] Score { get; set; } = [];

        [VectorType(1)]
        public bool[] PredictedLabel { get; set; } = [];
    }
}
