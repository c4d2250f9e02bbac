using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>What one pass over scored rows of a task with several classes collects.</summary>
internal sealed class MulticlassCounts(string[] classNames)
{
    private const float SmallestProbability = 1e-15f;

    private readonly int _classes = classNames.Length;
    private readonly double[][] _confusion = [.. classNames.Select(_ => new double[classNames.Length])];
    private readonly double[] _rowsOfClass = new double[classNames.Length];
    private readonly double[] _logLossOfClass = new double[classNames.Length];
    private readonly double[] _rowsOfRank = new double[classNames.Length + 1];
    private double _rows, _logLoss;

    /// <summary>The label may lie beyond the classes of the scores: then it is wrong, and as unlikely as can be.</summary>
    public void Add(int label, ReadOnlySpan<float> scores)
    {
        bool known = label < _classes;
        float probability = known ? scores[label] : 0;
        int rank = 0, predicted = 0;
        for (int c = 0; c < _classes; c++)
        {
            if (scores[c] > probability || scores[c] == probability && c < label) rank++;
            if (scores[c] > scores[predicted]) predicted = c;
        }
        double loss = -Math.Log(Math.Clamp(probability, SmallestProbability, 1));

        _rows++;
        _logLoss += loss;
        _rowsOfRank[rank]++;
        if (!known) return;
        _rowsOfClass[label]++;
        _logLossOfClass[label] += loss;
        _confusion[label][predicted]++;
    }

    public double MicroAccuracy => _rows > 0 ? _rowsOfRank[0] / _rows : 0;

    public double MacroAccuracy
    {
        get
        {
            var present = Enumerable.Range(0, _classes).Where(c => _rowsOfClass[c] > 0).ToArray();
            return present.Length == 0 ? 0 : present.Average(c => _confusion[c][c] / _rowsOfClass[c]);
        }
    }

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = -_rowsOfClass.Where(rows => rows != 0).Sum(rows => rows * Math.Log(rows / _rows)) / _rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. Enumerable.Range(0, _classes).Select(c => _rowsOfClass[c] > 0 ? _logLossOfClass[c] / _rowsOfClass[c] : 0)];

    public double[] TopKAccuracy(int k)
    {
        var accuracy = new double[Math.Min(k, _rowsOfRank.Length)];
        double rows = 0;
        for (int rank = 0; rank < accuracy.Length; rank++) accuracy[rank] = (rows += _rowsOfRank[rank]) / _rows;
        return accuracy;
    }

    public ConfusionMatrix ToConfusionMatrix() => new(_confusion, classNames, binary: false);
}

/// <summary>
/// Reads scored rows. The predicted class is the first with the highest score, whatever the predicted label says; rows with
/// scores that are not finite or a label that is missing, negative or no integer do not count.
/// </summary>
internal static class MulticlassClassificationEvaluator
{
    public static MulticlassCounts Evaluate(IDataView data, string labelName, string scoreName, string predictedLabelName)
    {
        var schema = data.Schema;
        var label = ScoredColumns.Find(schema, "Label", labelName);
        var score = ScoredColumns.Find(schema, "Score", scoreName);
        ScoredColumns.Find(schema, "PredictedLabel", predictedLabelName);
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || !vector.ItemType.Equals(NumberDataViewType.Single))
            throw ScoredColumns.Mismatch("score", score, "vector of two or more items of type Single");
        if (!label.Type.Equals(NumberDataViewType.Single) && label.Type is not KeyDataViewType)
            throw ScoredColumns.Mismatch("label", label, "Single or Key");

        var counts = new MulticlassCounts(ClassNames(score, vector.Size));
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = ScoredColumns.LabelGetter(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        float labelValue = 0;
        var buffer = default(VBuffer<float>);
        var scores = new float[vector.Size];
        while (cursor.MoveNext())
        {
            getLabel(ref labelValue);
            if (!(labelValue >= 0) || labelValue != (int)labelValue) continue;
            getScores(ref buffer);
            buffer.CopyTo(scores);
            if (Array.TrueForAll(scores, float.IsFinite)) counts.Add((int)labelValue, scores);
        }
        return counts;
    }

    private static string[] ClassNames(DataViewSchema.Column score, int count)
    {
        if (score.Annotations.Schema.GetColumnOrNull("SlotNames")?.Type is not VectorDataViewType { IsKnownSize: true } type
            || type.ItemType is not TextDataViewType)
            return [.. Enumerable.Range(0, count).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        score.Annotations.GetValue("SlotNames", ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
