using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Generation;

public class OversamplingEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly FakeGenerator _generator = new();

    /// <summary>Every draw is kept, so that the tests can say which rows come out.</summary>
    private static readonly OversampleOptions Plain = new() { Selectivity = 0, Temperature = 0.5 };

    private OversamplingEstimator Oversample(OversampleOptions? options = null, IEstimator<IGenerativeTransformer>? generator = null) =>
        new(_ml, generator ?? _generator, options ?? Plain);

    private IDataView View(params int[] rowsOfClasses) => _ml.Data.LoadFromEnumerable(LabelledRow.Of(rowsOfClasses));

    private static IDataView Augmented(IEstimator<ITransformer> estimator, IDataView view) => estimator.Fit(view).Transform(view);

    private static Dictionary<string, int> Sizes(IDataView view, string label = "Class") =>
        view.GetColumn<string>(label).CountBy(name => name).ToDictionary();

    [Fact]
    public void TheNextStepSeesRealRowsThenSyntheticOnes()
    {
        var view = View(6, 2);
        IDataView? seen = null;
        Oversample().Append(new ProbeEstimator(rows => seen = rows)).Fit(view);

        Assert.Equal([false, false, false, false, false, false, true, true, true, true, true, true], seen!.GetColumn<bool>("Label"));
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 0.5f, 1.5f, 0.5f, 1.5f], seen!.GetColumn<float[]>("Features").Select(row => row[0]));
        Assert.Equal(["fit 8 rows given Label", "vary 2 rows into 4 at 0.5 of True (Boolean)"], _generator.Diary);
    }

    [Fact]
    public void OneFitGivesSyntheticRowsOnceAndToItsOwnViewOnly()
    {
        var view = View(6, 2);
        var other = View(6, 2);
        var transformer = Oversample().Fit(view);
        Assert.Same(other, transformer.Transform(other));
        Assert.Equal(12, transformer.Transform(view).GetColumn<bool>("Label").Count());
        Assert.Same(view, transformer.Transform(view));
        Assert.Same(other, transformer.Transform(other));
    }

    [Fact]
    public void FittingAgainGivesTheSameRowsAgain()
    {
        var view = View(6, 2);
        var estimator = Oversample(Plain with { Source = OversampleSource.Prior });
        var first = Augmented(estimator, view).GetColumn<float[]>("Features").ToArray();
        Assert.Equal(first, Augmented(estimator, view).GetColumn<float[]>("Features"));
    }

    [Fact]
    public void TheSeedDecides()
    {
        float Drawn(int seed) => Augmented(Oversample(Plain with { Source = OversampleSource.Prior, Seed = seed }), View(3, 2))
            .GetColumn<float[]>("Features").Last()[1];
        Assert.Equal(Drawn(5), Drawn(5));
        Assert.NotEqual(Drawn(5), Drawn(6));
    }

    [Theory]
    [InlineData(1.0, 100, 100, 100)]
    [InlineData(0.5, 100, 50, 60)]
    [InlineData(0.604, 100, 60, 60)]
    [InlineData(0.1, 100, 10, 60)]
    public void EveryClassReachesItsShareOfTheLargest(double ratio, int large, int small, int middle) =>
        Assert.Equal(new() { ["class 0"] = large, ["class 1"] = small, ["class 2"] = middle },
            Sizes(Augmented(Oversample(Plain with { LabelColumnName = "Class", Ratio = ratio }), View(100, 7, 60))));

    [Fact]
    public void AClassMayHaveItsOwnRatio() =>
        Assert.Equal(new() { ["class 0"] = 200, ["class 1"] = 25, ["class 2"] = 60 }, Sizes(Augmented(Oversample(Plain with
        {
            LabelColumnName = "Class",
            RatioByLabel = new Dictionary<string, double> { ["class 0"] = 2, ["class 1"] = 0.25, ["class 2"] = 0 },
        }), View(100, 7, 60))));

    [Fact]
    public void WhatIsBalancedStaysAsItIs()
    {
        var view = View(50, 50);
        var transformer = Oversample().Fit(view);
        Assert.Same(view, transformer.Transform(view));
        Assert.Empty(_generator.Diary);
    }

    [Theory]
    [InlineData(OversampleMode.Automatic)]
    [InlineData(OversampleMode.LabelConditional)]
    public void OneConditionalModelLearnsFromAllRows(OversampleMode mode)
    {
        Augmented(Oversample(Plain with { LabelColumnName = "Class", Mode = mode, Source = OversampleSource.Prior }), View(9, 3, 4));
        Assert.Equal(["fit 16 rows given Class", "sample 6 of class 1 (String)", "sample 5 of class 2 (String)"], _generator.Diary);
    }

    [Fact]
    public void AModelPerClassLearnsFromTheRowsOfTheClass()
    {
        Augmented(Oversample(Plain with { LabelColumnName = "Class", Mode = OversampleMode.PerClass, Temperature = 1 }), View(9, 3, 4));
        Assert.Equal(["fit 3 rows", "vary 3 rows into 6 at 1", "fit 4 rows", "vary 4 rows into 5 at 1"], _generator.Diary);
    }

    [Fact]
    public void AModelThatCannotBeConditionedIsFittedPerClass()
    {
        var view = Augmented(Oversample(generator: new PlainGenerator(_generator)), View(4, 2));
        Assert.Equal(["fit 2 rows", "vary 2 rows into 2 at 0.5"], _generator.Diary);
        Assert.Equal(4, view.GetColumn<bool>("Label").Count(label => label));
    }

    [Theory]
    [InlineData("Label", "True (Boolean)")]
    [InlineData("Class", "class 1 (String)")]
    [InlineData("Number", "1 (Single)")]
    [InlineData("Integer", "0 (Int32)")]
    [InlineData("Key", "2 (UInt32)")]
    public void LabelsOfEveryTypeWork(string label, string drawn)
    {
        var view = Augmented(Oversample(Plain with { LabelColumnName = label, Source = OversampleSource.Prior }), View(5, 2));
        Assert.Equal([$"fit 7 rows given {label}", $"sample 3 of {drawn}"], _generator.Diary);
        Assert.Equal([5, 5], label switch
        {
            "Label" => view.GetColumn<bool>(label).CountBy(value => value).Select(pair => pair.Value),
            "Class" => view.GetColumn<string>(label).CountBy(value => value).Select(pair => pair.Value),
            "Number" => view.GetColumn<float>(label).CountBy(value => value).Select(pair => pair.Value),
            "Integer" => view.GetColumn<int>(label).CountBy(value => value).Select(pair => pair.Value),
            _ => view.GetColumn<uint>(label).CountBy(value => value).Select(pair => pair.Value),
        });
    }

    [Fact]
    public void WhatTheModelDoesNotDrawIsMissing()
    {
        var view = Augmented(Oversample(), View(3, 2));
        Assert.Equal([40, 40, 40, 40, 40, float.NaN], view.GetColumn<float>("Age"));
        Assert.Equal(["real", "real", "real", "real", "real", ""], view.GetColumn<string>("Comment"));
        Assert.Equal([3, 3, 3, 3, 3, 0], view.GetColumn<long>("Visits"));
        Assert.Equal([double.NaN, double.NaN], view.GetColumn<double[]>("Place").Last());
        Assert.Equal([0, 0], view.GetColumn<int[]>("Counts").Last());
        Assert.Equal(0u, view.GetColumn<uint>("Key").Last());
    }

    [Fact]
    public void TheSchemaWithItsAnnotationsStays()
    {
        var view = View(3, 2);
        Assert.Same(view.Schema, Augmented(Oversample(), view).Schema);
        Assert.Same(view.Schema, Oversample().Fit(view).GetOutputSchema(view.Schema));
    }

    [Fact]
    public void SyntheticRowsCanBeMarked()
    {
        var options = Plain with { IsSyntheticColumnName = "IsSynthetic" };
        var view = View(4, 2);
        var transformer = Oversample(options).Fit(view);
        var augmented = transformer.Transform(view);
        Assert.Equal([false, false, false, false, false, false, true, true], augmented.GetColumn<bool>("IsSynthetic"));
        Assert.Equal(LabelledRow.Of(4, 2).Select(row => row.Comment), augmented.GetColumn<string>("Comment").Take(6));
        Assert.Null(transformer.Transform(view).Schema.GetColumnOrNull("IsSynthetic"));
    }

    [Fact]
    public void AShufflingTrainerGetsSyntheticRowsAmongTheRealOnes()
    {
        var view = View(600, 100);
        var augmented = Augmented(Oversample(), view);
        using var cursor = augmented.GetRowCursor([augmented.Schema["Age"]], new Random(1));
        var getter = cursor.GetGetter<float>(augmented.Schema["Age"]);
        var synthetic = new List<bool>();
        float age = 0;
        while (cursor.MoveNext())
        {
            getter(ref age);
            synthetic.Add(float.IsNaN(age));
        }
        // hypergeometric: of any 300 rows 125 ± 7.4 are synthetic; five deviations
        Assert.Equal(1200, synthetic.Count);
        Assert.All(synthetic.Chunk(300), part => Assert.InRange(part.Count(mark => mark), 88, 162));
    }

    [Fact]
    public void AHiddenColumnOfTheSameNameIsMissing()
    {
        var view = _ml.Transforms.CopyColumns("Features", "Features").Fit(View(3, 2)).Transform(View(3, 2));
        var augmented = Augmented(Oversample(), view);
        var (hidden, shown) = (augmented.Schema.First(column => column.Name == "Features"), augmented.Schema["Features"]);
        Assert.True(hidden.IsHidden);
        Assert.Equal([float.NaN, float.NaN], augmented.GetColumn<float[]>(hidden).Last());
        Assert.Equal([0.5f, 1], augmented.GetColumn<float[]>(shown).Last());
    }

    [Fact]
    public void RowsWithoutLabelAreKeptAndBelongToNoClass()
    {
        var rows = LabelledRow.Of(6, 2);
        rows.Insert(3, new LabelledRow { Class = "", Features = [7, 7] });
        var view = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal(new() { ["class 0"] = 6, [""] = 1, ["class 1"] = 6 }, Sizes(Augmented(Oversample(Plain with { LabelColumnName = "Class" }), view)));
        Assert.Equal(["fit 8 rows given Class", "vary 2 rows into 4 at 0.5 of class 1 (String)"], _generator.Diary);
    }

    [Fact]
    public void NoTestFoldSeesASyntheticRow()
    {
        var view = View(60, 12);
        int fitted = 0;
        var pipeline = Oversample(Plain with { LabelColumnName = "Class" })
            .Append(new ProbeEstimator(rows => fitted = rows.GetColumn<string>("Class").Count()));
        foreach (var fold in _ml.Data.CrossValidationSplit(view, 4))
        {
            int training = fold.TrainSet.GetColumn<string>("Class").Count();
            var model = pipeline.Fit(fold.TrainSet);
            Assert.True(fitted > training);
            Assert.Equal(Features(fold.TestSet), Features(model.Transform(fold.TestSet)));
            Assert.Equal(Features(fold.TrainSet), Features(model.Transform(fold.TrainSet)));
        }

        static List<float[]> Features(IDataView rows) => [.. rows.GetColumn<float[]>("Features")];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CrossValidationScoresRealRowsOnly(bool smote)
    {
        var view = View(60, 12);
        var fitted = new List<int>();
        IEstimator<ITransformer> oversample = smote ? new SmoteEstimator(_ml, new SmoteOptions()) : Oversample();
        var pipeline = oversample.Append(new ProbeEstimator(rows => fitted.Add(rows.GetColumn<bool>("Label").Count(label => label))))
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression());
        var folds = _ml.BinaryClassification.CrossValidate(view, pipeline, 3);

        Assert.Equal(72, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<bool>("Label").Count()));
        Assert.Equal(12, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<bool>("Label").Count(label => label)));
        Assert.Equal(folds.Select(fold => 60 - fold.ScoredHoldOutSet.GetColumn<bool>("Label").Count(label => !label)), fitted);
    }

    [Fact]
    public void TheSavedStepIsAnIdentity()
    {
        var view = View(6, 2);
        var model = Oversample().Append(new ProbeEstimator()).Fit(view);
        using var zip = new MemoryStream();
        _ml.Model.Save(model, view.Schema, zip);
        zip.Position = 0;
        var loaded = _ml.Model.Load(zip, out var schema);

        Assert.Equal(view.Schema.Select(column => (column.Name, column.Type)), schema.Select(column => (column.Name, column.Type)));
        Assert.Same(view, loaded.Transform(view));
        Assert.IsType<TransformerChain<ITransformer>>(Assert.IsAssignableFrom<IEnumerable<ITransformer>>(loaded).First());
    }

    [Fact]
    public void APredictionEngineGoesThroughTheStep()
    {
        var view = View(6, 2);
        var model = _ml.Transforms.CopyColumns("Copy", "Age").Append(Oversample()).Append(_ml.Transforms.CopyColumns("Age", "Number")).Fit(view);
        using var engine = _ml.Model.CreatePredictionEngine<LabelledRow, LabelledRow>(model);
        var predicted = engine.Predict(LabelledRow.Row(4, 2));
        Assert.Equal(4, predicted.Age);
        Assert.Equal([2, 4], predicted.Features);
    }

    [Fact]
    public void ModelsLiveAsLongAsTheTransformer()
    {
        var transformer = Oversample(Plain with { LabelColumnName = "Class", Mode = OversampleMode.PerClass }).Fit(View(9, 3, 4));
        Assert.DoesNotContain("dispose", _generator.Diary);
        ((IDisposable)transformer).Dispose();
        Assert.Equal(2, _generator.Diary.Count(entry => entry == "dispose"));
    }

    [Fact]
    public void ModelsAreClosedWhenALaterOneFails()
    {
        var rows = LabelledRow.Of(9, 3, 4);
        rows[^1].Features[0] = -99;
        Assert.Throws<ArgumentException>(() =>
            Oversample(Plain with { LabelColumnName = "Class", Mode = OversampleMode.PerClass }).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal(["fit 3 rows", "vary 3 rows into 6 at 0.5", "fit 4 rows", "dispose"], _generator.Diary);
    }

    [Fact]
    public void TheLogSaysWhatIsAdded()
    {
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.RawMessage}");
        Oversample(Plain with { LabelColumnName = "Class" }).Fit(View(9, 3));
        Assert.Contains("Info Class 'class 0' of column 'Class': 9 rows, 0 synthetic ones added.", log);
        Assert.Contains("Info Class 'class 1' of column 'Class': 3 rows, 6 synthetic ones added.", log);
    }

    [Fact]
    public void SyntheticRowsThatNoStepSawAreWarnedOf()
    {
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.RawMessage}");
        var view = View(9, 3);
        const string Warning = "Warning No step was fitted on the synthetic rows: nothing follows the oversampling in its chain of estimators. "
            + "Append the next steps to that chain, rather than the chain to another one.";

        new ProbeEstimator().Append(Oversample()).Append(new ProbeEstimator(rows => rows.GetColumn<bool>("Label").Count())).Fit(view).Transform(view);
        Assert.DoesNotContain(Warning, log);

        var inner = new ProbeEstimator().Append(Oversample());
        new ProbeEstimator().Append(inner).Append(new ProbeEstimator(rows => rows.GetColumn<bool>("Label").Count())).Fit(view);
        Assert.Single(log, Warning);
    }
}
