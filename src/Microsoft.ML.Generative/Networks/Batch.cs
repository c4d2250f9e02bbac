using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Rows that are worked on together.</summary>
/// <param name="X">(batch, features), as encoded.</param>
/// <param name="Condition">(batch, conditions): what the model is conditioned on (one-hot for a label); null if it is not.</param>
internal readonly record struct Batch(Tensor X, Tensor? Condition)
{
    public long Rows => X.shape[0];
}
