namespace Microsoft.ML.Data;

/// <summary>Quality of a binary classifier, from its scores.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryCounts counts)
    {
        AreaUnderRocCurve = counts.AreaUnderRoc;
        AreaUnderPrecisionRecallCurve = counts.AreaUnderPrecisionRecall;
        Accuracy = (counts.TruePositives + counts.TrueNegatives) / counts.Total;
        ConfusionMatrix = counts.ToConfusionMatrix();
        PositivePrecision = ConfusionMatrix.PerClassPrecision[0];
        PositiveRecall = ConfusionMatrix.PerClassRecall[0];
        NegativePrecision = ConfusionMatrix.PerClassPrecision[1];
        NegativeRecall = ConfusionMatrix.PerClassRecall[1];
        double sum = PositivePrecision + PositiveRecall;
        F1Score = sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;
    }

    /// <summary>The area under the receiver operating characteristic; a tie of scores counts one half.</summary>
    public double AreaUnderRocCurve { get; }

    /// <summary>The share of rows predicted right.</summary>
    public double Accuracy { get; }

    /// <summary>The share of true positives among the rows predicted positive; 0 if there are none.</summary>
    public double PositivePrecision { get; }

    /// <summary>The share of the positive rows predicted positive; 0 if there are none.</summary>
    public double PositiveRecall { get; }

    /// <summary>The share of true negatives among the rows predicted negative; 0 if there are none.</summary>
    public double NegativePrecision { get; }

    /// <summary>The share of the negative rows predicted negative; 0 if there are none.</summary>
    public double NegativeRecall { get; }

    /// <summary>The harmonic mean of the positive precision and recall.</summary>
    public double F1Score { get; }

    /// <summary>The area under the precision-recall curve, by the lower trapezoid estimator.</summary>
    public double AreaUnderPrecisionRecallCurve { get; }

    /// <summary>The confusion matrix; the positive class comes first.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>Quality of a binary classifier that gives probabilities as well.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryCounts counts) : base(counts)
    {
        LogLoss = counts.LogLoss;
        LogLossReduction = counts.LogLossReduction;
        Entropy = counts.Entropy;
    }

    /// <summary>The mean of minus the base-2 logarithm of the probability given to the true class.</summary>
    public double LogLoss { get; }

    /// <summary>How much smaller the log-loss is than that of always giving the prior, as a share of the latter.</summary>
    public double LogLossReduction { get; }

    /// <summary>The entropy of the labels, in bits.</summary>
    public double Entropy { get; }
}
