using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>Holes of a mixed table are filled in the types of their columns, and everything else stays as it was.</summary>
public sealed class TableImputationTests
{
    private static readonly TrainingOptions Training = new() { Steps = 300, BatchSize = 64, ValidationFraction = 0 };

    private readonly MLContext _ml = new(1);

    private GenerativeTransformer Fit(IEnumerable<MixedRow> rows) =>
        _ml.Generative.TrainTable(new TableOptions { InputColumnNames = MixedRows.Columns, Training = Training }).Fit(MixedRows.View(_ml, rows));

    [Fact]
    public void KnownValuesAreThoseThatWereThereAndHolesAreOfTheirColumns()
    {
        using var model = Fit(MixedRows.WithHoles(1000));
        var rows = MixedRows.WithHoles(300, seed: 5);
        rows[1].Job = "a job that nobody had";
        rows[1].Income = 987_654.321;   // off the grid, and beyond all that was there
        rows[1].Scores[1] = -77.125f;
        var view = MixedRows.View(_ml, rows);
        var filled = model.Impute(view, seed: 2);

        foreach (var column in view.Schema.Where(c => !c.IsHidden)) Assert.Equal(column.Type.RawType, filled.Schema[column.Name].Type.RawType);
        var values = MixedRows.Read(_ml, filled);
        var missing = new HashSet<string>();
        for (int i = 0; i < rows.Count; i++)
        {
            var (row, value) = (rows[i], values[i]);
            if (Same("Job", row.Job, value.Job, row.Job.Length == 0)) Assert.Contains(value.Job, MixedRows.Jobs);
            if (Same("City", row.City, value.City, row.City.Length == 0)) Assert.StartsWith("city ", value.City, StringComparison.Ordinal);
            if (Same("Income", row.Income, value.Income, double.IsNaN(row.Income))) Assert.Equal(Math.Round(value.Income, 2), value.Income);   // on the grid
            if (Same("Scores.0", row.Scores[0], value.Scores[0], float.IsNaN(row.Scores[0]))) Assert.Contains(value.Scores[0], new float[] { 0, 1, 2 });
            if (Same("Scores.1", row.Scores[1], value.Scores[1], float.IsNaN(row.Scores[1]))) Assert.InRange(value.Scores[1], -5, 5);
            Assert.Equal((row.Age, row.Married, row.Label), (value.Age, value.Married, value.Label));
        }
        Assert.Equal(5, missing.Count);

        // whether there was a hole; else nothing may have changed
        bool Same<T>(string what, T before, T after, bool isMissing)
        {
            if (isMissing) missing.Add(what);
            else Assert.Equal(before, after);
            return isMissing;
        }
    }

    [Fact]
    public void HolesGoWithWhatIsKnown()
    {
        using var model = Fit(MixedRows.WithHoles(2000));
        var rows = MixedRows.Make(400, seed: 6);
        string[] jobs = [.. rows.Select(row => row.Job)];
        double[] incomes = [.. rows.Select(row => row.Income)];
        foreach (var row in rows) (row.Job, row.Income) = ("", double.NaN);
        var values = MixedRows.Read(_ml, model.Impute(MixedRows.View(_ml, rows)));
        double right = values.Zip(jobs, (value, job) => value.Job == job ? 1 : 0).Average();
        Assert.True(right > 0.9, $"{right} of the jobs");
        // grades lie 1000 apart
        double near = values.Zip(incomes, (value, income) => Math.Abs(value.Income - income) < 500 ? 1 : 0).Average();
        Assert.True(near > 0.9, $"{near} of the incomes");
    }

