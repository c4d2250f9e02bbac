using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>What every model has to do, whatever it is.</summary>
public sealed class ContractTests
{
    public static TheoryData<string> Names => Models.Names;

    private static readonly string[] FloatOutputs = ["Score", "LogDensity", "Reconstruction", "Latent"];

    private static IEnumerable<string> OutputsOf(IDataView view) => FloatOutputs.Where(name => view.Schema.GetColumnOrNull(name) is not null);

    [Theory]
    [MemberData(nameof(Names))]
    public void KeepsThePromiseOfItsSchema(string name)
    {
        var ml = new MLContext(1);
        var view = Rows.View(ml, 100);
        var estimator = Models.Create(ml, name);
        using var model = estimator.Fit(view);
        var promised = new EstimatorChain<ITransformer>().Append(new Probe()).Append(estimator).GetOutputSchema(ShapeOf(ml, view));
        var schema = model.Transform(view).Schema;

        Assert.Equal(schema.Select(c => c.Name).Order(), promised.Select(c => c.Name).Order());
        Assert.Equal(schema.Select(c => c.Name), model.GetOutputSchema(view.Schema).Select(c => c.Name));
        foreach (var column in promised)
        {
            var type = schema[column.Name].Type;
            Assert.Equal(type is VectorDataViewType, column.Kind != SchemaShape.Column.VectorKind.Scalar);
            Assert.Equal((type as VectorDataViewType)?.ItemType ?? type, column.ItemType);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FittingTwiceGivesTheSameModel(string name)
    {
        var ml = new MLContext(1);
        var view = Rows.View(ml, 100);
        var estimator = Models.Create(ml, name);
        using var first = estimator.Fit(view);
        using var second = estimator.Fit(view);
        Assert.Equal(Models.Floats(first.Transform(view), "Score"), Models.Floats(second.Transform(view), "Score"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSeedOfTheContextDecides(string name)
    {
        float[] Scores(int seed)
        {
            var ml = new MLContext(seed);
            using var model = Models.Fit(ml, name, 100);
            return Models.Floats(model.Transform(Rows.View(ml, 20, seed: 9)), "Score");
        }
        Assert.Equal(Scores(1), Scores(1));
        if (!Models.IsWithoutChance(name)) Assert.NotEqual(Scores(1), Scores(2));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARowsResultDoesNotDependOnTheOthers(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Fit(ml, name);
        var rows = Rows.Make(50, seed: 3);
        var together = model.Transform(ml.Data.LoadFromEnumerable(rows));
        var reversed = model.Transform(ml.Data.LoadFromEnumerable(rows.AsEnumerable().Reverse().ToList()));
        foreach (string column in OutputsOf(together))
        {
            int width = Models.Floats(together, column).Length / 50;
            var expected = Models.Floats(together, column).Chunk(width).ToArray();
            var backwards = Models.Floats(reversed, column).Chunk(width).Reverse().ToArray();
            for (int i = 0; i < 50; i++)
            {
                var alone = Models.Floats(model.Transform(ml.Data.LoadFromEnumerable([rows[i]])), column);
                AssertClose(expected[i], alone);
                AssertClose(expected[i], backwards[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictionEngineAndViewAgree(string name)
    {
        var ml = new MLContext(1);
        var model = Models.Fit(ml, name);
        var rows = Rows.Make(5, seed: 4);
        var scores = Models.Floats(model.Transform(ml.Data.LoadFromEnumerable(rows)), "Score");
        using var engine = ml.Model.CreatePredictionEngine<Row, Scored>(model);
        for (int i = 0; i < rows.Count; i++)
        {
            var scored = engine.Predict(rows[i]);
            AssertClose([scores[i]], [scored.Score]);
            Assert.Equal(scores[i] > model.ScoreThreshold, scored.PredictedLabel);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FlagsTheShareOfTheTrainingRowsThatWasGiven(string name)
    {
        var ml = new MLContext(1);
        var view = Rows.View(ml, 200);
        using var model = Models.Create(ml, name).Fit(view);
        Assert.Equal(20, model.Transform(view).GetColumn<bool>("PredictedLabel").Count(flag => flag));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TwoCursorsAndTwoThreadsDoNotDisturbEachOther(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Fit(ml, name);
        var scored = model.Transform(Rows.View(ml, 3000, seed: 8));
        var expected = Models.Floats(scored, "Score");
        var results = new float[4][];
        Parallel.For(0, results.Length, i => results[i] = Models.Floats(scored, "Score"));
        Assert.All(results, result => AssertClose(expected, result));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OddRowsScoreHigherThanThoseItLearntFrom(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Create(ml, name, training: new TrainingOptions { Steps = 300 }).Fit(Rows.View(ml, 500));
        var odd = Rows.Make(50, seed: 6);
        foreach (var row in odd) row.Features = [row.Features[0] + 30, row.Features[1] + 20, row.Features[2] - 900, row.Features[3] + 12];
        double normal = Models.Floats(model.Transform(Rows.View(ml, 50, seed: 7)), "Score").Average();
        Assert.True(Models.Floats(model.Transform(ml.Data.LoadFromEnumerable(odd)), "Score").Min() > normal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SamplesAreInTheUnitsOfTheRowsAndComeOutTheSameAgain(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Create(ml, name, training: new TrainingOptions { Steps = 500 }).Fit(Rows.View(ml, 1000));
        var sample = model.Sample(4000, seed: 3);
        var drawn = Models.Floats(sample, "Features");
        Assert.Equal(drawn, Models.Floats(sample, "Features"));
        Assert.Equal(drawn, Models.Floats(model.Sample(4000, seed: 3), "Features"));
        Assert.NotEqual(drawn, Models.Floats(model.Sample(4000, seed: 4), "Features"));
        Assert.Equal(4000, sample.GetRowCount());

        var real = Models.Floats(Rows.View(ml, 4000, seed: 12), "Features");
        for (int feature = 0; feature < Rows.Features; feature++)
        {
            var (mean, deviation) = Moments(real, feature);
            var (sampleMean, sampleDeviation) = Moments(drawn, feature);
            Assert.InRange(sampleMean, mean - 0.25 * deviation, mean + 0.25 * deviation);
            Assert.InRange(sampleDeviation, 0.7 * deviation, 1.3 * deviation);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ConditionedOnALabelItDrawsThatLabel(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Create(ml, name, "Label", new TrainingOptions { Steps = 500 }).Fit(Rows.View(ml, 1000));
        var rare = model.Sample(2000, seed: 1, new SampleOptions { Label = true, IsSyntheticColumnName = "IsSynthetic" });
        Assert.All(rare.GetColumn<bool>("Label"), Assert.True);
        Assert.All(rare.GetColumn<bool>("IsSynthetic"), Assert.True);
        var common = model.Sample(2000, seed: 1, new SampleOptions { Label = false });
        // rare rows lie 2 higher in the second feature
        double gap = Moments(Models.Floats(rare, "Features"), 1).Mean - Moments(Models.Floats(common, "Features"), 1).Mean;
        Assert.InRange(gap, 1.4, 2.6);
        // without a label, labels come as often as in training: one in five
        Assert.InRange(model.Sample(5000, seed: 2).GetColumn<bool>("Label").Count(l => l), 850, 1150);
        var error = Assert.Throws<ArgumentException>(() => model.Sample(1, options: new SampleOptions { Label = "perhaps" }));
        Assert.Equal("Label perhaps was not in column 'Label' when the model was trained; there were True, False.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void VariationsStayNearTheirRows(string name)
    {
        var ml = new MLContext(1);
        using var model = Models.Create(ml, name, training: new TrainingOptions { Steps = 500 }).Fit(Rows.View(ml, 1000));
        var source = ml.Data.LoadFromEnumerable(Rows.Make(10, seed: 21));
        double Distance(double temperature)
        {
            var rows = Models.Floats(source, "Features");
            var varied = Models.Floats(model.Vary(source, 200, seed: 5, new SampleOptions { Temperature = temperature }), "Features");
            Assert.Equal(200 * Rows.Features, varied.Length);
            return varied.Select((v, i) => Math.Abs(v - rows[i % rows.Length]) / (i % Rows.Features == 2 ? 100 : 3)).Average();
        }
        Assert.True(Distance(0) < Distance(1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingIsLeftBehind(string name)
    {
        var ml = new MLContext(1);
        var view = Rows.View(ml, 300);
        Use();
        long before = LiveTensors.Count;
        Use();
        Assert.Equal(before, LiveTensors.Count);

        void Use()
        {
            using var model = Models.Create(ml, name, "Label").Fit(view);
            foreach (string column in OutputsOf(model.Transform(view))) Models.Floats(model.Transform(view), column);
            Models.Floats(model.Sample(3000), "Features");
            Models.Floats(model.Vary(view, 3000), "Features");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SaysHowTrainingGoes(string name)
    {
        var ml = new MLContext(1);
        var lines = new List<string>();
        ml.Log += (_, e) => { if (e.Source.Contains("Generative", StringComparison.Ordinal)) lines.Add(e.Message); };
        var heard = new Heard();
        using var model = Models.Create(ml, name, training: new TrainingOptions { Epochs = 3, BatchSize = 2, ValidationFraction = 0, Progress = heard }).Fit(Rows.View(ml, 120));
        Assert.Equal([1, 2, 3], heard.Progress.Select(p => p.Epoch));
        Assert.Equal(180, heard.Progress[^1].Step);
        Assert.Contains(lines, line => line.Contains("Training on the CPU.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("epoch 2, step 120 of 180: loss", StringComparison.Ordinal));
        Assert.Equal("cpu", model.TrainingReport.Device);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AGpuThatIsNotThereIsAnErrorUnlessTheCpuWillDo(string name)
    {
        if (TorchSharp.torch.cuda.is_available()) return;
        var ml = new MLContext(1) { GpuDeviceId = 0 };
        var view = Rows.View(ml, 50);
        var error = Assert.Throws<InvalidOperationException>(() => Models.Create(ml, name).Fit(view));
        Assert.Equal("MLContext.GpuDeviceId is 0, but no GPU can be used: there is none, or TorchSharp's CUDA package is not referenced. "
                     + "Set GpuDeviceId to null, or FallbackToCpu to true, to use the CPU.", error.Message);
        ml.FallbackToCpu = true;
        using var model = Models.Create(ml, name).Fit(view);
        Assert.Equal("cpu", model.TrainingReport.Device);
    }

    private static SchemaShape ShapeOf(MLContext ml, IDataView view)
    {
        var probe = new Probe();
        new EstimatorChain<ITransformer>().Append(probe).Fit(view);
        return probe.Seen!;
    }

    private static (double Mean, double Deviation) Moments(float[] rows, int feature)
    {
        var values = rows.Where((_, i) => i % Rows.Features == feature).Select(v => (double)v).ToList();
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * (1 + Math.Abs(expected[i])), $"{expected[i]} against {actual[i]}");
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class Heard : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Progress { get; } = [];

        public void Report(TrainingProgress value) => Progress.Add(value);
    }

    /// <summary>An estimator that does nothing but look at the schema.</summary>
    private sealed class Probe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }
}
