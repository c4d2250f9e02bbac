using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ClassifierMetricsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IEstimator<ITransformer> Classifier => _ml.BinaryClassification.Trainers.LbfgsLogisticRegression();

    // the text goes with the number; those of a second kind lie higher by a shift
    private static (double, string)[] Draw(int rows, int seed, double shift = 0, double missing = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            bool second = random.Next(2) == 0;
            return (random.NextDouble() < missing ? double.NaN : 50 + Rows.Normal(random) + (second ? shift : 0), second ? "b" : "a");
        })];
    }

    private static double Shifted((double Number, string)[] rows, double by, Func<IReadOnlyList<ComparedTable>, double> metric) =>
        metric(MadeUpTable.Read(rows, [.. Draw(rows.Length, 9).Select(r => (r.Item1 + by, r.Item2))]));

    [Fact]
    public void DetectionIsAHalfForRowsOfTheSameDistributionAndOneForOthers()
    {
        double Detect(double shift) => Shifted(Draw(2000, 1), shift, t => Detection.Auroc(_ml, Classifier, t[0], t[1], seed: 0));

        Assert.InRange(Detect(0), 0.45, 0.55);
        // two normal distributions: Φ(1/√2) = 0.760 for those that are 1 apart
        Assert.InRange(Detect(1), 0.73, 0.79);
        Assert.InRange(Detect(10), 0.999, 1);
    }

    [Fact]
    public void DetectionSeesCategoriesAndMissingNumbers()
    {
        var other = MadeUpTable.Read(Draw(1000, 1), [.. Draw(1000, 2).Select(r => (r.Item1, "c"))]);
        Assert.InRange(Detection.Auroc(_ml, Classifier, other[0], other[1], seed: 0), 0.999, 1);

        // half of the numbers missing in one table: (½ + 1)/2 of the pairs are told right
        var holes = MadeUpTable.Read(Draw(4000, 1), Draw(3000, 2, missing: 0.5));
        Assert.InRange(Detection.Auroc(_ml, Classifier, holes[0], holes[1], seed: 0), 0.72, 0.78);
    }

    [Fact]
    public void TrainingOnSyntheticRowsIsWorthWhatTheyKnowOfTheLabel()
    {
        var tables = MadeUpTable.Read(Draw(2000, 1, shift: 1), Draw(2000, 2, shift: 1), Draw(2000, 3, shift: -1), [.. Draw(100, 4).Select(r => (r.Item1, "a"))]);
        double Tstr(int synthetic) => TrainOnSynthetic.Auroc(_ml, Classifier, tables[synthetic], tables[0], "Text");

        Assert.InRange(Tstr(1), 0.73, 0.79);        // Φ(1/√2) = 0.760
        Assert.Equal(1, Tstr(1) + Tstr(2), 1e-3);   // what is learned the wrong way round
        Assert.Equal(0.5, Tstr(3));                 // one class only
    }

    [Fact]
    public void ALabelOfOtherThanTwoValuesIsRefused()
    {
        var tables = MadeUpTable.Read([(1, "a"), (2, "b")], [(1, "a"), (2, "b"), (3, "c")], [(1, "a")]);
        Assert.StartsWith("Column 'Text' has more than two values in the real rows", Fault(1));
        Assert.StartsWith("Column 'Text' has one value in the real rows", Fault(2));

        string Fault(int test) => Assert.Throws<ArgumentException>(() => TrainOnSynthetic.Auroc(_ml, Classifier, tables[0], tables[test], "Text")).Message;
    }

    [Fact]
    public void SyntheticRowsWithAnotherLabelAreLeftOut()
    {
        var good = Draw(2000, 1, shift: 3);
        var tables = MadeUpTable.Read(Draw(500, 2, shift: 3), good, [.. good, .. Enumerable.Repeat((-1000.0, "c"), 2000)]);
        double expected = TrainOnSynthetic.Auroc(_ml, Classifier, tables[1], tables[0], "Text");
        Assert.Equal(expected, TrainOnSynthetic.Auroc(_ml, Classifier, tables[2], tables[0], "Text"), 0.01);
    }

    [Fact]
    public void RowsWithoutALabelAreLeftOut()
    {
        (double, string)[] synthetic = Draw(500, 1, shift: 3), test = Draw(500, 2, shift: 3), holes = [.. Enumerable.Repeat((50.0, ""), 200)];
        var tables = MadeUpTable.Read(synthetic, test, [.. synthetic, .. holes], [.. test, .. holes], holes);

        Assert.Equal(TrainOnSynthetic.Auroc(_ml, Classifier, tables[0], tables[1], "Text"), TrainOnSynthetic.Auroc(_ml, Classifier, tables[2], tables[3], "Text"), 1e-3);
        Assert.StartsWith("Column 'Text' has no value in the real rows", Assert.Throws<ArgumentException>(() => TrainOnSynthetic.Auroc(_ml, Classifier, tables[0], tables[4], "Text")).Message);
    }
}
