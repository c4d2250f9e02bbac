using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph: steps are a loop over a table with a row for each.</summary>
internal sealed partial class DiffusionNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [.. Enumerable.Repeat(Input.Features, _options.Stochasticity > 0 ? DrawingAngles(CosineSchedule.MostTime).Length - 1 : 1)];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => Score(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Reconstruct => Reconstruct(x, condition),
        OnnxGraph.Sample => Sample(x, condition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue Score(OnnxValue x, OnnxValue? condition)
    {
        var y = _transform.Apply(x);
        OnnxValue? sum = null;
        foreach (double angle in ScoreTimes.Select(CosineSchedule.Angle))
        {
            var scaled = y * (float)Math.Cos(angle);
            var noise = scaled * (float)Math.Sin(angle) + Velocity(scaled, ConditionInput.Given(condition), Moment(x.Graph, angle)) * (float)Math.Cos(angle);
            var length = (noise * noise).Sum(-1);
            sum = sum is null ? length : sum + length;
        }
        return sum!;
    }

    private OnnxValue Reconstruct(OnnxValue x, OnnxValue? condition)
    {
        double angle = CosineSchedule.Angle(ReconstructionTime);
        var y = _transform.Apply(x) * (float)Math.Cos(angle);
        return _transform.Invert(y * (float)Math.Cos(angle) - Velocity(y, ConditionInput.Given(condition), Moment(x.Graph, angle)) * (float)Math.Sin(angle));
    }

    // as DiffusionSteps.Draw
    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        int features = Input.Features;
        var graph = noise.Graph;
        var angles = DrawingAngles(CosineSchedule.MostTime);
        int steps = angles.Length - 1;
        var given = ConditionInput.Given(condition);
        var nothing = _options.GuidanceWeight > 0 && given is not null ? given * 0f : null;
        var table = Table(graph, [.. Enumerable.Range(0, steps).Select(i =>
        {
            double deviation = DiffusionSteps.FreshNoise(angles[i], angles[i + 1], _options.Stochasticity), ofNoise = DiffusionSteps.OldNoise(angles[i + 1], deviation) / Math.Sin(angles[i]);
            return (double[])[
                ofNoise, Math.Cos(angles[i + 1]) - ofNoise * Math.Cos(angles[i]), IsSecondOrder ? DiffusionSteps.Extrapolation(angles, i) : 0, deviation, .. MomentOf(angles[i]),
            ];
        })]);
        var fresh = NoiseWidths.Count > 1 ? noise.Narrow(1, features, (steps - 1) * features).Reshape(0, steps - 1, features) : null;
        // the row, and how it was denoised in the step before
        var state = noise.Narrow(1, 0, features).Concatenate(1, noise.Narrow(1, 0, features));
        if (steps > 1) state = graph.Loop(steps - 1, state, (time, held) => Step(held, table.Gather(0, time), fresh?.Gather(1, time)));
        return _rounding.Undo(_transform.Invert(Step(state, table.Gather(0, [steps - 1]), null).Narrow(1, 0, features)));

        OnnxValue Step(OnnxValue held, OnnxValue row, OnnxValue? drawn)
        {
            var (y, before, moment) = (held.Narrow(1, 0, features), held.Narrow(1, features, features), row.Narrow(-1, 4, MomentWidth));
            var v = Velocity(y, given, moment);
            if (nothing is not null) v = v * (float)(1 + _options.GuidanceWeight) - Velocity(y, nothing, moment) * (float)_options.GuidanceWeight;
            var clean = (y * moment.Narrow(-1, 0, 1) - v * moment.Narrow(-1, 1, 1)).Maximum(graph.Weights(_lowest)).Minimum(graph.Weights(_highest));
            var next = y * row.Narrow(-1, 0, 1) + (clean + (clean - before) * row.Narrow(-1, 2, 1)) * row.Narrow(-1, 1, 1);
            return (drawn is null ? next : next + drawn * row.Narrow(-1, 3, 1)).Concatenate(1, clean);
        }
    }

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        int features = Input.Features;
        var graph = x.Graph;
        var angles = CosineSchedule.Rising(_options.DensitySteps);
        var given = ConditionInput.Given(condition);
        var table = Table(graph, [.. Enumerable.Range(0, _options.DensitySteps).Select(i =>
        {
            double step = angles[i + 1] - angles[i];
            return (double[])[step, .. MomentOf(angles[i]), .. MomentOf(angles[i] + step / 2)];
        })]);
        var probes = HasExactDivergence ? null : graph.Weights(_probes);
        var identity = HasExactDivergence ? graph.Constant(eye(features).ToFloats(), features, 1, features) : null;
        var y = _transform.Apply(x) * (float)Math.Cos(angles[0]);
        var end = graph.Loop(_options.DensitySteps, y.Concatenate(1, y.Narrow(1, 0, 1) * 0f), (time, state) =>   // the row, and the integral so far
        {
            var row = table.Gather(0, time);
            var (position, integral, step) = (state.Narrow(1, 0, features), state.Narrow(1, features, 1), row.Narrow(-1, 0, 1));
            var moment = row.Narrow(-1, 1 + MomentWidth, MomentWidth);
            var halfway = position + Velocity(position, given, row.Narrow(-1, 1, MomentWidth)) * (step * 0.5f);
            var directions = identity ?? probes!.Gather(0, time).Unsqueeze(1);   // (directions, 1, features)
            var (value, change) = _denoiser.Differentiate(halfway.BesideCondition(given), moment.Narrow(-1, 2, MomentWidth - 2), directions);
            var ofDirections = (ToVelocity(change, directions, moment) * directions).Sum(-1);   // (directions, batch)
            var divergence = HasExactDivergence ? ofDirections.Sum(0) : ofDirections.Mean(0);
            return (position + ToVelocity(value, halfway, moment) * step).Concatenate(1, integral + divergence.Unsqueeze(1) * step);
        });
        var noise = end.Narrow(1, 0, features);
        return (end.Narrow(1, features, 1).Squeeze(1) - (noise * noise).Sum(-1) * 0.5f) - (float)(features * Math.Log(2 * Math.PI) / 2) - graph.Weights(_transform.LogVolume);
    }

    // cosφ, sinφ and what φ adds to the units
    private int MomentWidth => 2 + _denoiser.CodeSize;

    private IEnumerable<double> MomentOf(double angle) => [Math.Cos(angle), Math.Sin(angle), .. _denoiser.TimeCode(full(1, angle, float32, _lowest.device)).ToFloats().Select(value => (double)value)];

    private OnnxValue Moment(OnnxGraphWriter graph, double angle) => Table(graph, [[.. MomentOf(angle)]]);

    private static OnnxValue Table(OnnxGraphWriter graph, double[][] rows) => graph.Constant(rows.SelectMany(row => row).Select(value => (float)value).ToArray(), rows.Length, rows[0].Length);

    private OnnxValue Velocity(OnnxValue y, OnnxValue? given, OnnxValue moment) => ToVelocity(_denoiser.Call(y.BesideCondition(given), moment.Narrow(-1, 2, MomentWidth - 2)), y, moment);

    private OnnxValue ToVelocity(OnnxValue predicted, OnnxValue y, OnnxValue moment) =>
        _options.Prediction == DiffusionPrediction.Velocity ? predicted : (predicted - y * moment.Narrow(-1, 1, 1)) / moment.Narrow(-1, 0, 1);
}
