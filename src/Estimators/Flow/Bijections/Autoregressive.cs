using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Every feature is transformed as those before it say (Papamakarios et al., 2017): one pass from x to z, one for each feature back.</summary>
internal sealed class Autoregressive : Bijection
{
    private readonly ElementwiseTransform _transform;
    private readonly Conditioner _conditioner;
    private readonly int _features;

    public Autoregressive(int features, ElementwiseTransform transform, Conditioning conditioning, Initializer initializer) : base(nameof(Autoregressive))
    {
        _features = features;
        register_module("transform", _transform = transform);
        register_module("conditioner", _conditioner = Conditioner.Masked(features, transform.ParametersPerFeature, conditioning, initializer));
    }

    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var (z, logDerivative) = _transform.Forward(x, _conditioner.Call(x, condition, step));
        return (z, logDerivative.sum(1));
    }

    public override Tensor Inverse(Tensor z, Tensor? condition)
    {
        var x = zeros_like(z);
        for (int i = 0; i < _features; i++)
        {
            using var scope = NewDisposeScope();
            // the parameters of feature i depend on the features before it alone
            var parameters = _conditioner.Call(x, condition, null).narrow(1, i, 1);
            x.narrow(1, i, 1).copy_(_transform.Inverse(z.narrow(1, i, 1), parameters));
        }
        return x;
    }

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition)
    {
        var (z, logDerivative) = _transform.Forward(x, _conditioner.Call(x, condition));
        return (z, logDerivative.Sum(1));
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition)
    {
        var x = z * 0;
        for (int i = 0; i < _features; i++)
        {
            var inverse = _transform.Inverse(z.Narrow(1, i, 1), _conditioner.Call(x, condition).Narrow(1, i, 1));
            x = x.WithFeature(i, _features, inverse);
        }
        return x;
    }
}
