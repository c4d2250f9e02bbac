using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as one that adds the log-density alone, up to what is the same for all labels.</summary>
internal sealed class ComparingModel(FittedModel model, IComparableDensity density) : IBatchModel
{
    public IReadOnlyList<string> InputColumns => model.InputColumns;

    public IReadOnlyList<OutputColumn> Outputs { get; } = [new OutputColumn(model.Options.LogDensityColumnName, NumberDataViewType.Single, 1)];

    public int InputWidth => model.InputWidth;

    public void Check(DataViewSchema schema) => model.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => model.CreateEncoder(row);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        if (results[0] is not { } values) return;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var batch = model.ToBatch(encoded, rows);
        density.ComparableLogDensity(batch.X, batch.Condition).CopyTo(values);
    }
}
