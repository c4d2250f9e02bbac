using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace MLGenerative.Programs.Tests.Readme;

/// <summary>The code of README.md. What stands in a region named after a snippet stands in the README word for word.</summary>
internal static class ReadmeSnippets
{
    public static AnomalyDetectionMetrics ScoreAnomalies(MLContext ml, string[] columns, IDataView normalRows, IDataView testRows)
    {
        #region snippet
        // an anomaly scorer: adds Score, higher for the more abnormal rows, and PredictedLabel
        var detector = ml.Transforms.Concatenate("Features", columns)
            .Append(ml.Generative.TrainVae());
        var metrics = ml.AnomalyDetection.Evaluate(detector.Fit(normalRows).Transform(testRows));
        #endregion
        return metrics;
    }

    public static double[] AugmentRareClass(MLContext ml, string[] columns, IDataView rows)
    {
        #region snippet
        // an augmenter: adds synthetic rows of the rare classes while the pipeline is being fitted, and only then
        var classifier = ml.Transforms.Concatenate("Features", columns)
            .Append(ml.Generative.Oversample("Label", ml.Generative.TrainVae()))
            .AppendCacheCheckpoint(ml)
            .Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression());
        var folds = ml.BinaryClassification.CrossValidate(rows, classifier);          // nothing synthetic in any test fold
        #endregion
        return [.. folds.Select(f => f.Metrics.AreaUnderRocCurve)];
    }

    public static IDataView GenerateRows(MLContext ml, IDataView customers)
    {
        #region snippet
        // a sample generator: new rows with the columns that it was trained on, made as they are read
        IDataView synthetic = ml.Generative.TrainVae(new VaeOptions { FeatureColumnName = "Features" })
            .Fit(customers).Sample(1_000_000, seed: 1);
        #endregion
        return synthetic;
    }
}
