using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What a condition is made of: the label of a row, one-hot, then its context, standardised.</summary>
/// <param name="Labels">How many labels there are; 0 for none.</param>
/// <param name="ContextMean">Mean of every number of the context over the training rows; empty without a context.</param>
/// <param name="ContextScale">Standard deviation of every number of the context.</param>
internal sealed record ConditionLayout(int Labels, float[] ContextMean, float[] ContextScale)
{
    public static readonly ConditionLayout None = new(0, [], []);

    /// <summary>Width of the condition.</summary>
    public int Size => Labels + ContextMean.Length;

    /// <summary>Floats behind the features of an encoded row: the number of the label, and the context in its own units.</summary>
    public int EncodedWidth => (Labels > 0 ? 1 : 0) + ContextMean.Length;

    /// <param name="encoded">(rows, encoded width)</param>
    /// <returns>(rows, size); null if there is nothing to be conditioned on.</returns>
    public Tensor? Of(Tensor encoded)
    {
        if (Size == 0) return null;
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        if (Labels > 0) parts.Add(nn.functional.one_hot(encoded.select(1, 0).to(int64), Labels).to(float32));
        if (ContextMean.Length > 0)
        {
            var context = encoded.narrow(1, encoded.shape[1] - ContextMean.Length, ContextMean.Length);
            parts.Add((context - tensor(ContextMean, device: encoded.device)).div_(tensor(ContextScale, device: encoded.device)));
        }
        return (parts.Count == 1 ? parts[0].alias() : cat(parts, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The same in a graph.</summary>
    /// <param name="label">(rows, labels), one-hot; null without labels.</param>
    /// <param name="context">(rows, context), in its own units; null without a context.</param>
    public OnnxValue? Of(OnnxValue? label, OnnxValue? context)
    {
        var standardized = context is null ? null : (context - context.Graph.Weights(tensor(ContextMean))) / context.Graph.Weights(tensor(ContextScale));
        return label is null ? standardized : standardized is null ? label : label.Concatenate(-1, standardized);
    }
}

/// <summary>Layers that read a condition, too.</summary>
internal static class Conditioning
{
    /// <summary>Puts the condition beside what a layer reads.</summary>
    /// <returns>(…, width + conditions); x itself without a condition.</returns>
    public static Tensor BesideCondition(this Tensor x, Tensor? condition) => condition is null ? x : cat([x, condition], -1);

    /// <inheritdoc cref="BesideCondition(Tensor, Tensor?)"/>
    public static OnnxValue BesideCondition(this OnnxValue x, OnnxValue? condition) => condition is null ? x : x.Concatenate(-1, condition);
}
