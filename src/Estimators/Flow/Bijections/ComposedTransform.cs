using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>One transform after another, each with its share of the parameters.</summary>
internal sealed class ComposedTransform : ElementwiseTransform
{
    private readonly ElementwiseTransform _first, _second;

    public ComposedTransform(ElementwiseTransform first, ElementwiseTransform second) : base(nameof(ComposedTransform))
    {
        register_module("first", _first = first);
        register_module("second", _second = second);
    }

    public override int ParametersPerFeature => _first.ParametersPerFeature + _second.ParametersPerFeature;

    public override (Tensor Z, Tensor LogDerivative) Forward(Tensor x, Tensor parameters)
    {
        var parts = Parts(parameters);
        var (y, firstLogDerivative) = _first.Forward(x, parts[0]);
        var (z, secondLogDerivative) = _second.Forward(y, parts[1]);
        return (z, firstLogDerivative + secondLogDerivative);
    }

    public override Tensor Inverse(Tensor z, Tensor parameters)
    {
        var parts = Parts(parameters);
        return _first.Inverse(_second.Inverse(z, parts[1]), parts[0]);
    }

    public override (OnnxValue Z, OnnxValue LogDerivative) Forward(OnnxValue x, OnnxValue parameters)
    {
        var (first, second) = Parts(parameters);
        var (y, firstLogDerivative) = _first.Forward(x, first);
        var (z, secondLogDerivative) = _second.Forward(y, second);
        return (z, firstLogDerivative + secondLogDerivative);
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue parameters)
    {
        var (first, second) = Parts(parameters);
        return _first.Inverse(_second.Inverse(z, second), first);
    }

    private Tensor[] Parts(Tensor parameters) => parameters.split([_first.ParametersPerFeature, _second.ParametersPerFeature], -1);

    private (OnnxValue First, OnnxValue Second) Parts(OnnxValue parameters) =>
        (parameters.Narrow(-1, 0, _first.ParametersPerFeature), parameters.Narrow(-1, _first.ParametersPerFeature, _second.ParametersPerFeature));
}
