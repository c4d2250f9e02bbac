using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Generation;

/// <summary>Oversampling around every model of the catalog that can be trained.</summary>
public class OversamplingWithModelsTests
{
    public static TheoryData<string, OversampleMode, OversampleSource, double> Ways()
    {
        var ways = new TheoryData<string, OversampleMode, OversampleSource, double>();
        foreach (string model in Models.Names)
        {
            foreach (var mode in new[] { OversampleMode.PerClass, OversampleMode.LabelConditional })
            {
                ways.Add(model, mode, OversampleSource.Posterior, 1);
                ways.Add(model, mode, OversampleSource.Prior, 0);
            }
        }
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ATrainerIsFittedOnBalancedClassesAndNothingIsLeftBehind(string model, OversampleMode mode, OversampleSource source, double selectivity)
    {
        long before = LiveTensors.Count;
        var ml = new MLContext(seed: 3);
        var view = Rows.View(ml, 200);
        var fittedOn = (Rows: 0, Rare: 0);
        var options = new OversampleOptions { Mode = mode, Source = source, Selectivity = selectivity };
        var pipeline = ml.Generative.Oversample(Models.Create(ml, model), options)
            .Append(new ProbeEstimator(rows => fittedOn = (rows.GetColumn<bool>("Label").Count(), rows.GetColumn<bool>("Label").Count(rare => rare))))
            .Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression());
        using (var fitted = pipeline.Fit(view))
        {
            Assert.Equal((320, 160), fittedOn);
            Assert.Equal(200, fitted.Transform(view).GetColumn<float>("Score").Count());
        }
        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [MemberData(nameof(Models.Names), MemberType = typeof(Models))]
    public void TheSameSeedsGiveTheSameRowsInEveryReading(string model)
    {
        float[] Synthetic(out IDataView augmented)
        {
            var ml = new MLContext(seed: 3);
            var view = Rows.View(ml, 200);
            augmented = ml.Generative.Oversample("Label", Models.Create(ml, model)).Fit(view).Transform(view);
            return Models.Floats(augmented, "Features")[(200 * Rows.Features)..];
        }

        float[] first = Synthetic(out var rows);
        Assert.All(first, x => Assert.True(float.IsFinite(x)));
        Assert.Equal(first, Models.Floats(rows, "Features")[(200 * Rows.Features)..]);
        Assert.Equal(first, Synthetic(out _));
    }
}
