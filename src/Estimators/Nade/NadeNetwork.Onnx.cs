using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class NadeNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [Variables * _conditionals.NoisePerVariable];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.Sample => _transform.Invert(Layers.Draw(x, condition, _order)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        var y = _transform.Apply(x);
        return _conditionals.LogDensity(y, Layers.Outputs(y, condition, _order)) - x.Graph.Weights(_transform.LogVolume);   // (batch,)
    }
}
