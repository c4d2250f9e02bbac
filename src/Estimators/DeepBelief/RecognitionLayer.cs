using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Weights of their own for the way up, in the place of those of a layer.</summary>
internal sealed class RecognitionLayer : nn.Module
{
    private readonly Parameter _weight;    // (visible, hidden)
    private readonly Parameter _bias;      // (hidden,)
    private readonly Parameter? _shift;    // (conditions, hidden)

    public RecognitionLayer(RbmLayer layer, Initializer initializer) : base(nameof(RecognitionLayer))
    {
        _weight = this.Own("weight", initializer.Constant(0, layer.Visible, layer.Hidden));
        _bias = this.Own("bias", initializer.Constant(0, layer.Hidden));
        if (layer.Conditions > 0) _shift = this.Own("shift", initializer.Constant(0, layer.Conditions, layer.Hidden));
    }

    /// <summary>Takes the weights of the layer over.</summary>
    public void StartFrom(RbmLayer layer)
    {
        _weight.copy_(layer.Precision() is { } precision ? layer.Weight * precision.unsqueeze(1) : layer.Weight);
        _bias.copy_(layer.HiddenBias);
        _shift?.copy_(layer.HiddenShift!);
    }

    /// <param name="v">(batch, visible)</param>
    /// <returns>(batch, hidden)</returns>
    public Tensor HiddenLogits(Tensor v, Tensor? condition) => (condition is null ? _bias : _bias.addmm(condition, _shift!)).addmm(v, _weight);

    /// <inheritdoc cref="HiddenLogits(Tensor, Tensor?)"/>
    public OnnxValue HiddenLogits(OnnxValue v, OnnxValue? condition)
    {
        var logits = v.MatMul(v.Graph.Weights(_weight)) + v.Graph.Weights(_bias);
        return condition is null ? logits : logits + condition.MatMul(v.Graph.Weights(_shift!));
    }

    /// <summary>Writes the gradient of −log q(h|v).</summary>
    /// <param name="v">(rows, visible)</param>
    /// <param name="h">(rows, hidden) 0 or 1</param>
    public void WriteGradient(Tensor v, Tensor h, Tensor? condition)
    {
        var error = HiddenLogits(v, condition).sigmoid_().sub_(h).div_(h.shape[0]);
        _weight.grad?.copy_(v.t().mm(error));
        _bias.grad?.copy_(error.sum(dim: 0));
        _shift?.grad?.copy_(condition!.t().mm(error));
    }
}
