using Microsoft.ML.Generative.Tests.Estimators.Table;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

/// <summary>Models of a mixed table by what the noise is, each fitted once.</summary>
public sealed class TableDiffusionModels : IDisposable
{
    private readonly Dictionary<DiffusionTokenNoise, GenerativeTransformer> _models = [];

    public MLContext Ml { get; } = new(1);

    public GenerativeTransformer this[DiffusionTokenNoise noise] => _models.TryGetValue(noise, out var known) ? known : _models[noise] =
        Ml.Generative.TrainDiffusion(TableDiffusionTests.Options(noise)).Fit(MixedRows.View(Ml, MixedRows.WithHoles(1000)));

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }
}

/// <summary>The diffusion of a table of mixed columns.</summary>
public sealed class TableDiffusionTests(TableDiffusionModels models) : IClassFixture<TableDiffusionModels>
{
    private readonly MLContext _ml = models.Ml;

    internal static DiffusionOptions Options(DiffusionTokenNoise noise, string? label = null) => new()
    {
        InputColumnNames = MixedRows.Columns, LabelColumnName = label, TokenNoise = noise, HiddenSize = 64, ResidualBlocks = 1, SamplingSteps = 20, DensitySteps = 8, DensityProbes = 2, ImputationRepeats = 4, Seed = 1,
        Training = new() { Steps = 800, BatchSize = 64 },
    };

    private static bool GoTogether(MixedRow row) => Math.Abs(row.Income - 1000 * (1 + Array.IndexOf(MixedRows.Jobs, row.Job))) < 500;

    private static double Together(IEnumerable<MixedRow> rows) => rows.Where(row => row.Job.Length > 0 && !double.IsNaN(row.Income)).Average(row => GoTogether(row) ? 1 : 0);

    [Theory]
    [InlineData(DiffusionTokenNoise.Absorbing)]
    [InlineData(DiffusionTokenNoise.Marginal)]
    public void DrawnRowsHaveTheColumnsOfTheRealOnesAndWhatGoesTogether(DiffusionTokenNoise noise)
    {
        var model = models[noise];
        var view = MixedRows.View(_ml, MixedRows.WithHoles(1000));
        var drawn = model.Sample(600, seed: 4);
        Assert.Equal(MixedRows.Columns, drawn.Schema.Select(column => column.Name));
        foreach (var column in drawn.Schema) Assert.Equal(view.Schema[column.Name].Type.ToString(), column.Type.ToString());
        var rows = MixedRows.Read(_ml, drawn);
        Assert.All(rows, row => Assert.Contains(row.Job, MixedRows.Jobs.Append("")));
        Assert.InRange(rows.Count(row => row.Job.Length == 0), 600 * 0.05, 600 * 0.15);   // a tenth
        Assert.True(Together(rows) > 0.85, $"{Together(rows)} of the incomes go with the job");

        var scored = model.Transform(view);
        Assert.Null(scored.Schema.GetColumnOrNull("Reconstruction"));
        Assert.Equal(DensityKind.Bound, model.DensityKind);
        var odd = MixedRows.Make(300, seed: 7);
        double ordinary = Models.Floats(model.Transform(MixedRows.View(_ml, odd)), "Score").Average();
        foreach (var row in odd) row.Job = MixedRows.Jobs[(Array.IndexOf(MixedRows.Jobs, row.Job) + 1) % 3];
        double unusual = Models.Floats(model.Transform(MixedRows.View(_ml, odd)), "Score").Average();
        Assert.True(unusual > ordinary + 1, $"{unusual} and {ordinary}");

        MixedRows.AssertComesBack(_ml, model, view);
    }

    [Theory]
    [InlineData(DiffusionTokenNoise.Absorbing, 0.85, 170)]
    [InlineData(DiffusionTokenNoise.Marginal, 0.65, 100)]   // where known tokens take the place of noise, an approximation; 0.45 go with any job, and 20 of the 200 are pilots
    public void RowsCanBeAskedFor(DiffusionTokenNoise noise, double fewestTogether, int fewestPilots)
    {
        var model = models[noise];
        var given = MixedRows.Read(_ml, model.Sample(200, 1, new() { Given = new Dictionary<string, object> { ["Job"] = "nurse", ["Age"] = 33 } }));
        Assert.All(given, row => Assert.Equal(("nurse", 33), (row.Job, row.Age)));
        Assert.True(Together(given) > fewestTogether, $"{Together(given)} of the incomes go with the job");

        var constraints = new Dictionary<string, ColumnConstraint> { ["Income"] = ColumnConstraint.Between(2500, 4000), ["Age"] = ColumnConstraint.Between(30, 35) };
        var constrained = MixedRows.Read(_ml, model.Sample(200, 1, new() { Constraints = constraints }));
        Assert.All(constrained, row => Assert.InRange(row.Age, 30, 35));
        Assert.All(constrained, row => Assert.InRange(row.Income, 2500, 4000));
        Assert.InRange(constrained.Count(row => row.Job is "pilot" or ""), fewestPilots, 200);

        var shares = new Dictionary<string, ColumnConstraint> { ["Job"] = ColumnConstraint.Shares(("nurse", 0.8), ("clerk", 0.2)) };
        var shared = MixedRows.Read(_ml, model.Sample(400, 1, new() { Constraints = shares }));
        Assert.InRange(shared.Count(row => row.Job == "nurse"), 290, 350);
        Assert.True(Together(shared) > fewestTogether, $"{Together(shared)} of the incomes go with the job");
    }

