using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class MaskedStack
{
    /// <summary>Outputs for every order.</summary>
    /// <param name="x">(batch, inputs) for all orders, or (orders, batch, inputs).</param>
    /// <param name="condition">(batch, conditions), or (orders, batch, conditions) like x.</param>
    /// <param name="masks">The orders, where they share weights; null where each has weights of its own.</param>
    /// <returns>(orders, batch, outputs)</returns>
    public OnnxValue Call(OnnxValue x, OnnxValue? condition, MaskSet? masks)
    {
        var seen = x.BesideCondition(condition);
        var h = _first.Call(seen, masks?.First).Activate(_shape.Activation);
        int plain = _shape.HiddenSizes.Count - 1;
        for (int i = 0; i < plain; i++) h = _hidden[i].Call(h, null).Activate(_shape.Activation);
        for (int i = plain; i < _hidden.Length; i += 2) h = h + _hidden[i + 1].Call(_hidden[i].Call(h, null).Activate(_shape.Activation), null);
        var result = _output.Call(h, masks?.Output);
        return _direct is null ? result : result + _direct.Call(_shape.Direct ? seen : condition!, masks?.Direct);
    }
}
