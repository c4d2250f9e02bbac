using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Models that are conditioned on a vector: rows are scored, drawn and exported given it.</summary>
public sealed class ContextTests
{
    private static readonly MLContext Ml = new(1);

    // every model that can be conditioned on a context: a new one is a line
    private static readonly Dictionary<string, Func<string?, TrainingOptions, IEstimator<GenerativeTransformer>>> Conditionable = new()
    {
        ["flow"] = (label, training) => Ml.Generative.TrainFlow(new FlowOptions { ContextColumnName = "Place", LabelColumnName = label, Training = training }),
        ["made"] = (label, training) => Ml.Generative.TrainMade(new MadeOptions { ContextColumnName = "Place", LabelColumnName = label, Training = training }),
        ["vae"] = (label, training) => Ml.Generative.TrainVae(new VaeOptions { ContextColumnName = "Place", LabelColumnName = label, Training = training }),
    };

    public static TheoryData<string> Names => [.. Conditionable.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RowsAreDrawnForTheirContext(string name)
    {
        using var model = Fit(name);
        float[] places = [100, 300];
        var drawn = Read(model.Sample(1000, seed: 1, new SampleOptions { Context = View([.. places.Select(place => new Placed { Place = [place] })]) }));
        Assert.Equal(1000, drawn.Count);
        for (int i = 0; i < drawn.Count; i++) Assert.Equal(places[i % 2], drawn[i].Place[0]);
        // the features lie around a hundredth of the context
        Assert.InRange(drawn.Where((_, i) => i % 2 == 0).Average(row => row.Features[0]), 0.7, 1.3);
        Assert.InRange(drawn.Where((_, i) => i % 2 == 1).Average(row => row.Features[0]), 2.7, 3.3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARowIsOddWhereItsContextSaysOtherwise(string name)
    {
        using var model = Fit(name);
        var scores = Models.Floats(model.Transform(View([Make(1, 100), Make(3, 300), Make(3, 100), Make(1, 300)])), "Score");
        Assert.True(Math.Min(scores[2], scores[3]) > Math.Max(scores[0], scores[1]) + 1, string.Join(", ", scores));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AModelFileAndAZipKeepTheContext(string name)
    {
        using var model = Fit(name, "Label");
        var view = View(Rows(50, seed: 3));
        var expected = Models.Floats(model.Transform(view), "Score");

        using var file = new MemoryStream();
        Ml.Generative.Save(model, file);
        using var loaded = Ml.Generative.Load(file);
        Assert.Equal(expected, Models.Floats(loaded.Transform(view), "Score"));
        var options = new SampleOptions { Context = view };
        Assert.Equal(Models.Floats(model.Sample(30, 5, options), "Features"), Models.Floats(loaded.Sample(30, 5, options), "Features"));

        using var zip = new MemoryStream();
        Ml.Model.Save(model, view.Schema, zip);
        zip.Position = 0;
        var stock = Models.Floats(Ml.Model.Load(zip, out _).Transform(view), "Score");
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], stock[i], 1e-4 * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        using var model = Fit("vae");
        Assert.Equal("The model is conditioned on column 'Place'; give SampleOptions.Context, a view with that column.",
                     Assert.Throws<ArgumentException>(() => model.Sample(10)).Message);
        using var unconditioned = Ml.Generative.TrainVae(new VaeOptions { Training = new TrainingOptions { Steps = 1 } }).Fit(View(Rows(20)));
        Assert.Equal("SampleOptions.Context is given, but the model is not conditioned on a context. Train it with ContextColumnName.",
                     Assert.Throws<ArgumentException>(() => unconditioned.Sample(10, options: new SampleOptions { Context = View(Rows(20)) })).Message);
        Assert.Equal("AutoencoderOptions: ContextColumnName is Place; it must be null: its sampler knows labels only.",
                     Assert.Throws<ArgumentException>(() => Ml.Generative.TrainAutoencoder(new AutoencoderOptions { ContextColumnName = "Place" })).Message);

        var rows = Rows(20);
        rows[4].Place[0] = float.NaN;
        Assert.StartsWith("Row 4 has NaN in slot 0 of column 'Place'",
                          Assert.Throws<ArgumentException>(() => Conditionable["vae"](null, new TrainingOptions()).Fit(View(rows))).Message, StringComparison.Ordinal);
    }

    private static GenerativeTransformer Fit(string name, string? label = null) =>
        Conditionable[name](label, new TrainingOptions { Steps = 500 }).Fit(View(Rows(1000)));

    private static List<Placed> Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 400 * random.NextDouble()).Select(place => Make(place / 100 + 0.2 * Generative.Tests.Rows.Normal(random), place))];
    }

    private static Placed Make(double feature, double place) => new() { Features = [(float)feature, (float)-feature], Place = [(float)place], Label = feature > 2 };

    private static IDataView View(List<Placed> rows) => Ml.Data.LoadFromEnumerable(rows);

    private static List<Placed> Read(IDataView view) => [.. Ml.Data.CreateEnumerable<Placed>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    private sealed class Placed
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];

        [VectorType(1)]
        public float[] Place { get; set; } = [0];

        public bool Label { get; set; }
    }
}
