using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class TableLayers
{
    /// <inheritdoc cref="Tables()"/>
    public (OnnxValue Inward, OnnxValue Outward) Tables(OnnxGraphWriter graph)
    {
        var (inward, outward) = Tables();
        return (graph.Weights(inward), graph.Weights(outward));
    }

    /// <param name="tokens">(batch, columns), floats</param>
    /// <returns>(batch, columns, hidden)</returns>
    public OnnxValue Terms(OnnxValue tokens, OnnxValue inward) =>
        inward.GatherRows((tokens + tokens.Graph.Weights(Offsets)).ToIntegers());

    /// <param name="token">(batch, 1), floats</param>
    /// <returns>(batch, hidden)</returns>
    public OnnxValue Terms(int column, OnnxValue token, OnnxValue inward) =>
        inward.GatherRows((token + Offset(column)).ToIntegers()).Squeeze(1);

    /// <inheritdoc cref="Start(TorchSharp.torch.Tensor?)"/>
    public OnnxValue Start(OnnxGraphWriter graph, OnnxValue? condition)
    {
        var bias = graph.Weights(_bias).Unsqueeze(0);
        return condition is null ? bias : condition.MatMul(graph.Weights(_condition!)) + bias;
    }

    /// <param name="sums">(batch, columns, hidden)</param>
    /// <returns>(columns, batch, tokens)</returns>
    public OnnxValue Logits(OnnxValue sums, OnnxValue outward)
    {
        var graph = sums.Graph;
        var h = (sums + graph.Weights(Target)).Relu().Transpose(1, 0, 2);
        var u = (h.MatMul(graph.Weights(_inward)) + graph.Weights(InwardBias)).Relu();
        return u.MatMul(outward) + graph.Weights(OutwardBias);
    }

    /// <param name="sum">(batch, hidden)</param>
    /// <returns>(batch, its tokens)</returns>
    public OnnxValue Logits(int column, OnnxValue sum, OnnxValue outward)
    {
        var graph = sum.Graph;
        int tokens = _columns[column].Categories;
        var h = (sum + graph.Weights(Target).Narrow(0, column, 1)).Relu();
        var u = (h.MatMul(graph.Weights(_inward).Gather(0, column).Squeeze(0)) + graph.Weights(InwardBias).Gather(0, column).Squeeze(0)).Relu();
        var bias = graph.Weights(OutwardBias).Gather(0, column).Squeeze(0);
        return (u.MatMul(outward.Gather(0, column).Squeeze(0)) + bias).Narrow(1, 0, tokens);
    }
}
