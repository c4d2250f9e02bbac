using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>An invertible map of rows, x ↔ z, whose Jacobian has a determinant that is cheap to compute. A flow is a chain of them.</summary>
internal abstract class Bijection(string name) : nn.Module(name)
{
    /// <param name="x">(batch, features)</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <param name="step">Null outside of training.</param>
    /// <returns>z of (batch, features), and log |det dz/dx| of (batch,), or of (1,) where it is the same for all rows; null where it is 0.</returns>
    public abstract (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step);

    /// <returns>x, (batch, features). Runs without gradients.</returns>
    public abstract Tensor Inverse(Tensor z, Tensor? condition);

    /// <inheritdoc cref="Forward(Tensor, Tensor?, TrainingStep?)"/>
    public abstract (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition);

    /// <inheritdoc cref="Inverse(Tensor, Tensor?)"/>
    public abstract OnnxValue Inverse(OnnxValue z, OnnxValue? condition);
}

/// <summary>A bijection that starts from the rows that reach it in the first step of training.</summary>
internal interface IDataInitialized
{
    /// <param name="x">(batch, features)</param>
    void Initialize(Tensor x);
}
