using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class AutoencoderNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [Input.Features, Input.Features, Input.Features];   // of the row, on the row, and of binary features

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition)
    {
        switch (kind)
        {
            case OnnxGraph.Score:
                var y = _transform.Apply(x);
                var error = y - Mean(y, condition);
                return (error * error).Mean(1);   // (batch,)
            case OnnxGraph.Encode:
                return Code(_transform.Apply(x), condition);
            case OnnxGraph.Reconstruct:
                return _transform.Invert(Mean(_transform.Apply(x), condition));
            case OnnxGraph.Sample:
                return Sample(x, condition);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph");
        }
    }

    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        OnnxValue Part(int index) => noise.Narrow(1, index * Input.Features, Input.Features);
        var centers = noise.Graph.Weights(_center);
        var center = condition is null ? centers : condition.MatMul(centers);   // (1 or batch, features)
        var y = center + Part(0).Linear(_spread) + Part(1) * (float)_options.NoiseScale;
        return Settle(y, condition, _options.NoiseScale, Part(2));
    }

    private OnnxValue Settle(OnnxValue y, OnnxValue? condition, double scale, OnnxValue noise)
    {
        double lowest = _options.NoiseScale / NoiseRange;
        if (scale > lowest && lowest > 0)
        {
            float kept = (float)Math.Pow(lowest / scale, 1.0 / Steps);
            for (int step = 0; step < Steps; step++)
            {
                var mean = Mean(y, condition);
                y = mean + (y - mean) * kept;
            }
        }
        return _transform.Invert(_likelihood.Draw(Decode(Code(y, condition), condition), 0, noise));
    }

    private OnnxValue Mean(OnnxValue y, OnnxValue? condition) => _likelihood.Mean(Decode(Code(y, condition), condition));

    private OnnxValue Code(OnnxValue y, OnnxValue? condition) => _code.Call(_encoder.Call(y.BesideCondition(condition)));

    private OnnxValue Decode(OnnxValue code, OnnxValue? condition) => _output.Call(_decoder.Call(code.BesideCondition(condition)));
}
