using Microsoft.ML;

namespace Deployment;

/// <summary>Applies a saved pipeline to readings, one at a time as a service would.</summary>
internal static class Serving
{
    public static IEnumerable<Verdict> Run(MLContext ml, string path, IEnumerable<Reading> readings)
    {
        #region snippet
        // there: load and predict, with Microsoft.ML, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime, and without this library
        var model = ml.Model.Load(path, out _);
        using var engine = ml.Model.CreatePredictionEngine<Reading, Verdict>(model);
        foreach (var reading in readings) yield return engine.Predict(reading);
        #endregion
    }
}
