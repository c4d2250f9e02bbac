using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class DeepBeliefNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [];

    public string WhyNoSampleGraph => RbmNetwork.WhyNoGraphDraws;

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Encode => Encode(x, condition),
        OnnxGraph.Reconstruct => _transform.Invert(_layers.Reverse().Aggregate(Encode(x, condition), (h, layer) => layer.VisibleMean(layer.VisibleInput(h, condition)))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue Encode(OnnxValue x, OnnxValue? condition) =>
        _layers[^1].HiddenLogits(Enumerable.Range(0, _layers.Length - 1).Aggregate(_transform.Apply(x), (v, i) => Up(i, v, condition).Sigmoid()), condition).Sigmoid();

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        long samples = _thresholds.shape[0];
        var v = _transform.Apply(x).Unsqueeze(0).Expand(samples, 1, 1);                              // (samples, batch, features)
        var repeated = condition?.Unsqueeze(0);                                                      // (1, batch, conditions)
        var thresholds = x.Graph.Weights(_thresholds).Unsqueeze(1);                                  // (samples, 1, …)
        OnnxValue? logWeight = null;
        int unit = 0;
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            var layer = _layers[i];
            var logits = Up(i, v, repeated);
            var h = logits.Greater(thresholds.Narrow(2, unit, layer.Hidden)).ToFloat();
            var added = layer.LogDensityOfVisible(v, layer.VisibleInput(h, repeated)) - (h * logits - logits.Softplus()).Sum(-1);
            logWeight = logWeight is null ? added : logWeight + added;
            unit += layer.Hidden;
            v = h;
        }
        var logDensity = (logWeight! + _layers[^1].LogWeight(v, repeated)).LogSumExp(0) - (float)Math.Log(samples);   // (batch,)
        return logDensity - _partitions.Of(x.Graph, condition) - x.Graph.Weights(_transform.LogVolume);
    }
}
