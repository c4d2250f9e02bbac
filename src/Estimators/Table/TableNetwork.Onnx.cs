using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class TableNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => Input.Features == _columns.Count ? [_columns.Count] : [_columns.Count, Input.Features - _columns.Count];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -ColumnLogDensities(x, condition).Sum(1),
        OnnxGraph.LogDensity => ColumnLogDensities(x, condition).Sum(1),
        OnnxGraph.ColumnScores => -ColumnLogDensities(x, condition),
        OnnxGraph.Sample => Sample(x, condition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    // (batch, columns)
    private OnnxValue ColumnLogDensities(OnnxValue x, OnnxValue? condition)
    {
        var graph = x.Graph;
        var (inward, outward) = _layers.Tables(graph);
        var tokens = x.Gather(1, [.. _columns.Select(column => (long)column.Token)]).Floor();                                              // (batch, columns)
        var sums = graph.Weights(Before(_ranks)).MatMul(_layers.Terms(tokens, inward)) + _layers.Start(graph, condition).Unsqueeze(1);
        var chances = _layers.Logits(sums, outward).LogSoftmax().GatherElements(2, tokens.Transpose(1, 0).Unsqueeze(2).ToIntegers()).Squeeze(2);
        var within = _columns.Select((column, j) => _cells[j]?.LogWithin(x) ?? x.Narrow(1, column.Token, 1) * 0f).ToArray();
        return chances.Transpose(1, 0) + within[0].Concatenate(1, within.AsSpan(1));
    }

    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        var graph = noise.Graph;
        var (inward, outward) = _layers.Tables(graph);
        var uniform = TokenDraws.Uniform(noise);                                                       // (batch, noise)
        var sum = _layers.Start(graph, condition) + noise.Narrow(1, 0, 1) * 0f;                                                   // (batch, hidden)
        var result = new OnnxValue[Input.Features];
        foreach (int j in _order)
        {
            var drawn = TokenDraws.Choose(_layers.Logits(j, sum, outward).Softmax(), uniform.Narrow(1, j, 1), _columns[j].Categories);   // (batch, 1)
            result[_columns[j].Token] = drawn;
            if (_columns[j].Position is { } position) result[position] = uniform.Narrow(1, _columns.Count + _positionOf[j], 1);
            sum += _layers.Terms(j, drawn, inward);
        }
        return result[0].Concatenate(1, result.AsSpan(1));
    }
}
