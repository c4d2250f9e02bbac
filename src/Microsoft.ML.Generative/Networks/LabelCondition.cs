using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The condition that a label makes, and where it stands in an encoded row.</summary>
internal static class LabelCondition
{
    /// <param name="rows">(rows, features + 1): the number of the label stands last.</param>
    /// <returns>(rows, labels) with a 1 for the row's label.</returns>
    public static Tensor OneHot(Tensor rows, int features, int labels)
    {
        using var numbers = rows.select(1, features).to(int64);   // (rows,)
        using var oneHot = nn.functional.one_hot(numbers, labels);
        return oneHot.to(float32);
    }

    /// <summary>Puts the condition beside what a layer reads.</summary>
    /// <returns>(…, width + conditions); x itself without a condition.</returns>
    public static Tensor BesideCondition(this Tensor x, Tensor? condition) => condition is null ? x : cat([x, condition], -1);

    /// <inheritdoc cref="BesideCondition(Tensor, Tensor?)"/>
    public static OnnxValue BesideCondition(this OnnxValue x, OnnxValue? condition) => condition is null ? x : x.Concatenate(-1, condition);
}
