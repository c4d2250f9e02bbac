using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class SpanLikelihood
{
    /// <inheritdoc cref="LogDensity(Tensor, Tensor)"/>
    public OnnxValue LogDensity(OnnxValue x, OnnxValue output)
    {
        var perFeature = (_anyContinuous, _anyChance) switch
        {
            (true, false) => Gaussian(x, output),
            (false, true) => Bernoulli(x, output),
            _ => Where(_isContinuous!, Gaussian(x, output), Bernoulli(x, output)),
        };
        return perFeature.Sum(-1);   // (…,)
    }

    /// <inheritdoc cref="Mean(Tensor)"/>
    public OnnxValue Mean(OnnxValue output) => (_anyContinuous, _anyChance) switch
    {
        (true, false) => output,
        (false, true) => output.Sigmoid(),
        _ => Where(_isContinuous!, output, output.Sigmoid()),
    };

    /// <summary>A draw from noise: a binary feature is 1 where the chance of lesser noise is below its own.</summary>
    /// <param name="temperature">Scale of the noise of continuous features.</param>
    /// <param name="noise">(batch, features), standard normal.</param>
    public OnnxValue Draw(OnnxValue output, double temperature, OnnxValue noise)
    {
        var mean = Mean(output);   // (batch, features)
        var continuous = _anyContinuous && temperature > 0 ? mean + noise * Constant(output.Graph, Variance().sqrt() * temperature) : mean;
        if (!_anyChance) return continuous;
        var chance = Where(_isDrawn!, mean.Greater(noise.NormalDistribution()).ToFloat(), mean);
        return _anyContinuous ? Where(_isContinuous!, continuous, chance) : chance;
    }

    private OnnxValue Gaussian(OnnxValue x, OnnxValue mean)
    {
        var deviation = x - mean;   // (…, features)
        var squares = deviation * deviation;
        if (LogVariance() is not { } logVariance) return squares * (float)(-0.5 * Math.Exp(-_lowestLogVariance)) - (float)((_lowestLogVariance + LogTwoPi) / 2);
        return (squares * Constant(x.Graph, (-logVariance).exp()) + Constant(x.Graph, logVariance + LogTwoPi)) * -0.5f;
    }

    private static OnnxValue Bernoulli(OnnxValue x, OnnxValue logits) => x * logits - logits.Softplus();

    private static OnnxValue Where(Tensor mask, OnnxValue ifOne, OnnxValue ifZero) => Constant(ifOne.Graph, mask).Greater(ifOne.Graph.Scalar(0.5f)).Select(ifOne, ifZero);

    private static OnnxValue Constant(OnnxGraphWriter graph, Tensor values) => graph.Constant(values.detach().to(float32).ToFloats(), values.shape[0]);
}
