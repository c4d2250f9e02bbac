using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class RbmNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [];

    /// <summary>Also of models that a restricted Boltzmann machine is a part of.</summary>
    internal const string WhyNoGraphDraws = "a row takes hundreds of Gibbs steps, with new noise for every unit in each of them; draw with Sample, from a model kept by mlContext.Generative.Save";

    public string WhyNoSampleGraph => WhyNoGraphDraws;

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Encode => _layer.HiddenLogits(_transform.Apply(x), condition).Sigmoid(),
        OnnxGraph.Reconstruct => _transform.Invert(_layer.VisibleMean(_layer.VisibleInput(_layer.HiddenLogits(_transform.Apply(x), condition).Sigmoid(), condition))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition) =>
        _layer.LogWeight(_transform.Apply(x), condition) - _partitions.Of(x.Graph, condition) - x.Graph.Weights(_transform.LogVolume);
}
