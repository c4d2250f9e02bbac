using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Tests.Persistence;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Training goes on from a trained model, on other rows.</summary>
public sealed class ContinuedTrainingTests : IDisposable
{
    private static readonly TrainingOptions Brief = new() { Steps = 20, BatchSize = 32 };

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => Models.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void AFewTinyStepsStayCloseToTheModel(string name)
    {
        using var source = Models.Fit(_ml, name);
        using var continued = Continue(source, Rows.View(_ml, 200), new() { Training = Brief with { Steps = 5, LearningRate = 1e-6 } });
        var (before, after) = (Weights(source), Weights(continued));
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (weights, values) in before)
            for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], after[weights][i], 5e-5);   // five steps of about the learning rate
        Assert.Contains(before, weights => !weights.Value.SequenceEqual(after[weights.Key]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FrozenLayersStayBitByBitAndTheOthersMove(string name)
    {
        using var source = Models.Fit(_ml, name);
        var training = Brief with { WeightDecay = 0.5, WeightAveraging = 0.5, LearningRate = 0.01 };
        string frozen = FirstLayer(source);
        using var free = Continue(source, Shifted(100), new() { Training = training });
        using var continued = Continue(source, Shifted(100), new() { Freeze = [frozen], Training = training });

        bool IsFrozen(string weights) => weights == frozen || weights.StartsWith(frozen + ".", StringComparison.Ordinal);
        var (before, after) = (Weights(source), Weights(continued));
        var moved = before.Keys.Where(key => !before[key].SequenceEqual(Weights(free)[key])).ToList();
        Assert.Contains(moved, IsFrozen);
        Assert.Equal(moved.Where(key => !IsFrozen(key)), before.Keys.Where(key => !before[key].SequenceEqual(after[key])));
        // it is the weights of the other layers that learn to do with the frozen one: not those that they would have had
        Assert.Contains(moved, key => !IsFrozen(key) && !after[key].SequenceEqual(Weights(free)[key]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AModelOfAFileGoesOnLikeTheOneInMemory(string name)
    {
        using var source = Models.Create(_ml, name, "Label").Fit(Rows.View(_ml, 200));
        _ml.Generative.Save(source, _folder["model.zip"]);
        using var loaded = new MLContext().Generative.Load(_folder["model.zip"]);
        var options = new TransferOptions { Training = Brief, Seed = 5, Freeze = [new StartingPoint(source.Model, null).Layers[^1]] };
        using var first = Continue(source, Shifted(100), options);
        using var second = Continue(loaded, Shifted(100), options);

        Assert.Equal(Weights(first), Weights(second));
        Assert.Equal(first.ScoreThreshold, second.ScoreThreshold);
        Assert.Equal(Models.Floats(first.Sample(100), "Features"), Models.Floats(second.Sample(100), "Features"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheModelThatItStartsFromStaysAsItIs(string name)
    {
        var source = Models.Create(_ml, name, training: Brief with { CheckpointPath = _folder["first"] }).Fit(Rows.View(_ml, 200));
        byte[] before = ModelZip.Of(_ml, source);
        using var continued = Continue(source, Shifted(100), new() { Training = Brief });
        Assert.Equal(before, ModelZip.Of(_ml, source));
        var scores = Models.Floats(continued.Transform(Shifted(30)), "Score");
        source.Dispose();
        Assert.Equal(scores, Models.Floats(continued.Transform(Shifted(30)), "Score"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatItMakesIsAModelOfTheSameKindThatCanBeSavedAndGoneOnFrom(string name)
    {
        using var source = Models.Fit(_ml, name);
        var view = Shifted(200);
        var training = Brief with { LearningRate = 0.002, CheckpointPath = _folder["checkpoint"] };
        using var continued = Continue(source, view, new() { Training = training, Seed = 11 });
        using var loaded = ModelZip.Load(_ml, ModelZip.Of(_ml, continued));

        Assert.Equal(Models.Floats(continued.Transform(view), "Score"), Models.Floats(loaded.Transform(view), "Score"));
        Assert.Equal(ModelJson.Serialize(source.Model.Options with { Training = training, Seed = 11 }), ModelJson.Serialize(loaded.Model.Options));
        Assert.Equal(11, loaded.Model.Seed);
        Assert.Equal(20, loaded.TrainingReport.Steps);
        Assert.NotEqual(source.Model.Fingerprint, loaded.Model.Fingerprint);
        Assert.Equal(20, continued.Transform(view).GetColumn<bool>("PredictedLabel").Count(flag => flag));   // a tenth of the new rows
        // features are standardised as they were
        Assert.Equal(source.Model.Network.Input.Mean, continued.Model.Network.Input.Mean);
        Assert.Equal(source.Model.Network.Input.Scale, continued.Model.Network.Input.Scale);
        using var third = Continue(loaded, view, new() { Training = Brief });
        Assert.Equal(20, third.TrainingReport.Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSeedDecides(string name)
    {
        using var source = Models.Fit(_ml, name);
        Dictionary<string, float[]> Result(int? seed, int contextSeed)
        {
            using var continued = new MLContext(contextSeed).Generative.ContinueTraining(source, new() { Training = Brief, Seed = seed }).Fit(Shifted(100));
            return Weights(continued);
        }
        Assert.Equal(Result(3, 1), Result(3, 2));
        Assert.Equal(Result(null, 1), Result(null, 1));
        Assert.NotEqual(Result(null, 1), Result(null, 2));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OfFewRowsItLearnsMoreThanANewModelInAsManySteps(string name)
    {
        using var source = Models.Create(_ml, name, training: new TrainingOptions { Steps = 600 }).Fit(Rows.View(_ml, 1000));
        var few = Shifted(40);
        var training = Brief with { Steps = 200 };
        using var anew = Models.Create(_ml, name, training: training).Fit(few);
        using var continued = Continue(source, few, new() { Training = training });
        Assert.True(Loss(continued) < Loss(anew), $"{Loss(continued)} against {Loss(anew)} of a new model");
        Assert.True(Loss(continued) < Loss(source), $"{Loss(continued)} against {Loss(source)} before");

        // on rows that neither saw: nats, or the error of a reconstruction
        double Loss(GenerativeTransformer model)
        {
            // each model of a table has its own ends, beyond which values count as their nearest: their densities don't compare
            if (Models.IsOfTables(name)) return model.Model.Network is IImputer ? ErrorOfImputation(model) : ErrorOfGivingBack(model);
            var rows = model.Transform(Shifted(500, seed: 8));
            if (model.DensityKind is not null) return -Models.Floats(rows, "LogDensity").Average();
            return Models.Floats(rows, "Features").Zip(Models.Floats(rows, "Reconstruction")).Select((pair, i) => Math.Pow((pair.First - pair.Second) / (i % Rows.Features == 2 ? 100 : 3), 2)).Average();
        }
    }

    // of rows that the model has not seen
    private double ErrorOfGivingBack(GenerativeTransformer model)
    {
        var view = Shifted(500, seed: 8);
        var given = Models.Floats(model.Vary(view, 500, seed: 1, new SampleOptions { Temperature = 0 }), "Features");
        return given.Zip(Models.Floats(view, "Features")).Select((pair, i) => Math.Abs(pair.First - pair.Second) / (i % Rows.Features == 2 ? 100 : 3)).Average();
    }

    // of each feature given the others, on rows that the model has not seen
    private double ErrorOfImputation(GenerativeTransformer model)
    {
        float[] truth = Models.Floats(Shifted(500, seed: 8), "Features");
        return Enumerable.Range(0, Rows.Features).Sum(feature =>
        {
            var rows = Rows.Make(500);
            for (int i = 0; i < truth.Length; i++) rows[i / Rows.Features].Features[i % Rows.Features] = i % Rows.Features == feature ? float.NaN : truth[i];
            var errors = Models.Floats(model.Impute(_ml.Data.LoadFromEnumerable(rows)), "Features").Zip(truth, (filled, value) => Math.Abs(filled - value));
            return errors.Average() / (feature == 2 ? 100 : 3);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStopAndAnotherStartWithFrozenLayersGivesTheSameNumbersFromTheSameModelOnly(string name)
    {
        using var source = Models.Fit(_ml, name);
        using var other = Models.Create(_ml, name, training: Brief).Fit(Rows.View(_ml, 200, seed: 2));
        var options = new TransferOptions
        {
            Freeze = [FirstLayer(source)], Seed = 4,
            Training = new() { Steps = 200, BatchSize = 32, ValidationFraction = 0.2, WeightAveraging = 0.9 },
        };
        using var whole = Continue(source, Shifted(200), options);
        Assert.Equal(40, whole.TrainingReport.ValidationRows);

        string path = _folder["checkpoint"];
        var interrupted = options with { Training = options.Training with { CheckpointPath = path, Progress = new PowerCut(afterStep: 100) } };
        Assert.Throws<IOException>(() => Continue(source, Shifted(200), interrupted));
        var resumed = options with { Training = options.Training with { CheckpointPath = path } };
        var error = Assert.Throws<InvalidDataException>(() => Continue(other, Shifted(200), resumed));
        Assert.StartsWith($"Checkpoint {path} is of a fit with other rows, options or another model.", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Continue(source, Shifted(200), resumed with { Freeze = [] }));
        using var after = Continue(source, Shifted(200), resumed);
        Assert.Equal(Weights(whole), Weights(after));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RowsOfSomeOfTheLabelsWillDo(string name)
    {
        using var source = Models.Create(_ml, name, "Label", new() { Steps = 300 }).Fit(Rows.View(_ml, 500));
        using var continued = Continue(source, _ml.Data.LoadFromEnumerable(Rows.Make(500).Where(row => row.Label)), new() { Training = Brief });
        Assert.All(continued.Sample(100).GetColumn<bool>("Label"), Assert.True);
        // the other label is still the one that lies lower
        double Mean(bool label) => Models.Floats(continued.Sample(1000, 1, new() { Label = label }), "Features").Where((_, i) => i % Rows.Features == 1).Average();
        Assert.True(Mean(true) - Mean(false) > 1, $"{Mean(true)} and {Mean(false)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OversamplingTakesItConditionedIfTheModelIs(string name)
    {
        var view = Rows.View(_ml, 200);
        long before = LiveTensors.Count;
        foreach (string? label in new[] { null, "Label" })
        {
            using var source = Models.Create(_ml, name, label, Brief).Fit(view);
            var generator = _ml.Generative.ContinueTraining(source, new() { Training = Brief });
            using var pipeline = _ml.Generative.Oversample("Label", generator).Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(view);
            Assert.Equal(200, pipeline.Transform(view).GetColumn<float>("Score").Count());
            var synthetic = ((ITransformer)_ml.Generative.Oversample("Label", generator).Fit(view)).Transform(view).GetColumn<bool>("Label").ToList();
            Assert.Equal((320, 160), (synthetic.Count, synthetic.Count(rare => rare)));

            var error = Assert.Throws<ArgumentException>(() => _ml.Generative.Oversample(
                generator, new() { Mode = label is null ? OversampleMode.LabelConditional : OversampleMode.PerClass }));
            Assert.Equal(label is null
                ? "OversampleOptions: Mode is LabelConditional, but the model cannot be conditioned on a label. Use PerClass or Automatic."
                : "OversampleOptions: Mode is PerClass, but the model goes on from one that is conditioned on Label. Use LabelConditional or Automatic.", error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingIsLeftBehind(string name)
    {
        using var source = Models.Create(_ml, name, "Label").Fit(Rows.View(_ml, 100));
        var options = new TransferOptions { Freeze = [FirstLayer(source)], Training = Brief };
        Continue(source, Shifted(50), options).Dispose();
        long before = LiveTensors.Count;
        Continue(source, Shifted(50), options).Dispose();
        Assert.Equal(before, LiveTensors.Count);
    }

    private static GenerativeTransformer Continue(GenerativeTransformer source, IDataView view, TransferOptions options) =>
        new MLContext(2).Generative.ContinueTraining(source, options).Fit(view);

    // the rows of another place
    private IDataView Shifted(int count, int seed = 3)
    {
        var rows = Rows.Make(count, seed);
        foreach (var row in rows) row.Features = [row.Features[0] + 1.5f, row.Features[1] * 1.1f, row.Features[2] + 20, row.Features[3] + 0.3f];
        return _ml.Data.LoadFromEnumerable(rows);
    }

    private static Dictionary<string, float[]> Weights(GenerativeTransformer model) =>
        model.Model.Network.named_parameters().ToDictionary(p => p.Item1, p => ((Tensor)p.Item2).detach().ToFloats());

    private sealed class PowerCut(long afterStep) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step > afterStep) throw new IOException("power cut");
        }
    }

    // of which others are left
    private static string FirstLayer(GenerativeTransformer model) =>
        new StartingPoint(model.Model, null).Layers.First(layer => !new StartingPoint(model.Model, [layer]).FreezesAll);
}
