using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Holes are filled given what is known of the row; models that can't do it say so.</summary>
public sealed class ImputationTests
{
    private static readonly MLContext Ml = new(1);

    public static TheoryData<string> Names => Models.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void KnownValuesStayAndHolesAreFilled(string name)
    {
        if (Fit(name) is not { } model) return;
        using (model)
        {
            var rows = WithHoles(700);
            var view = Ml.Data.LoadFromEnumerable(rows);
            var filled = model.Impute(view, seed: 3);
            Assert.Equal(view.Schema.Select(c => c.Name).Distinct(), filled.Schema.Where(c => !c.IsHidden).Select(c => c.Name));

            var values = Read(filled);
            for (int i = 0; i < rows.Count; i++)
                for (int k = 0; k < Rows.Features; k++)
                {
                    if (float.IsNaN(rows[i].Features[k])) Assert.True(float.IsFinite(values[i].Features[k]));
                    else Assert.Equal(rows[i].Features[k], values[i].Features[k]);
                }
            Assert.Equal(rows.Select(r => r.Name), values.Select(v => v.Name));
            Assert.Equal(values.Select(v => v.Features), Read(filled).Select(v => v.Features));
            Assert.NotEqual(values.Select(v => v.Features), Read(model.Impute(view, seed: 4)).Select(v => v.Features));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsFilledInGoesWithWhatIsKnown(string name)
    {
        // plain gradient descent takes more of them
        if (Fit(name, steps: name == "rbm" ? 4000 : 1500) is not { } model) return;
        using (model)
        {
            // the first feature follows from the third and the fourth, but for a little noise
            var rows = Rows.Make(500, seed: 5, rareEvery: 1000);
            float[] truth = [.. rows.Select(r => r.Features[0])];
            foreach (var row in rows) row.Features[0] = float.NaN;
            var values = Read(model.Impute(Ml.Data.LoadFromEnumerable(rows)));
            double ErrorOf(Func<int, double> guess) => truth.Select((t, i) => Math.Abs(t - guess(i))).Average();
            double mean = truth.Average(), byMean = ErrorOf(_ => mean), error = ErrorOf(i => values[i].Features[0]);
            Assert.True(error < 0.6 * byMean, $"{error} against {byMean} of the mean");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStepOfAPipelineLearnsFromTheRowsThatItCan(string name)
    {
        var estimator = Ml.Generative.Impute(Models.Create(Ml, name, training: new TrainingOptions { Steps = 60, BatchSize = 32, ValidationFraction = 0 }), seed: 2);
        var view = Ml.Data.LoadFromEnumerable(WithHoles(300));
        if (!CanImpute(name))
        {
            Assert.Equal($"A model of kind '{Models.KindOf(name)}' can't fill in missing values.", Assert.Throws<NotSupportedException>(() => estimator.Fit(view)).Message);
            return;
        }
        var pipeline = estimator.Append(Ml.Transforms.NormalizeMinMax("Features"));
        using var fitted = pipeline.Fit(view);
        Assert.All(Read(fitted.Transform(view)), row => Assert.All(row.Features, value => Assert.True(float.IsFinite(value))));
        var report = ((ImputingTransformer)fitted.First()).Model.TrainingReport;
        Assert.Equal(Models.IsOfTables(name) ? 300 : 200, report.TrainingRows + report.ValidationRows);   // the complete ones; of a table all

        using var engine = Ml.Model.CreatePredictionEngine<Row, Row>(fitted);
        Assert.All(engine.Predict(WithHoles(1)[0]).Features, value => Assert.True(float.IsFinite(value)));

        using var stream = new MemoryStream();
        var error = Assert.Throws<NotSupportedException>(() => Ml.Model.Save(fitted, view.Schema, stream));
        Assert.StartsWith("Stock ML.NET has no step that imputes by a generative model.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsThatAreAllIncompleteCannotBeLearntFrom()
    {
        var estimator = Ml.Generative.Impute(Ml.Generative.TrainVae());
        var view = Ml.Data.LoadFromEnumerable(WithHoles(1));
        Assert.StartsWith("There is no row to learn from", Assert.Throws<ArgumentException>(() => estimator.Fit(view)).Message, StringComparison.Ordinal);
    }

    private static bool CanImpute(string name)
    {
        using var model = Models.Fit(Ml, name, rows: 40);
        return model.Model.Network is IImputer;
    }

    private static GenerativeTransformer? Fit(string name, int steps = 60)
    {
        var model = Models.Create(Ml, name, training: new TrainingOptions { Steps = steps }).Fit(Rows.View(Ml, 1000, rareEvery: 1000));
        if (model.Model.Network is IImputer) return model;
        using (model)
            Assert.Equal($"A model of kind '{Models.KindOf(name)}' can't fill in missing values.", Assert.Throws<NotSupportedException>(() => model.Impute(Rows.View(Ml, 5))).Message);
        return null;
    }

    // every third row has a hole or two
    private static List<Row> WithHoles(int count)
    {
        var rows = Rows.Make(count, seed: 9);
        for (int i = 0; i < count; i += 3)
        {
            rows[i].Features[i % Rows.Features] = float.NaN;
            rows[i].Features[i % 3] = float.NaN;
        }
        return rows;
    }

    private static List<Row> Read(IDataView view) => [.. Ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false)];
}
