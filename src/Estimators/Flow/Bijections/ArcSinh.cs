using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>z = asinh x, a fixed map that draws in long tails: rows of 25 deviations would else be out of the splines' reach, and throw networks off their course.</summary>
internal sealed class ArcSinh() : Bijection(nameof(ArcSinh))
{
    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step) =>
        (x.asinh(), (x.square() + 1).log().sum(1) * -0.5);

    public override Tensor Inverse(Tensor z, Tensor? condition) => z.sinh();

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition) => (x.Asinh(), (x * x + 1).Log().Sum(1) * -0.5f);

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition) => z.Sinh();
}
