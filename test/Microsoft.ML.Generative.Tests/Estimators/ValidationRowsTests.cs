namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Rows to measure on that the user gives.</summary>
public sealed class ValidationRowsTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void TheBestWeightsAreChosenByThem()
    {
        var training = new TrainingOptions { Steps = 400, Schedule = LearningRateSchedule.Constant, ValidationFraction = 0.5 };
        var estimator = Ml.Generative.TrainVae(new VaeOptions { Seed = 1, Beta = 0, Training = training });
        var few = Rows.View(Ml, 20);   // which a network of this size learns by heart

        using var chosen = estimator.Fit(few, Rows.View(Ml, 300, seed: 2));
        using var byThemselves = estimator.Fit(few, few);

        Assert.Equal(20, chosen.TrainingReport.TrainingRows);   // the fraction is ignored
        Assert.Equal(300, chosen.TrainingReport.ValidationRows);
        Assert.True(chosen.TrainingReport.BestStep < byThemselves.TrainingReport.BestStep, $"{chosen.TrainingReport} against {byThemselves.TrainingReport}");
    }

    [Fact]
    public void TheyNeedALabelThatIsKnown()
    {
        var estimator = Ml.Generative.TrainVae(new VaeOptions { LabelColumnName = "Name", Training = new TrainingOptions { Steps = 1 } });
        var error = Assert.Throws<ArgumentException>(() => estimator.Fit(Rows.View(Ml, 2), Rows.View(Ml, 3)));
        Assert.Equal("Label row 2 in column 'Name' was not there when the model was trained; there were row 0, row 1.", error.Message);
    }

    [Fact]
    public void TheyNeedTheSameColumns()
    {
        var estimator = Ml.Generative.TrainVae();
        var error = Assert.Throws<ArgumentException>(() => estimator.Fit(Rows.View(Ml, 20), Ml.Data.LoadFromEnumerable(new[] { new { Wrong = 1f } })));
        Assert.StartsWith("Column 'Features' is", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => estimator.Fit(Rows.View(Ml, 20), Rows.View(Ml, 0)));
        Assert.Equal("There is no row to measure on; give null to hold out some of the rows to learn from.", error.Message);
    }
}
