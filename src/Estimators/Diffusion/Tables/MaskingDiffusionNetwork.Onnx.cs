using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph: passes and steps are a loop over a table with a row for each.</summary>
internal sealed partial class MaskingDiffusionNetwork
{
    public override IReadOnlyList<int> NoiseWidths => WithPositions([Columns.Count, Columns.Count]);

    private protected override OnnxValue LogChance(OnnxValue tokens, OnnxValue? given)
    {
        var graph = tokens.Graph;
        int columns = Columns.Count;
        var passes = Passes().ToList();
        var table = graph.Constant(passes.SelectMany(pass => pass.IsHidden.ToFloats().Append((float)pass.Weight)).ToArray(), passes.Count, columns + 1);
        var (hidden, code) = (Hidden(graph), graph.Weights(NoTime));
        return graph.Loop(passes.Count, tokens.Narrow(1, 0, 1) * 0f, (time, sum) =>
        {
            var row = table.Gather(0, time);                                                          // (columns + 1,)
            var isHidden = row.Narrow(-1, 0, columns);
            var state = isHidden.Greater(graph.Scalar(0.5f)).Select(hidden, tokens);
            var chances = LogChances(tokens, Output(state, given, code, isGuided: false)).Select(chance => chance.Unsqueeze(1)).ToArray();
            return sum + ((chances.Length == 1 ? chances[0] : chances[0].Concatenate(1, chances.AsSpan(1))) * isHidden).Sum(1, keepDimension: true) * row.Narrow(-1, columns, 1);
        }).Squeeze(1);
    }

    private protected override OnnxValue DrawTokens(OnnxValue noise, OnnxValue? given)
    {
        var graph = noise.Graph;
        int columns = Columns.Count;
        var order = noise.Narrow(1, 0, columns);
        var rank = order.Unsqueeze(2).Greater(order.Unsqueeze(1)).ToFloat().Sum(2);                    // (batch, columns)
        var choices = TokenDraws.Uniform(noise.Narrow(1, columns, columns));
        var table = graph.Constant(Enumerable.Range(0, Steps).SelectMany(step => new float[] { FirstOf(step), FirstOf(step + 1) }).ToArray(), Steps, 2);
        var code = graph.Weights(NoTime);
        return graph.Loop(Steps, order * 0f + Hidden(graph), (time, state) =>
        {
            var row = table.Gather(0, time);
            var isDue = rank.GreaterOrEqual(row.Narrow(-1, 0, 1)).ToFloat() * row.Narrow(-1, 1, 1).Greater(rank).ToFloat();
            var logits = Logits(Output(state, given, code, isGuided: true));
            var drawn = Enumerable.Range(0, columns).Select(j => Choose(j, logits, choices.Narrow(1, j, 1))).ToArray();
            return isDue.Greater(graph.Scalar(0.5f)).Select(columns == 1 ? drawn[0] : drawn[0].Concatenate(1, drawn.AsSpan(1)), state);
        });
    }

    private OnnxValue Hidden(OnnxGraphWriter graph) => graph.Weights(_hidden);
}
