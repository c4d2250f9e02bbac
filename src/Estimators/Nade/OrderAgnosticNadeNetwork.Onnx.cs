using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class OrderAgnosticNadeNetwork : IOnnxExportable
{
    // which order a row is drawn in, and its variables
    public IReadOnlyList<int> NoiseWidths => [1, Variables * _conditionals.NoisePerVariable];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.Sample => _transform.Invert(Draw(x.Narrow(1, 0, 1).NormalDistribution(), x.Narrow(1, 1, NoiseWidths[1]), condition)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        var y = _transform.Apply(x);
        var perOrder = Orders.Select(order => _conditionals.LogDensity(y, Layers.Outputs(y, condition, order)).Unsqueeze(0)).ToArray();
        var all = perOrder is [var single] ? single : perOrder[0].Concatenate(0, perOrder[1..]);   // (orders, batch)
        return all.LogSumExp(0) - (float)Math.Log(Orders.Count) - x.Graph.Weights(_transform.LogVolume);
    }

    // which: (batch, 1), uniform
    private OnnxValue Draw(OnnxValue which, OnnxValue noise, OnnxValue? condition)
    {
        var drawn = Layers.Draw(noise, condition, Orders[0]);
        for (int i = 1; i < Orders.Count; i++)
            drawn = which.Greater(which.Graph.Scalar(i / (float)Orders.Count)).Select(Layers.Draw(noise, condition, Orders[i]), drawn);
        return drawn;
    }
}
