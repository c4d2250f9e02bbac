using Microsoft.ML;
using Microsoft.ML.Generative;

namespace Deployment;

/// <summary>Which pumps will fail? Few do, and some readings are like none seen before: the pipeline balances the first, and marks the second.</summary>
internal static class Training
{
    /// <summary>Fits the pipeline and saves it for programs that have stock ML.NET only.</summary>
    public static ITransformer Run(MLContext ml, IDataView readings, string path)
    {
        #region snippet
        // here: train and save
        var pipeline = ml.Transforms.Concatenate("Features", "Temperature", "Pressure", "Vibration", "Speed")
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Generative.Oversample("Failed", ml.Generative.TrainVae()))     // acts while fitting; nothing of it is saved
            .Append(ml.Generative.TrainVae(new VaeOptions { ScoreColumnName = "Novelty", PredictedLabelColumnName = "IsNovel" }))
            .Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Failed"));
        var model = pipeline.Fit(readings);
        ml.Model.Save(model, readings.Schema, path);
        #endregion
        return model;
    }
}
