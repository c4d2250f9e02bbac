using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A rising function of one feature, whose parameters a conditioner gives from other features. With all parameters 0 it is the identity.</summary>
internal abstract class ElementwiseTransform(string name) : nn.Module(name)
{
    public abstract int ParametersPerFeature { get; }

    /// <param name="x">(batch, features)</param>
    /// <param name="parameters">(batch, features, parameters)</param>
    /// <returns>z and log dz/dx, (batch, features) each.</returns>
    public abstract (Tensor Z, Tensor LogDerivative) Forward(Tensor x, Tensor parameters);

    /// <returns>x, (batch, features)</returns>
    public abstract Tensor Inverse(Tensor z, Tensor parameters);

    /// <inheritdoc cref="Forward(Tensor, Tensor)"/>
    public abstract (OnnxValue Z, OnnxValue LogDerivative) Forward(OnnxValue x, OnnxValue parameters);

    /// <inheritdoc cref="Inverse(Tensor, Tensor)"/>
    public abstract OnnxValue Inverse(OnnxValue z, OnnxValue parameters);
}
