using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The first half of the features stays, and says how each of the others is transformed (Dinh et al., 2017, section 3.2): one pass in both directions.</summary>
internal sealed class Coupling : Bijection
{
    private readonly ElementwiseTransform _transform;
    private readonly Conditioner _conditioner;
    private readonly int _kept, _changed;

    /// <param name="features">Two or more.</param>
    public Coupling(int features, ElementwiseTransform transform, Conditioning conditioning, Initializer initializer) : base(nameof(Coupling))
    {
        _kept = features / 2;
        _changed = features - _kept;
        register_module("transform", _transform = transform);
        register_module("conditioner", _conditioner = Conditioner.Full(_kept, _changed, transform.ParametersPerFeature, conditioning, initializer));
    }

    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var (kept, changed) = Halves(x);
        var (z, logDerivative) = _transform.Forward(changed, _conditioner.Call(kept, condition, step));
        return (cat([kept, z], 1), logDerivative.sum(1));
    }

    public override Tensor Inverse(Tensor z, Tensor? condition)
    {
        var (kept, changed) = Halves(z);
        return cat([kept, _transform.Inverse(changed, _conditioner.Call(kept, condition, null))], 1);
    }

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition)
    {
        var (kept, changed) = Halves(x);
        var (z, logDerivative) = _transform.Forward(changed, _conditioner.Call(kept, condition));
        return (kept.Concatenate(1, z), logDerivative.Sum(1));
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition)
    {
        var (kept, changed) = Halves(z);
        return kept.Concatenate(1, _transform.Inverse(changed, _conditioner.Call(kept, condition)));
    }

    private (Tensor Kept, Tensor Changed) Halves(Tensor x) => (x.narrow(1, 0, _kept), x.narrow(1, _kept, _changed));

    private (OnnxValue Kept, OnnxValue Changed) Halves(OnnxValue x) => (x.Narrow(1, 0, _kept), x.Narrow(1, _kept, _changed));
}
