using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph: steps are a loop over a table with a row for each.</summary>
internal sealed partial class MultinomialDiffusionNetwork
{
    // of the first state; then of every step for the tokens behind the noise, for what becomes of each, and for what is noise
    public override IReadOnlyList<int> NoiseWidths => WithPositions(Enumerable.Repeat(Columns.Count, 1 + 3 * Options.SamplingSteps));

    private protected override OnnxValue LogChance(OnnxValue tokens, OnnxValue? given)
    {
        var graph = tokens.Graph;
        int columns = Columns.Count;
        var rows = new List<float[]>();
        foreach (var (now, earlier, stays, fresh, weight) in Passes())
            rows.Add([(float)Left(now), (float)Left(earlier), (float)weight, .. stays.to(float32).ToFloats(), .. fresh.to(float32).ToFloats(), .. CodeOf(now)]);
        var table = graph.Constant(rows.SelectMany(row => row).ToArray(), rows.Count, rows[0].Length);
        return graph.Loop(rows.Count, tokens.Narrow(1, 0, 1) * 0f, (time, sum) =>
        {
            var row = table.Gather(0, time);
            var state = row.Narrow(-1, 3, columns).Greater(graph.Scalar(0.5f)).Select(tokens, row.Narrow(-1, 3 + columns, columns));
            var logits = Logits(Output(state, given, row.Narrow(-1, 3 + 2 * columns, rows[0].Length - 3 - 2 * columns), isGuided: false));
            return sum - _transitions.Divergence(logits, state, tokens, row.Narrow(-1, 1, 1), row.Narrow(-1, 0, 1)) * row.Narrow(-1, 2, 1);
        }).Squeeze(1);
    }

    private protected override OnnxValue DrawTokens(OnnxValue noise, OnnxValue? given)
    {
        var graph = noise.Graph;
        int columns = Columns.Count, steps = Options.SamplingSteps;
        var uniform = TokenDraws.Uniform(noise);
        var ofSteps = uniform.Narrow(1, columns, 3 * steps * columns).Reshape(0, steps, 3 * columns);
        float[][] rows = [.. Enumerable.Range(0, steps).Select(i => (float[])[(float)Left(Time(steps - i)), (float)Left(Time(steps - i - 1)), .. CodeOf(Time(steps - i))])];
        var table = graph.Constant(rows.SelectMany(row => row).ToArray(), steps, rows[0].Length);
        return graph.Loop(steps, _transitions.Fresh(uniform.Narrow(1, 0, columns)), (time, state) =>
        {
            var (row, own) = (table.Gather(0, time), ofSteps.Gather(1, time));
            var logits = Logits(Output(state, given, row.Narrow(-1, 2, rows[0].Length - 2), isGuided: true));
            var clean = Enumerable.Range(0, columns).Select(j => Choose(j, logits, own.Narrow(1, j, 1))).ToArray();
            return _transitions.Back(state, columns == 1 ? clean[0] : clean[0].Concatenate(1, clean.AsSpan(1)), row.Narrow(-1, 1, 1), row.Narrow(-1, 0, 1), own.Narrow(1, columns, columns), _transitions.Fresh(own.Narrow(1, 2 * columns, columns)));
        });
    }

    private float[] CodeOf(double time) => Denoiser.TimeCode(full(1, CosineSchedule.Angle(time), float32, _noise.device)).ToFloats();
}