    [Fact]
    public void WithoutTemperatureOnlyTheOrderInWhichColumnsAreShownVaries()
    {
        int Ages(double temperature) => MixedRows.Read(_ml, models[DiffusionTokenNoise.Absorbing].Sample(200, 1, new() { Temperature = temperature })).Select(row => row.Age).Distinct().Count();
        Assert.True(Ages(0) < Ages(1) / 2, $"{Ages(0)} and {Ages(1)}");
    }

    [Theory]
    [InlineData(DiffusionTokenNoise.Absorbing)]
    [InlineData(DiffusionTokenNoise.Marginal)]
    public void HolesGoWithWhatIsKnownAndVariationsWithTheirRows(DiffusionTokenNoise noise)
    {
        var model = models[noise];
        var rows = MixedRows.Make(300, seed: 6);
        string[] jobs = [.. rows.Select(row => row.Job)];
        var close = MixedRows.Read(_ml, model.Vary(MixedRows.View(_ml, rows), 300, 1, new() { Temperature = 0.2 }));
        var far = MixedRows.Read(_ml, model.Vary(MixedRows.View(_ml, rows), 300, 1, new() { Temperature = 2 }));
        int Same(List<MixedRow> varied) => varied.Zip(rows).Count(pair => pair.First.Age == pair.Second.Age);
        Assert.True(Same(close) > 2 * Same(far), $"{Same(close)} and {Same(far)}");
        foreach (var row in rows) row.Job = "";
        var filled = MixedRows.Read(_ml, model.Impute(MixedRows.View(_ml, rows)));
        Assert.InRange(filled.Zip(jobs).Count(pair => pair.First.Job == pair.Second), 270, 300);
        Assert.Equal(rows.Select(row => row.Income), filled.Select(row => row.Income));
    }

    [Fact]
    public void WhatIsMostLikelyHasLessErrorThanDraws()
    {
        var model = models[DiffusionTokenNoise.Absorbing];
        var rows = MixedRows.Make(400, seed: 6);
        double[] incomes = [.. rows.Select(row => row.Income)];
        foreach (var row in rows) (row.City, row.Income) = ("", double.NaN);
        var view = MixedRows.View(_ml, rows);
        var (drawn, likely) = (MixedRows.Read(_ml, model.Impute(view, seed: 1)), MixedRows.Read(_ml, model.Impute(view, seed: 1, ImputationMethod.MostLikely)));
        double Error(List<MixedRow> values) => values.Zip(incomes, (value, income) => Math.Abs(value.Income - income)).Average();
        // deviations of 100 around the middle of a grade: 80 on average, and √2 times that for draws
        Assert.InRange(Error(likely), 60, 110);
        Assert.True(Error(drawn) > 1.15 * Error(likely), $"{Error(drawn)} of draws, {Error(likely)}");
        Assert.All(likely, row => Assert.StartsWith("city ", row.City, StringComparison.Ordinal));
        Assert.Equal(rows.Select(row => (row.Job, row.Age, row.Married)), likely.Select(row => (row.Job, row.Age, row.Married)));
    }

    [Fact]
    public void ALabelGivenIsThatOfAllRowsDrawnAndGuidanceGoesBeyondIt()
    {
        // a label that says little of the job
        var random = new Random(3);
        var rows = MixedRows.Make(1000);
        foreach (var row in rows) row.Label = random.NextDouble() < (row.Job == "clerk" ? 0.7 : 0.3) ? "rare" : "common";
        using var model = _ml.Generative.TrainDiffusion(Options(DiffusionTokenNoise.Absorbing, "Label")).Fit(MixedRows.View(_ml, rows));
        int Clerks(double? weight, Dictionary<string, object>? given = null)
        {
            var drawn = MixedRows.Read(_ml, model.Sample(400, 1, new() { Label = "rare", GuidanceWeight = weight, Given = given }));
            Assert.All(drawn, row => Assert.Equal("rare", row.Label));
            return drawn.Count(row => row.Job == "clerk");
        }
        // by Bayes 0.65
        Assert.InRange(Clerks(null), 400 * 0.55, 400 * 0.75);
        Assert.True(Clerks(3) > Clerks(null) + 40);
        var married = new Dictionary<string, object> { ["Married"] = true };
        Assert.True(Clerks(3, married) > Clerks(null, married) + 40);
    }

    [Theory]
    [InlineData(DiffusionTokenNoise.Absorbing)]
    [InlineData(DiffusionTokenNoise.Marginal)]
    public void TheSameNoiseGivesTheSameRowsInAGraphAndTheGraphOfTheBoundTheSameBound(DiffusionTokenNoise noise)
    {
        var options = Options(noise) with { InputColumnNames = ["Age", "Income"], SamplingSteps = 5, Training = new() { Steps = 50 } };
        using var model = _ml.Generative.TrainDiffusion(options).Fit(MixedRows.View(_ml, MixedRows.WithHoles(300)));
        // a number that lies at the edge between two tokens can fall to either
        Assert.InRange(GraphDraws.Same(_ml, model, 300), 298, 300);

        var rows = MixedRows.Make(100, seed: 8);
        using var stream = new MemoryStream();
        _ml.Generative.ExportOnnx(model, stream, OnnxGraph.LogDensity);
        using var session = new InferenceSession(stream.ToArray());
        using var bounds = session.Run(
        [
            NamedOnnxValue.CreateFromTensor("Age", new DenseTensor<int>(rows.Select(row => row.Age).ToArray(), [100, 1])),
            NamedOnnxValue.CreateFromTensor("Income", new DenseTensor<double>(rows.Select(row => row.Income).ToArray(), [100, 1])),
        ]);
        Assert.Equal(Models.Floats(model.Transform(MixedRows.View(_ml, rows)), "LogDensity"), bounds.Single().AsTensor<float>(), (a, b) => Math.Abs(a - b) < 1e-3f * (1 + Math.Abs(a)));
    }
}
