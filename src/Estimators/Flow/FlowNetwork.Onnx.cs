using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class FlowNetwork : IOnnxExportable
{
    // the first number chooses the member
    public IReadOnlyList<int> NoiseWidths => _members.Length == 1 ? [_members[0].NoiseWidth] : [1, _members[0].NoiseWidth];

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Encode => _members[Heaviest].Encode(_transform.Apply(x), condition),
        OnnxGraph.Sample => _dequantization.Undo(_transform.Invert(Draw(x, condition))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        var logVolume = x.Graph.Weights(_transform.LogVolume);   // (1,)
        if (!_dequantization.IsNeeded) return LogDensityOf(_transform.Apply(x), condition) - logVolume;
        int samples = _dequantization.Samples;
        var points = (x + x.Graph.Weights(_dequantization.Offsets()).Unsqueeze(1)).Reshape(-1, Input.Features);   // (samples·batch, features)
        var repeated = condition?.Unsqueeze(0).Expand(samples, 1, 1).Reshape(-1, Input.ConditionSize);
        return LogDensityOf(_transform.Apply(points), repeated).Reshape(samples, -1).LogSumExp(0) - (float)Math.Log(samples) - logVolume;
    }

    private OnnxValue LogDensityOf(OnnxValue y, OnnxValue? condition)
    {
        if (_members.Length == 1) return _members[0].LogDensity(y, condition);
        var weights = _logWeights.ToFloats();
        var byMember = _members.Select((member, i) => (member.LogDensity(y, condition) + weights[i]).Unsqueeze(0)).ToArray();
        return byMember[0].Concatenate(0, byMember[1..]).LogSumExp(0);
    }

    // every row through every member, one of which is taken
    private OnnxValue Draw(OnnxValue noise, OnnxValue? condition)
    {
        if (_members.Length == 1) return _members[0].FromNoise(noise, condition);
        var level = noise.Narrow(1, 0, 1).NormalDistribution();   // (batch, 1) uniform
        var own = noise.Narrow(1, 1, _members[0].NoiseWidth);
        var levels = Levels().ToFloats();
        var result = _members[0].FromNoise(own, condition);
        for (int i = 1; i < _members.Length; i++)
            result = level.GreaterOrEqual(level.Graph.Scalar(levels[i - 1])).Select(_members[i].FromNoise(own, condition), result);
        return result;
    }
}