    [Fact]
    public void TheSameSeedGivesTheSameDrawsAndSingleRowsWorkToo()
    {
        using var model = Fit(MixedRows.WithHoles(500));
        var view = MixedRows.View(_ml, MixedRows.WithHoles(100));
        double[] Incomes(int seed) => [.. model.Impute(view, seed).GetColumn<double>("Income")];
        Assert.Equal(Incomes(1), Incomes(1));
        Assert.NotEqual(Incomes(1), Incomes(2));

        var plain = _ml.Data.LoadFromEnumerable(MixedRows.WithHoles(500));
        string[] columns = ["Job", "Age", "Income", "Scores", "Married"];
        using var step = _ml.Generative.Impute(_ml.Generative.TrainTable(new TableOptions { InputColumnNames = columns, Training = Training })).Fit(plain);
        Assert.Equal(500, step.Model.TrainingReport.TrainingRows);   // all of them, not the complete ones alone
        using var engine = _ml.Model.CreatePredictionEngine<MixedRow, MixedRow>(step);
        var filled = engine.Predict(new MixedRow { Age = 33, Income = double.NaN, Scores = [float.NaN, 0.5f], Married = true });
        Assert.Contains(filled.Job, MixedRows.Jobs);
        Assert.True(double.IsFinite(filled.Income) && float.IsFinite(filled.Scores[0]));
        Assert.Equal((33, 0.5f, true), (filled.Age, filled.Scores[1], filled.Married));
    }

    [Fact]
    public void WhatIsMostLikelyHasLessErrorThanDrawsAndIsTheSameForEverySeed()
    {
        using var model = Fit(MixedRows.WithHoles(2000));
        var rows = MixedRows.Make(400, seed: 6);
        double[] incomes = [.. rows.Select(row => row.Income)];
        string[] cities = [.. rows.Select(row => row.City)];
        foreach (var row in rows) (row.City, row.Income) = ("", double.NaN);
        var view = MixedRows.View(_ml, rows);
        var drawn = MixedRows.Read(_ml, model.Impute(view, seed: 1));
        var likely = MixedRows.Read(_ml, model.Impute(view, seed: 1, ImputationMethod.MostLikely));
        Assert.Equal(likely.Select(row => (row.City, row.Income)), MixedRows.Read(_ml, model.Impute(view, seed: 2, ImputationMethod.MostLikely)).Select(row => (row.City, row.Income)));
        Assert.All(likely, row => Assert.StartsWith("city ", row.City, StringComparison.Ordinal));
        double Error(List<MixedRow> values) => values.Zip(incomes, (value, income) => Math.Abs(value.Income - income)).Average();
        double Right(List<MixedRow> values) => values.Zip(cities, (value, city) => value.City == city ? 1 : 0).Average();
        // deviations of 100 around the middle of a grade: 80 on average, and √2 times that for draws
        Assert.InRange(Error(likely), 60, 100);
        Assert.InRange(Error(drawn), 1.2 * Error(likely), 250);
        Assert.InRange(Right(likely), Right(drawn), 1);
        Assert.Equal(rows.Select(row => (row.Job, row.Age, row.Married)), likely.Select(row => (row.Job, row.Age, row.Married)));

        using var step = _ml.Generative.Impute(_ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Job", "Income"], Training = Training }), method: ImputationMethod.MostLikely)
            .Fit(MixedRows.View(_ml, MixedRows.WithHoles(1000)));
        Assert.True(step.Transform(view).GetColumn<double>("Income").Zip(incomes, (value, income) => Math.Abs(value - income)).Average() < 150);
    }

    [Fact]
    public void SeveralDrawsAreThoseOfSeedsInTurn()
    {
        using var model = Fit(MixedRows.WithHoles(500));
        var view = MixedRows.View(_ml, MixedRows.WithHoles(100));
        var draws = model.ImputeMultiple(view, draws: 3, seed: 7);
        Assert.Equal(3, draws.Count);
        double[][] incomes = [.. draws.Select(draw => draw.GetColumn<double>("Income").ToArray())];
        for (int i = 0; i < 3; i++) Assert.Equal(model.Impute(view, 7 + i).GetColumn<double>("Income"), incomes[i]);
        Assert.NotEqual(incomes[0], incomes[1]);
        Assert.NotEqual(incomes[1], incomes[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ImputeMultiple(view, 0));
    }

    [Fact]
    public void IdentifiersStayMissing()
    {
        var rows = MixedRows.Make(100);
        for (int i = 0; i < rows.Count; i++) rows[i].Label = i == 50 ? "" : $"key-{i}";
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Label", "Income"], Training = Training }).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(rows.Select(row => row.Label), model.Impute(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Label"));
    }
}
