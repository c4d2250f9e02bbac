using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as one that adds columns to rows of which something may be missing.</summary>
internal abstract class IncompleteRowsModel(FittedModel model) : IBatchModel
{
    public IReadOnlyList<string> InputColumns => model.InputColumns;

    public abstract IReadOnlyList<OutputColumn> Outputs { get; }

    public int InputWidth => model.InputWidth;

    public void Check(DataViewSchema schema) => model.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => model.Encoding.CreateEncoder(row, missing: MissingCells.Unknown);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var batch = model.ToBatch(encoded, rows);
        var known = batch.X.isnan().logical_not();
        var computed = Compute(where(known, batch.X, zeros_like(batch.X)), known, batch.Condition, encoded.AsSpan(0, rows * InputWidth));
        int offset = 0;
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (results[i] is { } values) computed.narrow(1, offset, Outputs[i].Width).CopyTo(values);
            offset += Outputs[i].Width;
        }
    }

    /// <param name="x">(rows, features), 0 where nothing is known</param>
    /// <param name="known">(rows, features) whether something is</param>
    /// <param name="encoded">The rows again, with their conditions.</param>
    /// <returns>(rows, floats of all outputs)</returns>
    protected abstract Tensor Compute(Tensor x, Tensor known, Tensor? condition, ReadOnlySpan<float> encoded);
}
