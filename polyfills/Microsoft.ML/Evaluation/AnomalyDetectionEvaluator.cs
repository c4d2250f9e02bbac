namespace Microsoft.ML.Data;

/// <summary>Quality of an anomaly detector: a higher score means more abnormal.</summary>
public sealed class AnomalyDetectionMetrics
{
    internal AnomalyDetectionMetrics(double areaUnderRocCurve, double detectionRate)
    {
        AreaUnderRocCurve = areaUnderRocCurve;
        DetectionRateAtFalsePositiveCount = detectionRate;
    }

    /// <summary>The area under the receiver operating characteristic; a tie of scores counts one half.</summary>
    public double AreaUnderRocCurve { get; }

    /// <summary>The share of the anomalies among the top scores, down to where one normal row more than allowed was seen.</summary>
    public double DetectionRateAtFalsePositiveCount { get; }
}

/// <summary>Reads scored rows of an anomaly detector; those without a label or with a score that is not finite do not count.</summary>
internal static class AnomalyDetectionEvaluator
{
    private const double FalsePositiveShare = 0.01;

    public static AnomalyDetectionMetrics Evaluate(IDataView data, string labelName, string scoreName, string predictedLabelName, int falsePositiveCount)
    {
        if (falsePositiveCount <= 0) throw new ArgumentOutOfRangeException("K", "Must be positive");
        var schema = data.Schema;
        var label = ScoredColumns.Find(schema, "Label", labelName);
        var score = ScoredColumns.Find(schema, "Score", scoreName);
        ScoredColumns.Find(schema, "PredictedLabel", predictedLabelName);
        ScoredColumns.CheckSingle("score", score);
        if (!label.Type.Equals(NumberDataViewType.Single) && !ScoredColumns.IsKey(label.Type, 2))
            throw ScoredColumns.Mismatch("label", label, "Single or a Key with cardinality 2");

        List<(float Score, bool Anomaly)> rows = [];
        using (var cursor = data.GetRowCursor([label, score]))
        {
            var getLabel = ScoredColumns.LabelGetter(cursor, label);
            var getScore = cursor.GetGetter<float>(score);
            float labelValue = 0, scoreValue = 0;
            while (cursor.MoveNext())
            {
                getLabel(ref labelValue);
                getScore(ref scoreValue);
                if (float.IsNaN(labelValue) || !float.IsFinite(scoreValue)) continue;
                rows.Add((scoreValue, labelValue > 0));
            }
        }
        double area = RankingCurves.AreaUnderRoc(rows);
        return new(area, DetectionRate(rows, rows.Count(row => row.Anomaly), falsePositiveCount));
    }

    // ML.NET keeps the best normal rows, as many as it needs, and drops with them the anomalies below: an anomaly that comes
    // later and scores between the last normal row kept and the next one is not looked at. So the order of the rows matters.
    private static double DetectionRate(List<(float Score, bool Anomaly)> rows, int anomalies, int falsePositiveCount)
    {
        int normals = rows.Count - anomalies;
        int kept = (int)Math.Ceiling(Math.Max(Math.Max(FalsePositiveShare * normals, falsePositiveCount), anomalies));
        var best = new PriorityQueue<bool, (float Score, bool Anomaly)>();
        int seen = 0;
        foreach (var row in rows)
        {
            if (seen == kept && best.TryPeek(out _, out var lowest) && row.Score < lowest.Score) continue;
            best.Enqueue(row.Anomaly, row);
            if (row.Anomaly) continue;
            if (seen < kept) seen++;
            else
                while (best.Dequeue())
                {
                }
        }

        int found = 0, falsePositives = 0;
        foreach (var row in best.UnorderedItems.Select(item => item.Priority).OrderByDescending(row => row.Score).ThenBy(row => row.Anomaly))
            if (row.Anomaly) found++;
            else if (++falsePositives > falsePositiveCount) break;
        return found / (double)anomalies;
    }
}
