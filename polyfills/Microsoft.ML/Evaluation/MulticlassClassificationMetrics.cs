namespace Microsoft.ML.Data;

/// <summary>Quality of a classifier into several classes.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounts counts, int topKPredictionCount)
    {
        MicroAccuracy = counts.MicroAccuracy;
        MacroAccuracy = counts.MacroAccuracy;
        LogLoss = counts.LogLoss;
        LogLossReduction = counts.LogLossReduction;
        PerClassLogLoss = counts.PerClassLogLoss;
        ConfusionMatrix = counts.ToConfusionMatrix();
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKPredictionCount > 0 ? counts.TopKAccuracy(topKPredictionCount) : null;
    }

    /// <summary>The mean of minus the natural logarithm of the probability given to the true class.</summary>
    public double LogLoss { get; }

    /// <summary>How much smaller the log-loss is than that of always giving the prior, as a share of the latter.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the classes of the share predicted right; every class counts the same.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows predicted right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of rows whose class is among the highest scores, as many as asked for; 0 if not asked for.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK is [.., var last] ? last : 0;

    /// <summary>How many of the highest scores count for <see cref="TopKAccuracy"/>.</summary>
    public int TopKPredictionCount { get; }

    /// <summary>The accuracy for one highest score, two, and so on; null if not asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>The log-loss over the rows of each class; 0 where it has none.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    /// <summary>The confusion matrix, classes in the order of the scores.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
