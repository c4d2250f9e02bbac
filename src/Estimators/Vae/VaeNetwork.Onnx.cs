using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal abstract partial class VaeNetwork
{
    /// <summary>Widths of the noise that a row is drawn with: that of the code comes before it.</summary>
    protected abstract IReadOnlyList<int> RowNoiseWidths { get; }

    /// <inheritdoc cref="GenerativeNetwork.Prepare"/>
    protected abstract OnnxValue Prepare(OnnxValue x);

    /// <inheritdoc cref="Seen(TorchSharp.torch.Tensor)"/>
    protected abstract OnnxValue Seen(OnnxValue y);

    /// <inheritdoc cref="Finish(TorchSharp.torch.Tensor)"/>
    protected abstract OnnxValue Finish(OnnxValue layers);

    /// <summary>Numbers that the decoder gives.</summary>
    protected abstract int Outputs { get; }

    /// <inheritdoc cref="LogLikelihood(TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)"/>
    protected abstract OnnxValue LogLikelihood(OnnxValue y, OnnxValue output);

    /// <inheritdoc cref="LogVolume(TorchSharp.torch.Tensor)"/>
    protected abstract OnnxValue LogVolume(OnnxValue x);

    /// <inheritdoc cref="Draw(TorchSharp.torch.Tensor, double, TorchSharp.torch.Generator)"/>
    /// <param name="noise">(batch, the sum of the widths)</param>
    protected abstract OnnxValue Draw(OnnxValue output, OnnxValue noise);

    public IReadOnlyList<int> NoiseWidths => [LatentSize, .. RowNoiseWidths];

    private protected OnnxValue Compute(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => Score(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Encode => Code(x, condition),
        OnnxGraph.Sample => Draw(Decode(x.Narrow(1, 0, LatentSize), condition), x.Narrow(1, LatentSize, RowNoiseWidths.Sum())),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private protected OnnxValue Code(OnnxValue x, OnnxValue? condition) => Posterior(Prepare(x), condition).Mean;   // (batch, latent)

    private OnnxValue Score(OnnxValue x, OnnxValue? condition)
    {
        var y = Prepare(x);
        var z = Posterior(y, condition).Mean;
        var logJoint = LogLikelihood(y, Decode(z, condition)) - (z * z).Sum(-1) / 2;   // (batch,)
        return LogVolume(x) + (float)(LatentSize * Math.Log(2 * Math.PI) / 2) - logJoint;
    }

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        long samples = _noise.shape[0];
        var y = Prepare(x);                                                         // (batch, …)
        var (mean, logVariance) = Posterior(y, condition);                          // (batch, latent) each
        var offsets = x.Graph.Weights(_noise).Unsqueeze(1);                         // (samples, 1, latent)
        var z = mean + (logVariance / 2).Exp() * offsets;                           // (samples, batch, latent)
        // dense layers take two dimensions
        var repeated = condition?.Unsqueeze(0).Expand(samples, 1, 1).Reshape(-1, Input.ConditionSize);
        var output = Decode(z.Reshape(-1, LatentSize), repeated).Reshape(samples, -1, Outputs);
        var logWeight = LogLikelihood(y, output) + (offsets * offsets + logVariance - z * z).Sum(-1) / 2;   // (samples, batch)
        return logWeight.LogSumExp(0) - (float)Math.Log(samples) - LogVolume(x);    // (batch,)
    }

    private (OnnxValue Mean, OnnxValue LogVariance) Posterior(OnnxValue y, OnnxValue? condition)
    {
        var statistics = _posterior.Call(_encoder.Call(Seen(y).BesideCondition(condition)));   // (batch, 2·latent)
        return (statistics.Narrow(-1, 0, LatentSize), statistics.Narrow(-1, LatentSize, LatentSize).Clamp((float)LowestLogVariance, (float)HighestLogVariance));
    }

    private protected OnnxValue Decode(OnnxValue z, OnnxValue? condition) => Finish(_output.Call(_decoder.Call(z.BesideCondition(condition))));
}
