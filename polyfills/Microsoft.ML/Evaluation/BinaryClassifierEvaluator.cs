namespace Microsoft.ML.Data;

/// <summary>What one pass over scored rows of a binary task collects.</summary>
internal sealed class BinaryCounts
{
    private readonly List<(float Score, bool Positive)> _rows = [];
    private double _logLoss;
    private long _positivesWithProbability, _negativesWithProbability;

    public string[] ClassNames { get; init; }
    public double TruePositives { get; private set; }
    public double FalsePositives { get; private set; }
    public double TrueNegatives { get; private set; }
    public double FalseNegatives { get; private set; }
    public double Total => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;
    public double AreaUnderRoc { get; private set; }
    public double AreaUnderPrecisionRecall { get; private set; }

    public void Add(float label, float score, float probability)
    {
        bool positive = label > 0, predicted = score > 0;
        if (positive && predicted) TruePositives++;
        else if (positive) FalseNegatives++;
        else if (predicted) FalsePositives++;
        else TrueNegatives++;
        _rows.Add((score, positive));

        if (float.IsNaN(probability))
        {
            _logLoss = double.NaN;
            return;
        }
        if (positive) _positivesWithProbability++;
        else _negativesWithProbability++;
        _logLoss -= Math.Log2(positive ? probability : 1.0 - probability);
    }

    public BinaryCounts Finish()
    {
        AreaUnderRoc = RankingCurves.AreaUnderRoc(_rows);
        AreaUnderPrecisionRecall = RankingCurves.AreaUnderPrecisionRecall(_rows);
        return this;
    }

    public ConfusionMatrix ToConfusionMatrix() =>
        new([[TruePositives, FalseNegatives], [FalsePositives, TrueNegatives]], ClassNames, binary: true);

    public double Entropy => EntropyInBits((TruePositives + FalseNegatives) / Total);

    public double LogLoss
    {
        get
        {
            long rows = _positivesWithProbability + _negativesWithProbability;
            return double.IsNaN(_logLoss) ? double.NaN : rows > 0 ? _logLoss / rows : 0;
        }
    }

    public double LogLossReduction
    {
        get
        {
            double rows = _positivesWithProbability + _negativesWithProbability;
            if (rows == 0) return 0;
            double prior = EntropyInBits(_positivesWithProbability / rows);
            return (prior - _logLoss / rows) / prior;
        }
    }

    private static double EntropyInBits(double share) =>
        double.IsNaN(share) ? double.NaN : share is 0 or 1 ? 0 : -share * Math.Log2(share) - (1 - share) * Math.Log2(1 - share);
}

/// <summary>
/// Reads scored rows. The predicted class is a score above zero, whatever the predicted label says; rows with a score that
/// is not finite, and rows without a label, do not count.
/// </summary>
internal static class BinaryClassifierEvaluator
{
    /// <summary>Probability null: the scores are not calibrated, and there is no log-loss.</summary>
    public static BinaryCounts Evaluate(IDataView data, string labelName, string scoreName, string probabilityName, string predictedLabelName)
    {
        var schema = data.Schema;
        var label = ScoredColumns.Find(schema, "Label", labelName);
        var score = ScoredColumns.Find(schema, "Score", scoreName);
        DataViewSchema.Column? probability = probabilityName == null ? null : ScoredColumns.Find(schema, "Probability", probabilityName);
        ScoredColumns.Find(schema, "PredictedLabel", predictedLabelName);
        ScoredColumns.CheckSingle("score", score);
        if (!label.Type.Equals(NumberDataViewType.Single) && !label.Type.Equals(NumberDataViewType.Double)
            && label.Type is not BooleanDataViewType && !ScoredColumns.IsKey(label.Type, 2))
            throw ScoredColumns.Mismatch("label", label, "Single, Double, Boolean, or a Key with cardinality 2");
        if (probability is { } checkedColumn) ScoredColumns.CheckSingle("probability", checkedColumn);

        var counts = new BinaryCounts { ClassNames = ClassNames(label) };
        List<DataViewSchema.Column> active = [label, score];
        if (probability is { } needed) active.Add(needed);
        using var cursor = data.GetRowCursor(active);
        var getLabel = ScoredColumns.LabelGetter(cursor, label);
        var getScore = cursor.GetGetter<float>(score);
        var getProbability = probability is { } column ? cursor.GetGetter<float>(column) : (ref float value) => value = float.NaN;
        float labelValue = 0, scoreValue = 0, probabilityValue = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref labelValue);
            getScore(ref scoreValue);
            if (!float.IsFinite(scoreValue) || float.IsNaN(labelValue)) continue;
            getProbability(ref probabilityValue);
            counts.Add(labelValue, scoreValue, probabilityValue);
        }
        return counts.Finish();
    }

    private static string[] ClassNames(DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType
            && label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType { Size: > 0 } type
            && type.ItemType is TextDataViewType)
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            label.GetKeyValues(ref names);
            return [.. names.DenseValues().Select(name => name.ToString())];
        }
        return ["positive", "negative"];
    }
}
