using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Metrics;

/// <summary>The metrics of a feature column as a caller has them.</summary>
public class FeatureMetricsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }

    private IDataView View(params float[][] rows)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        return _ml.Data.LoadFromEnumerable(rows.Select(r => new FeatureRow { Features = r }), schema);
    }

    private static float[][] Draw(int rows, int seed, double shift = 0, int size = 3)
    {
        double[,] values = Cloud.Normal(rows, size, seed, shift);
        return [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, size).Select(c => (float)values[i, c]).ToArray())];
    }

    [Fact]
    public void RowsOfTheSameKindAreAsGoodAsRealOnesAndOthersAreNot()
    {
        var metrics = _ml.Generative.Metrics;
        IDataView real = View(Draw(400, 1)), same = View(Draw(300, 2)), other = View(Draw(300, 3, shift: 1.5));

        Assert.InRange(metrics.SlicedWasserstein(real, same).W1, 0, 0.15);
        Assert.InRange(metrics.SlicedWasserstein(real, other).W1, 1, 2);
        Assert.Equal(3 * 1.5 * 1.5, metrics.Sinkhorn(real, other).Divergence, 0.7);
        Assert.InRange(metrics.Sinkhorn(real, same).Divergence, 0, metrics.Sinkhorn(real, other).Divergence / 10);
        Assert.InRange(metrics.MaximumMeanDiscrepancy(real, same).PValue!.Value, 0.05, 1);
        Assert.Equal(1.0 / 201, metrics.MaximumMeanDiscrepancy(real, other).PValue);
        Assert.InRange(metrics.Frechet(real, same).Squared, 0, 0.15);
        Assert.Equal(3 * 1.5 * 1.5, metrics.Frechet(real, other).Squared, 0.7);
        Assert.InRange(metrics.PrecisionRecall(real, same).Coverage, 0.9, 1);
        Assert.InRange(metrics.PrecisionRecall(real, other).Coverage, 0, 0.6);
        Assert.InRange(metrics.ModeCoverage(real, same, modes: 5).Coverage, 1, 1);
        Assert.InRange(metrics.ModeCoverage(real, other, modes: 5).Divergence, 0.1, 1);
    }

    [Fact]
    public void RowsThatAreAllOneAndNumbersThatAreHugeAreTaken()
    {
        IDataView equal = View([.. Enumerable.Repeat(new[] { 7f, -3 }, 30)]), apart = View([.. Enumerable.Repeat(new[] { 7f, 1 }, 30)]);
        var options = new EvaluateOptions { FeatureColumnName = "Features" };
        var same = _ml.Generative.Evaluate(equal, equal, options);
        Assert.Equal((0.0, 0.0, 0.0, 0.0), (same.SlicedWasserstein!.W2, same.Sinkhorn!.Divergence, same.MaximumMeanDiscrepancy!.Squared, same.Frechet!.Squared));
        Assert.Equal((1.0, 1.0), (same.PrecisionRecall!.Precision, same.PrecisionRecall.Coverage));
        Assert.Equal(new ModeShare(1, 1, true), Assert.Single(same.ModeCoverage!.Modes));
        var other = _ml.Generative.Evaluate(equal, apart, options);
        Assert.Equal((16, 16), (Math.Round(other.Sinkhorn!.Divergence, 6), Math.Round(other.Frechet!.Squared, 6)));
        Assert.Equal((0.0, 0.0, 0.0), (other.PrecisionRecall!.Precision, other.PrecisionRecall.Coverage, other.ModeCoverage!.Coverage));

        float[][] Huge(int seed) => [.. Draw(40, seed).Select(r => r.Select(v => v * 1e30f).ToArray())];
        var huge = _ml.Generative.Evaluate(View(Huge(1)), View(Huge(2)), options);
        Assert.True(double.IsFinite(huge.Sinkhorn!.Divergence) && double.IsFinite(huge.Frechet!.Squared));
        Assert.Equal(_ml.Generative.Metrics.PrecisionRecall(View(Draw(40, 1)), View(Draw(40, 2))), huge.PrecisionRecall);
        Assert.Equal(_ml.Generative.Metrics.MaximumMeanDiscrepancy(View(Draw(40, 1)), View(Draw(40, 2))).PValue, huge.MaximumMeanDiscrepancy!.PValue);
    }

    [Fact]
    public void TheOrderOfTheRowsDoesNotMatter()
    {
        float[][] real = Draw(60, 1), synthetic = Draw(50, 2, shift: 0.3);
        var (ordered, reversed) = ((View(real), View(synthetic)), (View([.. real.Reverse()]), View([.. synthetic.Reverse()])));
        var metrics = _ml.Generative.Metrics;

        // with fewer rows than there are, too: those drawn are the same
        Same(pair => metrics.Sinkhorn(pair.Item1, pair.Item2, mostRows: 30));
        Same(pair => metrics.MaximumMeanDiscrepancy(pair.Item1, pair.Item2, mostPermutedRows: 30));
        Same(pair => metrics.SlicedWasserstein(pair.Item1, pair.Item2));
        Same(pair => metrics.PrecisionRecall(pair.Item1, pair.Item2));
        Same(pair => metrics.ModeCoverage(pair.Item1, pair.Item2, modes: 4) with { Modes = [] });
        Same(pair => metrics.ModeCoverage(pair.Item1, pair.Item2, modes: 4).Modes.Count);
        Assert.Equal(metrics.Frechet(ordered.Item1, ordered.Item2).Squared, metrics.Frechet(reversed.Item1, reversed.Item2).Squared, 1e-12);

        void Same<T>(Func<(IDataView, IDataView), T> metric) => Assert.Equal(metric(ordered), metric(reversed));
    }

    [Fact]
    public void NumbersOfRowsAreThoseUsed()
    {
        IDataView real = View(Draw(40, 1)), synthetic = View(Draw(30, 2));
        var sinkhorn = _ml.Generative.Metrics.Sinkhorn(real, synthetic, mostRows: 35);
        Assert.Equal((35, 30), (sinkhorn.RealRows, sinkhorn.SyntheticRows));
        var discrepancy = _ml.Generative.Metrics.MaximumMeanDiscrepancy(real, synthetic, permutations: 19, mostPermutedRows: 20);
        Assert.Equal((19, 20, 20, 40, 30), (discrepancy.Permutations, discrepancy.PermutedRealRows, discrepancy.PermutedSyntheticRows, discrepancy.RealRows, discrepancy.SyntheticRows));
        var untested = _ml.Generative.Metrics.MaximumMeanDiscrepancy(real, synthetic, permutations: 0, bandwidth: 1.5);
        Assert.Equal((null, 0, 1.5), (untested.PValue, untested.PermutedRealRows, untested.Bandwidth));
    }

    [Fact]
    public void InceptionScoresOfSureAndUnsureClassifiers()
    {
        float[] Sure(int k) => [.. Enumerable.Range(0, 4).Select(c => c == k ? 1f : 0)];
        var metrics = _ml.Generative.Metrics;
        // sure of each row, all classes as often: K; sure of one class, or never sure: 1
        Assert.Equal(4, Score([.. Enumerable.Range(0, 80).Select(i => Sure(i / 20))], 5).Mean, 1e-9);
        Assert.Equal(1, Score([.. Enumerable.Range(0, 80).Select(_ => Sure(2))], 5).Mean, 1e-9);
        Assert.Equal(1, Score([.. Enumerable.Range(0, 80).Select(_ => new[] { 0.1f, 0.2f, 0.3f, 0.4f })], 5).Mean, 1e-6);
        // splits by turns: rows 0, 2, … are all of class 0 or 1, rows 1, 3, … of class 2
        var split = Score([.. Enumerable.Range(0, 80).Select(i => Sure(i % 2 == 1 ? 2 : i % 4 / 2))], 2);
        Assert.Equal((1.5, 0.5), (Math.Round(split.Mean, 9), Math.Round(split.Deviation, 9)));
        Assert.Equal((2, 4, 80), (split.Splits, split.Classes, split.Rows));
        // by hand: exp of the mean of KL((0.9, 0.1) ‖ ½) over the two rows
        Assert.Equal(Math.Exp(0.9 * Math.Log(1.8) + 0.1 * Math.Log(0.2)), Score([[0.9f, 0.1f], [0.1f, 0.9f]], 1).Mean, 1e-6);

        InceptionScoreMetrics Score(float[][] rows, int splits) => metrics.InceptionScore(View(rows), "Features", splits);
    }

    [Fact]
    public void EvaluateTakesTheColumnsItIsToldTo()
    {
        IDataView real = View(Draw(60, 1)), synthetic = View([.. Draw(50, 2).Select(Softmax)]), heldOut = View(Draw(40, 3));
        var metrics = _ml.Generative.Metrics;
        var all = _ml.Generative.Evaluate(real, synthetic, new EvaluateOptions { HeldOut = heldOut, FeatureColumnName = "Features", ProbabilityColumnName = "Features", Seed = 4 });

        Assert.Equal(metrics.Wasserstein(real, synthetic).Columns, all.Wasserstein!.Columns);
        Assert.Equal(metrics.SlicedWasserstein(heldOut, synthetic, seed: 4), all.SlicedWasserstein);
        Assert.Equal(metrics.Sinkhorn(heldOut, synthetic, seed: 4), all.Sinkhorn);
        Assert.Equal(metrics.MaximumMeanDiscrepancy(heldOut, synthetic, seed: 4), all.MaximumMeanDiscrepancy);
        Assert.Equal(metrics.Frechet(heldOut, synthetic).Squared, all.Frechet!.Squared, 1e-7);   // rows in another order, and roots of what rounding leaves of a variance of 0
        Assert.Equal(metrics.PrecisionRecall(heldOut, synthetic), all.PrecisionRecall);
        Assert.Equal(metrics.ModeCoverage(heldOut, synthetic, seed: 4).Modes, all.ModeCoverage!.Modes);
        Assert.Equal(metrics.InceptionScore(synthetic, "Features"), all.InceptionScore);

        var none = _ml.Generative.Evaluate(real, synthetic);
        Assert.Equal((null, null, null), (none.MaximumMeanDiscrepancy, none.Frechet, none.InceptionScore));
        var few = _ml.Generative.Evaluate(View(Draw(4, 1)), View(Draw(4, 2)), new EvaluateOptions { FeatureColumnName = "Features" });
        Assert.NotNull(few.Frechet);
        Assert.Equal((null, null), (few.PrecisionRecall, few.ModeCoverage));

        static float[] Softmax(float[] row) => [.. row.Select(v => MathF.Exp(v) / row.Sum(MathF.Exp))];
    }

    [Fact]
    public void ColumnsOfNumbersByHand()
    {
        var real = MadeUpTable.View(_ml, (0, "a"), (0, "a"), (4, "b"), (4, "b"), (double.NaN, "c"));
        var synthetic = MadeUpTable.View(_ml, (1, "a"), (5, "a"));
        var column = Assert.Single(_ml.Generative.Metrics.Wasserstein(real, synthetic).Columns);
        Assert.Equal(new ColumnWasserstein("Number", 1, 1, 0.5, 4, 2), column);
        Assert.Equal(0.5, _ml.Generative.Metrics.Wasserstein(real, synthetic).Mean);
        Assert.Equal(double.NaN, _ml.Generative.Metrics.Wasserstein(real, MadeUpTable.View(_ml, (double.NaN, "a"))).Mean);
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        var metrics = _ml.Generative.Metrics;
        var rows = View(Draw(10, 1));
        var table = MadeUpTable.View(_ml, (1, "a"), (2, "b"));

        Refuses("Column 'Image' is not in the real rows; it has 'Features'.", () => metrics.PrecisionRecall(rows, rows, "Image"));
        Refuses("Column 'Features' is not in the synthetic rows; it has 'Number', 'Text', 'Label'.", () => metrics.Frechet(rows, table));
        Refuses("Column 'Text' is String in the real rows; it must be Vector<Single> of known size. Concatenate makes one of several columns.", () => metrics.Sinkhorn(table, table, "Text"));
        Refuses("Column 'Features' is Vector<Single> of 3 in the real rows and of 2 in the synthetic rows; it must be of the same size.",
            () => metrics.MaximumMeanDiscrepancy(rows, View(Draw(5, 1, size: 2))));
        Refuses("Column 'Features' is NaN in slot 1 of row 2 of the synthetic rows; distances need finite numbers. Drop such rows or replace missing values.",
            () => metrics.ModeCoverage(rows, View([1, 2, 3], [1, 2, 3], [1, float.NaN, 3])));
        Refuses("There are 5 rows in the synthetic rows; precision and recall by 5 neighbours needs 6 or more.", () => metrics.PrecisionRecall(rows, View(Draw(5, 1))));
        Refuses("There are 10 rows in the real rows; the coverage of 25 modes needs 25 or more.", () => metrics.ModeCoverage(rows, rows));
        Refuses("There is 1 row in the synthetic rows; a covariance needs 2 or more.", () => metrics.Frechet(rows, View(Draw(1, 1))));
        Refuses("There is 1 row in the real rows; the maximum mean discrepancy needs 2 or more.", () => metrics.MaximumMeanDiscrepancy(View(Draw(1, 1)), rows));
        Refuses("Row 1 of column 'Features' in the synthetic rows is not of probabilities: they sum to 1.5, the least is 0.5. Take what a classifier gives as probabilities of its classes, not scores.",
            () => metrics.InceptionScore(View([0.5f, 0.5f], [0.5f, 1]), "Features"));
        Refuses("There are 2 rows in the synthetic rows; an inception score of 10 splits needs 10 or more.", () => metrics.InceptionScore(View([0.5f, 0.5f], [0.5f, 0.5f]), "Features"));
        Refuses("There is no column of numbers or dates; the Wasserstein distance needs one.", () =>
        {
            var texts = _ml.Transforms.SelectColumns("Text").Fit(table).Transform(table);
            return metrics.Wasserstein(texts, texts);
        });
        Assert.Equal("relativeEpsilon", Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Sinkhorn(rows, rows, relativeEpsilon: 0)).ParamName);
        Assert.Equal("bandwidth", Assert.Throws<ArgumentOutOfRangeException>(() => metrics.MaximumMeanDiscrepancy(rows, rows, bandwidth: double.NaN)).ParamName);
        Assert.Equal("neighbours", Assert.Throws<ArgumentOutOfRangeException>(() => metrics.PrecisionRecall(rows, rows, neighbours: 0)).ParamName);

        static void Refuses(string message, Func<object> evaluate) => Assert.Equal(message, Assert.Throws<ArgumentException>(evaluate).Message);
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        var rows = View(Draw(30, 1));
        long before = LiveTensors.Count;
        _ = _ml.Generative.Evaluate(rows, rows, new EvaluateOptions { FeatureColumnName = "Features" });
        Assert.Equal(before, LiveTensors.Count);
    }
}
