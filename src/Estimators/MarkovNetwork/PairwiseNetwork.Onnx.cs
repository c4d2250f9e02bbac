using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class PairwiseNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => Input.Features == _layout.Count ? [_layout.Count] : [_layout.Count, Input.Features - _layout.Count];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Sample => Sample(x, condition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        var graph = x.Graph;
        var numbers = graph.Constant([.. _layout.Sizes.SelectMany(size => Enumerable.Range(0, size).Select(token => (float)token))], _layout.Tokens);
        var indicators = x.Gather(1, [.. _layout.VariableOfToken.Select(v => (long)_layout.Features[v])]).Floor().Equal(numbers).ToFloat();   // (batch, all tokens)
        var biases = graph.Weights(Inference.Biases);
        var bias = condition?.MatMul(biases) ?? biases;
        var energy = ((indicators.MatMul(graph.Weights(Inference.Couplings)) * 0.5f + bias) * indicators).Sum(1);                     // (batch,)
        var logPartition = graph.Weights(_logPartition);
        var result = energy - (condition?.MatMul(logPartition) ?? logPartition).Squeeze(1);
        for (int j = 0; j < _cells.Length; j++)
            if (_cells[j] is { } cells) result += cells.LogWithin(x).Squeeze(1);
        return result;
    }

    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        if (!Inference.IsExact)
            throw new NotSupportedException("This Markov network draws rows by Gibbs sampling, which has no graph Sample: every sweep takes noise of its own. "
                                            + "Use Sample, or a network in which inference is exact, such as one of MarkovStructure.BoundedTreewidth.");
        var uniform = TokenDraws.Uniform(noise);                                                           // (batch, noise)
        var label = condition?.MatMul(noise.Graph.Constant([.. Enumerable.Range(0, Labels).Select(l => (float)l)], Labels, 1));       // (batch, 1)
        var drawn = Inference.Sampler.Draw(uniform, label);
        var result = new OnnxValue[Input.Features];
        for (int v = 0; v < _layout.Count; v++) result[_layout.Features[v]] = drawn[v];
        int position = _layout.Count;
        for (int feature = 0; feature < result.Length; feature++) result[feature] ??= uniform.Narrow(1, position++, 1);
        return result[0].Concatenate(1, result.AsSpan(1));
    }
}
