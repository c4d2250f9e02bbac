using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class VaeNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths => [LatentSize, Input.Features];   // of the code, and of the row around its mean

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => Score(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Encode => Posterior(_transform.Apply(x), condition).Mean,
        OnnxGraph.Reconstruct => _transform.Invert(_likelihood.Mean(Decode(Posterior(_transform.Apply(x), condition).Mean, condition))),
        OnnxGraph.Sample => _transform.Invert(_likelihood.Draw(
            Decode(x.Narrow(1, 0, LatentSize), condition), 1, x.Narrow(1, LatentSize, Input.Features))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue Score(OnnxValue x, OnnxValue? condition)
    {
        var y = _transform.Apply(x);
        var z = Posterior(y, condition).Mean;
        var logJoint = _likelihood.LogDensity(y, Decode(z, condition)) - (z * z).Sum(-1) / 2;   // (batch,)
        return LogVolume(x) + (float)(LatentSize * Math.Log(2 * Math.PI) / 2) - logJoint;
    }

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        long samples = _noise.shape[0];
        var y = _transform.Apply(x);                                                // (batch, features)
        var (mean, logVariance) = Posterior(y, condition);                          // (batch, latent) each
        var offsets = x.Graph.Weights(_noise).Unsqueeze(1);                         // (samples, 1, latent)
        var z = mean + (logVariance / 2).Exp() * offsets;                           // (samples, batch, latent)
        // dense layers take two dimensions
        var repeated = condition?.Unsqueeze(0).Expand(samples, 1, 1).Reshape(-1, Input.ConditionSize);
        var output = Decode(z.Reshape(-1, LatentSize), repeated).Reshape(samples, -1, Input.Features);
        var logWeight = _likelihood.LogDensity(y, output) + (offsets * offsets + logVariance - z * z).Sum(-1) / 2;   // (samples, batch)
        return logWeight.LogSumExp(0) - (float)Math.Log(samples) - LogVolume(x);    // (batch,)
    }

    private (OnnxValue Mean, OnnxValue LogVariance) Posterior(OnnxValue y, OnnxValue? condition)
    {
        var statistics = _posterior.Call(_encoder.Call(y.BesideCondition(condition)));   // (batch, 2·latent)
        return (statistics.Narrow(-1, 0, LatentSize), statistics.Narrow(-1, LatentSize, LatentSize).Clamp((float)LowestLogVariance, (float)HighestLogVariance));
    }

    private OnnxValue Decode(OnnxValue z, OnnxValue? condition) => _output.Call(_decoder.Call(z.BesideCondition(condition)));

    private OnnxValue LogVolume(OnnxValue x) => x.Graph.Weights(_transform.LogVolume);   // (1,)
}
