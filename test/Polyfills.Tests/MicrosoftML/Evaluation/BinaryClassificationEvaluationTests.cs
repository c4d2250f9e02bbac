using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Evaluation;

public class BinaryClassificationEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    // by score: + - + - + - , probabilities chosen for round logarithms
    private readonly Row[] _rows =
    [
        new(true, 3, 0.5f), new(false, 2, 0.75f), new(true, 1, 0.25f), new(false, -1, 0.5f), new(true, -2, 0.125f), new(false, -3, 0.5f),
    ];

    [Fact]
    public void Counts_and_what_follows_from_them()
    {
        var metrics = Evaluate(_rows);

        double[][] confusion = [[2, 1], [1, 2]];   // rows are the true classes, the positive one first
        Assert.Equal(confusion, metrics.ConfusionMatrix.Counts);
        Assert.Equal(2 / 3.0, metrics.Accuracy, 1e-12);
        Assert.Equal(2 / 3.0, metrics.PositivePrecision, 1e-12);
        Assert.Equal(2 / 3.0, metrics.PositiveRecall, 1e-12);
        Assert.Equal(2 / 3.0, metrics.NegativePrecision, 1e-12);
        Assert.Equal(2 / 3.0, metrics.NegativeRecall, 1e-12);
        Assert.Equal(2 / 3.0, metrics.F1Score, 1e-12);
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
    }

    [Fact]
    public void Precision_and_recall_of_unequal_classes()
    {
        var metrics = Evaluate([new(true, 1, 0.5f), new(true, -1, 0.5f), new(true, -1, 0.5f), new(true, -1, 0.5f), new(false, 1, 0.5f), new(false, -1, 0.5f)]);

        Assert.Equal(1 / 2.0, metrics.PositivePrecision, 1e-12);
        Assert.Equal(1 / 4.0, metrics.PositiveRecall, 1e-12);
        Assert.Equal(1 / 4.0, metrics.NegativePrecision, 1e-12);
        Assert.Equal(1 / 2.0, metrics.NegativeRecall, 1e-12);
        Assert.Equal(2 * 0.5 * 0.25 / 0.75, metrics.F1Score, 1e-12);
    }

    [Fact]
    public void A_score_of_zero_is_negative_whatever_the_predicted_label_says()
    {
        var metrics = Evaluate([new(true, 0, 0.9f) { PredictedLabel = true }, new(false, -1, 0.1f)]);
        Assert.Equal(0, metrics.PositiveRecall);
        Assert.Equal(0, metrics.PositivePrecision);
        Assert.Equal(0, metrics.F1Score);
    }

    [Fact]
    public void The_log_loss_is_in_bits()
    {
        var metrics = Evaluate(_rows);

        // positives: 1 + 2 + 3 bits; negatives: 2 + 1 + 1
        Assert.Equal(10 / 6.0, metrics.LogLoss, 1e-7);
        Assert.Equal(1, metrics.Entropy, 1e-12);
        Assert.Equal(1 - 10 / 6.0, metrics.LogLossReduction, 1e-7);
    }

    [Fact]
    public void The_entropy_is_that_of_the_labels()
    {
        var metrics = Evaluate([new(true, 1, 0.5f), new(false, 1, 0.5f), new(false, 1, 0.5f), new(false, 1, 0.5f)]);
        double entropy = 0.25 * 2 + 0.75 * Math.Log2(4 / 3.0);
        Assert.Equal(entropy, metrics.Entropy, 1e-12);
        Assert.Equal((entropy - 1) / entropy, metrics.LogLossReduction, 1e-7);
    }

    [Fact]
    public void The_area_under_the_roc_curve_is_the_share_of_pairs_ranked_right()
    {
        // right: the first positive before 3 negatives, the second before 2, the third before 1
        Assert.Equal(6 / 9.0, Evaluate(_rows).AreaUnderRocCurve, 1e-12);
    }

    [Fact]
    public void A_tie_counts_one_half()
    {
        // + 2, - 2 2, + 1, - 1, - 0: pairs 1/2 + 1/2 + 1 + 1, then 0 + 0 + 1/2 + 1
        Row[] rows = [new(true, 2, 0.5f), new(false, 2, 0.5f), new(false, 2, 0.5f), new(true, 1, 0.5f), new(false, 1, 0.5f), new(false, 0, 0.5f)];
        Assert.Equal(4.5 / 8, Evaluate(rows).AreaUnderRocCurve, 1e-12);
        Assert.Equal(4.5 / 8, Evaluate([.. rows.Reverse()]).AreaUnderRocCurve, 1e-12);
        Assert.Equal(0.5, Evaluate([new(true, 1, 0.5f), new(true, 1, 0.5f), new(false, 1, 0.5f)]).AreaUnderRocCurve, 1e-12);
    }

    [Fact]
    public void The_area_under_the_precision_recall_curve_joins_points_by_lower_trapezoids()
    {
        // precision just before and at each positive: 1 and 1; 1/2 and 2/3; 2/4 and 3/5
        double expected = ((1 + 1) / 2.0 + (1 / 2.0 + 2 / 3.0) / 2 + (2 / 4.0 + 3 / 5.0) / 2) / 3;
        Assert.Equal(expected, Evaluate(_rows).AreaUnderPrecisionRecallCurve, 1e-12);
    }

    [Fact]
    public void In_the_precision_recall_curve_tied_rows_count_in_their_order()
    {
        Row[] rows = [new(true, 1, 0.5f), new(false, 1, 0.5f)];
        Assert.Equal(1, Evaluate(rows).AreaUnderPrecisionRecallCurve, 1e-12);
        Assert.Equal((0 + 0.5) / 2, Evaluate([.. rows.Reverse()]).AreaUnderPrecisionRecallCurve, 1e-12);
    }

    [Fact]
    public void Rows_without_a_finite_score_do_not_count()
    {
        var metrics = Evaluate([.. _rows, new(true, float.NaN, 0.5f), new(false, float.PositiveInfinity, 0.5f)]);
        Assert.Equal(6, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void A_missing_probability_makes_the_log_loss_missing()
    {
        var metrics = Evaluate([.. _rows, new(true, 4, float.NaN)]);
        Assert.True(double.IsNaN(metrics.LogLoss));
        Assert.Equal(3 / 4.0, metrics.PositiveRecall);
    }

    [Fact]
    public void Labels_may_be_numbers_or_keys()
    {
        var numbers = _ml.Data.LoadFromEnumerable(_rows.Select(row => new NumberRow { Label = row.Label ? 1 : 0, Score = row.Score }));
        var missing = _ml.Data.LoadFromEnumerable(_rows.Select(row => new NumberRow { Label = row.Label ? 1 : 0, Score = row.Score })
            .Append(new() { Label = float.NaN, Score = 1 }));
        var keys = _ml.Data.LoadFromEnumerable(_rows.Select(row => new KeyRow { Label = row.Label ? 1u : 0, Score = row.Score }));

        foreach (var view in (IDataView[])[numbers, missing, keys])
            Assert.Equal(6 / 9.0, _ml.BinaryClassification.EvaluateNonCalibrated(view).AreaUnderRocCurve, 1e-12);
    }

    [Fact]
    public void Without_one_of_the_classes_there_is_no_area()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate([new(true, 1, 0.5f)]));
        Assert.Contains("AUC is not defined when there is no negative class in the data", error.Message);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate([new(false, 1, 0.5f)]));
        Assert.Contains("AUC is not defined when there is no positive class in the data", error.Message);
    }

    [Fact]
    public void Missing_columns_and_wrong_types_are_named()
    {
        var view = _ml.Data.LoadFromEnumerable(_rows);
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Evaluate(view, probabilityColumnName: "Chance"));
        Assert.Contains("Probability column 'Chance' not found", missing.Message);
        var type = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.EvaluateNonCalibrated(view, labelColumnName: "Name"));
        Assert.Contains("label column 'Name': expected Single, Double, Boolean, or a Key with cardinality 2, got String", type.Message);
    }

    [Fact]
    public void The_matrix_can_be_printed()
    {
        string[] expected =
        [
            "TEST POSITIVE RATIO:\t0.5000 (3.0/(3.0+3.0))",
            "Confusion table",
            "          ||======================",
            "PREDICTED || positive | negative | Recall",
            "TRUTH     ||======================",
            " positive ||        2 |        1 | 0.6667",
            " negative ||        1 |        2 | 0.6667",
            "          ||======================",
            "Precision ||   0.6667 |   0.6667 |",
        ];
        string table = Evaluate(_rows).ConfusionMatrix.GetFormattedConfusionTable();
        Assert.Equal(expected, table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
    }

    private CalibratedBinaryClassificationMetrics Evaluate(IReadOnlyCollection<Row> rows) =>
        _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));

    private sealed class Row(bool label, float score, float probability)
    {
        public bool Label { get; set; } = label;

        public float Score { get; set; } = score;

        public float Probability { get; set; } = probability;

        public bool PredictedLabel { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class NumberRow
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class KeyRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
