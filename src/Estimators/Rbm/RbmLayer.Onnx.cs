using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class RbmLayer
{
    /// <inheritdoc cref="HiddenLogits(Tensor, RbmBiases)"/>
    public OnnxValue HiddenLogits(OnnxValue v, OnnxValue? condition)
    {
        var bias = Shifted(v.Graph, HiddenBias, HiddenShift, condition);
        return (Precision() is { } precision ? v * Constant(v.Graph, precision) : v).MatMul(v.Graph.Weights(Weight)) + bias;
    }

    /// <inheritdoc cref="VisibleInput(Tensor, RbmBiases)"/>
    public OnnxValue VisibleInput(OnnxValue h, OnnxValue? condition) =>
        h.MatMul(h.Graph.Weights(Weight).Transpose(1, 0)) + Shifted(h.Graph, VisibleBias, VisibleShift, condition);

    /// <inheritdoc cref="VisibleMean(Tensor)"/>
    public OnnxValue VisibleMean(OnnxValue input) => _isReal is null ? input.Sigmoid() : WhereReal(input, input.Sigmoid());

    /// <inheritdoc cref="LogDensityOfVisible(Tensor, Tensor)"/>
    public OnnxValue LogDensityOfVisible(OnnxValue v, OnnxValue input)
    {
        var binary = v * input - input.Softplus();
        if (_isReal is null) return binary.Sum(-1);
        var deviation = v - input;
        var real = (deviation * deviation * Constant(v.Graph, Precision()!) + Constant(v.Graph, BoundedLogVariance()! + Math.Log(2 * Math.PI))) * -0.5f;
        return WhereReal(real, binary).Sum(-1);
    }

    /// <inheritdoc cref="LogWeight(Tensor, RbmBiases)"/>
    public OnnxValue LogWeight(OnnxValue v, OnnxValue? condition)
    {
        var bias = Shifted(v.Graph, VisibleBias, VisibleShift, condition);
        var perUnit = -(v * bias);
        if (_isReal is not null)
        {
            var deviation = v - bias;
            perUnit = WhereReal(deviation * deviation * Constant(v.Graph, Precision()! / 2), perUnit);
        }
        return (HiddenLogits(v, condition).Softplus() - Constant(v.Graph, Usual())).Sum(-1) - perUnit.Sum(-1);
    }

    private OnnxValue WhereReal(OnnxValue real, OnnxValue binary) => Constant(real.Graph, _isReal!).Greater(real.Graph.Scalar(0.5f)).Select(real, binary);

    private static OnnxValue Shifted(OnnxGraphWriter graph, Tensor bias, Tensor? shift, OnnxValue? condition) =>
        condition is null ? graph.Weights(bias) : condition.MatMul(graph.Weights(shift!)) + graph.Weights(bias);

    private static OnnxValue Constant(OnnxGraphWriter graph, Tensor values) => graph.Constant(values.ToFloats(), values.shape);
}
