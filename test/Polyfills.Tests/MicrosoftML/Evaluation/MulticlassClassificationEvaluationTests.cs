using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Evaluation;

public class MulticlassClassificationEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private readonly Row[] _rows =
    [
        new(0, 0.5f, 0.25f, 0.25f),
        new(0, 0.25f, 0.5f, 0.25f),
        new(0, 0.5f, 0.25f, 0.25f),
        new(1, 0.125f, 0.25f, 0.625f),
    ];

    [Fact]
    public void Micro_accuracy_counts_rows_and_macro_accuracy_classes()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows));

        Assert.Equal(2 / 4.0, metrics.MicroAccuracy, 1e-12);
        Assert.Equal((2 / 3.0 + 0) / 2, metrics.MacroAccuracy, 1e-12);   // the third class has no rows
        double[][] confusion = [[2, 1, 0], [0, 0, 1], [0, 0, 0]];
        Assert.Equal(confusion, metrics.ConfusionMatrix.Counts);
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        double[] precision = [1, 0, 0];
        Assert.Equal(precision, metrics.ConfusionMatrix.PerClassPrecision);
    }

    [Fact]
    public void The_log_loss_is_in_nats()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows));
        double ln2 = Math.Log(2);

        Assert.Equal((1 + 2 + 1 + 2) * ln2 / 4, metrics.LogLoss, 1e-6);
        Assert.Equal(4 * ln2 / 3, metrics.PerClassLogLoss[0], 1e-6);
        Assert.Equal(2 * ln2, metrics.PerClassLogLoss[1], 1e-6);
        Assert.Equal(0, metrics.PerClassLogLoss[2]);
        double entropy = -(0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25));
        Assert.Equal((entropy - 1.5 * ln2) / entropy, metrics.LogLossReduction, 1e-6);
    }

    [Fact]
    public void Top_k_accuracy_ranks_ties_by_class()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows), topKPredictionCount: 3);

        // the second row ties for the second place, and class 0 comes first
        double[] expected = [0.5, 1, 1];
        Assert.Equal(expected, metrics.TopKAccuracyForAllK);
        Assert.Equal(1, metrics.TopKAccuracy);
        Assert.Equal(3, metrics.TopKPredictionCount);
        Assert.Null(_ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows)).TopKAccuracyForAllK);
    }

    [Fact]
    public void A_class_that_the_scores_do_not_know_is_as_unlikely_as_can_be()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable((Row[])[new(0, 1, 0, 0), new(7, 1, 0, 0)]));

        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.Equal(-Math.Log(1e-15) / 2, metrics.LogLoss, 1e-4);
        Assert.Equal(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void Labels_that_are_no_class_do_not_count()
    {
        Row[] rows = [.. _rows, new(float.NaN, 1, 0, 0), new(-1, 1, 0, 0), new(0.5f, 1, 0, 0), new(0, float.NaN, 0, 0)];
        Assert.Equal(0.5, _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows)).MicroAccuracy);
    }

    [Fact]
    public void Wrong_types_are_named()
    {
        var view = _ml.Data.LoadFromEnumerable(_rows);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(view, scoreColumnName: "Label"));
        Assert.Contains("score column 'Label': expected vector of two or more items of type Single, got Single", error.Message);
    }

    private sealed class Row(float label, params float[] score)
    {
        public float Label { get; set; } = label;

        [VectorType(3)]
        public float[] Score { get; set; } = score;

        public float PredictedLabel { get; set; }
    }
}
