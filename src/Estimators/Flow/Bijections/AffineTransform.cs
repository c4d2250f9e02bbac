using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>z = x·e^s + t (Dinh et al., 2017). The logarithm of the scale is bounded smoothly, |s| below <see cref="MostLogScale"/>: an unbounded one breaks down on
/// rows far from those of the training.</summary>
internal sealed class AffineTransform() : ElementwiseTransform(nameof(AffineTransform))
{
    public const double MostLogScale = 5;

    public override int ParametersPerFeature => 2;

    public override (Tensor Z, Tensor LogDerivative) Forward(Tensor x, Tensor parameters)
    {
        var (shift, logScale) = Read(parameters);
        return (addcmul(shift, x, logScale.exp(), 1), logScale);
    }

    public override Tensor Inverse(Tensor z, Tensor parameters)
    {
        var (shift, logScale) = Read(parameters);
        return (z - shift) * (-logScale).exp();
    }

    public override (OnnxValue Z, OnnxValue LogDerivative) Forward(OnnxValue x, OnnxValue parameters)
    {
        var (shift, logScale) = Read(parameters);
        return (x * logScale.Exp() + shift, logScale);
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue parameters)
    {
        var (shift, logScale) = Read(parameters);
        return (z - shift) * (-logScale).Exp();
    }

    private static (Tensor Shift, Tensor LogScale) Read(Tensor parameters)
    {
        var parts = parameters.unbind(-1);   // (batch, features) each
        return (parts[0], (parts[1] / MostLogScale).tanh() * MostLogScale);
    }

    private static (OnnxValue Shift, OnnxValue LogScale) Read(OnnxValue parameters) =>
        (parameters.Narrow(-1, 0, 1).Squeeze(-1), (parameters.Narrow(-1, 1, 1).Squeeze(-1) / (float)MostLogScale).Tanh() * (float)MostLogScale);
}
