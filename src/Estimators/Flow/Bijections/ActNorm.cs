using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>z = (x + b)·eˢ, which starts so that the first batch has mean 0 and deviation 1 (Kingma and Dhariwal, 2018, section 3.1).</summary>
internal sealed class ActNorm : Bijection, IDataInitialized
{
    // a feature that is constant in the first batch is not blown up
    private const double LowestDeviation = 0.01;

    private readonly Parameter _shift, _logScale;   // (features,) each

    public ActNorm(int features, Initializer initializer) : base(nameof(ActNorm))
    {
        _shift = this.Own("shift", initializer.Constant(0, features));
        _logScale = this.Own("logScale", initializer.Constant(0, features));
    }

    public void Initialize(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _shift.copy_(x.mean([0]).neg());
        _logScale.copy_(x.std(0, unbiased: false).clamp_min(LowestDeviation).log().neg());
    }

    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step) =>
        ((x + _shift) * _logScale.exp(), _logScale.sum(0, keepdim: true));   // (batch, features), (1,)

    public override Tensor Inverse(Tensor z, Tensor? condition) => z * (-_logScale).exp() - _shift;

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition)
    {
        var logScale = x.Graph.Weights(_logScale);
        return ((x + x.Graph.Weights(_shift)) * logScale.Exp(), logScale.Sum(0, keepDimension: true));
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition) => z * (-z.Graph.Weights(_logScale)).Exp() - z.Graph.Weights(_shift);
}
