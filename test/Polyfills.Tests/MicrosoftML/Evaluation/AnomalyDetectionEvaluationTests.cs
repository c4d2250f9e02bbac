using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Evaluation;

public class AnomalyDetectionEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_area_is_the_share_of_anomalies_above_normal_rows()
    {
        // anomalies 5 and 2, normal 4, 2, 1: pairs 3 + 1/2 + 1
        var metrics = Evaluate([(1, 5), (0, 4), (1, 2), (0, 2), (0, 1)]);
        Assert.Equal(4.5 / 6, metrics.AreaUnderRocCurve, 1e-12);
    }

    [Fact]
    public void The_detection_rate_counts_anomalies_until_one_false_positive_too_many()
    {
        // by score: a n a n a n a n ... ; 12 normal rows
        var rows = Enumerable.Range(0, 24).Select(i => ((float)((i + 1) % 2), 100f - i)).ToArray();
        Assert.Equal(1, Evaluate(rows, 12).DetectionRateAtFalsePositiveCount);
        Assert.Equal(4 / 12.0, Evaluate(rows, 3).DetectionRateAtFalsePositiveCount, 1e-12);
        Assert.Equal(2 / 12.0, Evaluate(rows, 1).DetectionRateAtFalsePositiveCount, 1e-12);
    }

    [Fact]
    public void The_default_allows_ten_false_positives()
    {
        var rows = Enumerable.Range(0, 11).Select(i => (0f, 50f - i)).Append((1f, 39.5f)).Append((1f, 45.5f)).ToArray();
        Assert.Equal(0.5, Evaluate(rows).DetectionRateAtFalsePositiveCount, 1e-12);
    }

    [Fact]
    public void Labels_above_zero_are_anomalies_and_missing_ones_do_not_count()
    {
        var metrics = Evaluate([(2, 5), (float.NaN, 9), (0, 4), (-1, 1), (1, float.NaN)]);
        Assert.Equal(1, metrics.AreaUnderRocCurve);
    }

    [Fact]
    public void Without_anomalies_or_without_normal_rows_there_is_no_area()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate([(0, 1), (0, 2)]));
        Assert.Contains("AUC is not defined when there is no positive class in the data", error.Message);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate([(1, 1), (1, 2)]));
        Assert.Contains("AUC is not defined when there is no negative class in the data", error.Message);
    }

    [Fact]
    public void A_label_is_a_number_or_a_key_but_no_boolean()
    {
        var keys = _ml.Data.LoadFromEnumerable((KeyRow[])[new() { Label = 1, Score = 2 }, new() { Score = 1 }]);
        Assert.Equal(1, _ml.AnomalyDetection.Evaluate(keys).AreaUnderRocCurve);

        var booleans = _ml.Data.LoadFromEnumerable((Row[])[new() { Label = 1, Score = 2 }]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.AnomalyDetection.Evaluate(booleans, labelColumnName: "PredictedLabel"));
        Assert.Contains("Schema mismatch for label column 'PredictedLabel': expected Single or a Key with cardinality 2, got Boolean", error.Message);
    }

    [Fact]
    public void A_count_of_zero_and_missing_columns_are_errors()
    {
        Assert.ThrowsAny<ArgumentException>(() => Evaluate([(0, 1), (1, 2)], 0));
        var view = _ml.Data.LoadFromEnumerable((Row[])[new() { Label = 1, Score = 2 }]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.AnomalyDetection.Evaluate(view, scoreColumnName: "Distance"));
        Assert.Contains("Score column 'Distance' not found", error.Message);
    }

    private AnomalyDetectionMetrics Evaluate((float Label, float Score)[] rows, int falsePositiveCount = 10) => _ml.AnomalyDetection.Evaluate(
        _ml.Data.LoadFromEnumerable(rows.Select(row => new Row { Label = row.Label, Score = row.Score })), falsePositiveCount: falsePositiveCount);

    private sealed class Row
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
