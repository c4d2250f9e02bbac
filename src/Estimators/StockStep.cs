using Microsoft.ML.Data;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as a step of stock ML.NET: the ONNX transformer that adds the same columns.</summary>
internal static class StockStep
{
    /// <summary>Writes it where the model was to be written. Whatever can go wrong with the model does so before the first byte.</summary>
    /// <exception cref="NotSupportedException">There is no such step; the message says why.</exception>
    public static void Save(FittedModel model, ModelSaveContext ctx)
    {
        byte[] graph = OnnxExport.ExportColumns(model);
        // ML.NET would copy a stream into a file that it leaves behind, and reads the file again when it saves
        var folder = Directory.CreateTempSubdirectory("mlgenerative-");   // which nobody else may read
        string path = Path.Combine(folder.FullName, "model.onnx");
        try
        {
            File.WriteAllBytes(path, graph);
            var ml = new MLContext();   // not the user's: nothing is to be computed on a GPU
            using var transformer = ml.Transforms.ApplyOnnxModel(path).Fit(NoRows(ml, model));
            ((ICanSaveModel)transformer).Save(ctx);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // fitting the step checks that the column is there
    private static IDataView NoRows(MLContext ml, FittedModel model)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[0].ColumnName = model.Options.FeatureColumnName;
        schema[0].ColumnType = model.Encoding.Columns.Single().Type;
        return ml.Data.LoadFromEnumerable(Array.Empty<FeatureRow>(), schema);
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}
