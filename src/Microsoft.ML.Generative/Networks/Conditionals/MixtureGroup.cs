using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Real numbers, standardised, by mixtures of Gaussians (Uria et al., 2013): for each component the logit of its chance, its mean, and s with
/// log σ = log <see cref="LowestDeviation"/> + softplus(s).</summary>
internal sealed class MixtureGroup(IReadOnlyList<int> variables, int components) : VariableGroup(variables)
{
    /// <summary>Bound below every component's deviation: keeps features with repeated values from ever greater densities.</summary>
    public const double LowestDeviation = 0.01;

    private static readonly float LowestLogDeviation = (float)Math.Log(LowestDeviation);
    private static readonly float LogNormalizer = (float)(Math.Log(2 * Math.PI) / 2);

    public override int Width => 1;

    public override int ParametersPerVariable => 3 * components;

    public override int NoisePerVariable => 2;

    /// <summary>Means spread over what is usual of a standardised feature, each as wide as the distance to the next.</summary>
    public override float[] StartingParameters(float[] average, long rows)
    {
        var means = Enumerable.Range(0, components).Select(i => components == 1 ? 0f : 3f * i / (components - 1) - 1.5f);
        double deviation = components == 1 ? 1 : Math.Max(0.3, 3.0 / components), softplus = Math.Log(deviation) - LowestLogDeviation;
        float[] one = [.. new float[components], .. means, .. Enumerable.Repeat((float)Math.Log(Math.Exp(softplus) - 1), components)];
        return Enumerable.Repeat(one, Count).SelectMany(p => p).ToArray();
    }

    public override Tensor LogDensities(Tensor x, Tensor parameters, int? one = null)
    {
        var (logits, means, logDeviations) = Components(parameters);                                       // (…, count, components) each
        var distance = (x.unsqueeze(-1) - means) * (-logDeviations).exp();
        return (logits - logDeviations - distance.square() / 2).logsumexp(-1) - logits.logsumexp(-1) - LogNormalizer;   // (…, count)
    }

    public override Tensor TotalLogDensity(Tensor x, Tensor parameters) => LogDensities(x, parameters).sum();

    public override Tensor Draw(Tensor parameters, Tensor noise, int? one = null)
    {
        var (logits, means, logDeviations) = Components(parameters);
        var chosen = Choose(logits.softmax(-1), noise.narrow(-1, 0, 1));                                   // (…, count, components)
        return (chosen * (means + logDeviations.exp() * noise.narrow(-1, 1, 1))).sum(-1);                  // (…, count)
    }

    /// <summary>How <see cref="Draw(Tensor, Tensor, int?)"/> may have come to x: the component is drawn from its chances given x.</summary>
    /// <param name="x">(…, count)</param>
    /// <param name="parameters">(…, count·parameters)</param>
    /// <param name="generator">Where it is drawn from.</param>
    /// <returns>A level within the component's share of the levels from 0 to 1, and the deviation from its mean in units of its own; (…, count) each.</returns>
    public (Tensor Level, Tensor Deviation) Explain(Tensor x, Tensor parameters, Generator generator)
    {
        var (logits, means, logDeviations) = Components(parameters);                                       // (…, count, components) each
        var distance = (x.unsqueeze(-1) - means) * (-logDeviations).exp();
        var posterior = (logits - logDeviations - distance.square() / 2).softmax(-1);
        var chosen = multinomial(posterior.view(-1, components), 1, true, generator).view([.. x.shape, 1]);
        var chances = logits.softmax(-1);
        var share = chances.gather(-1, chosen).squeeze(-1);
        var level = chances.cumsum(-1).gather(-1, chosen).squeeze(-1) - share * empty_like(x).uniform_(0, 1, generator);
        return (level, distance.gather(-1, chosen).squeeze(-1));
    }

    /// <returns>Mean and deviation of the mixtures, (…, count) each.</returns>
    public (Tensor Mean, Tensor Deviation) Moments(Tensor parameters)
    {
        var (logits, means, logDeviations) = Components(parameters);
        var chances = logits.softmax(-1);
        var mean = (chances * means).sum(-1);
        var variance = (chances * ((means - mean.unsqueeze(-1)).square() + (logDeviations * 2).exp())).sum(-1);
        return (mean, variance.sqrt());
    }

    /// <inheritdoc cref="Moments(Tensor)"/>
    public (OnnxValue Mean, OnnxValue Deviation) Moments(OnnxValue parameters)
    {
        var (logits, means, logDeviations) = Components(parameters, Count);
        var chances = logits.Softmax();
        var mean = (chances * means).Sum(-1);
        var distance = means - mean.Unsqueeze(-1);
        return (mean, (chances * (distance * distance + (logDeviations * 2).Exp())).Sum(-1).Sqrt());
    }

    public override Tensor Mean(Tensor parameters)
    {
        var (logits, means, _) = Components(parameters);
        return (logits.softmax(-1) * means).sum(-1);
    }

    public override OnnxValue LogDensities(OnnxValue x, OnnxValue parameters)
    {
        var (logits, means, logDeviations) = Components(parameters, Count);
        var distance = (x.Unsqueeze(-1) - means) * (-logDeviations).Exp();
        return (logits - logDeviations - distance * distance / 2).LogSumExp(-1) - logits.LogSumExp(-1) - LogNormalizer;
    }

    public override OnnxValue Draw(OnnxValue parameters, OnnxValue noise, int? one = null)
    {
        var (logits, means, logDeviations) = Components(parameters, one is null ? Count : 1);
        var chosen = Choose(logits.Softmax(), noise.Narrow(-1, 0, 1), components);
        return (chosen * (means + logDeviations.Exp() * noise.Narrow(-1, 1, 1))).Sum(-1);
    }

    private (Tensor Logits, Tensor Means, Tensor LogDeviations) Components(Tensor parameters)
    {
        var all = parameters.unflatten(-1, -1, 3, components);   // (…, count, 3, components)
        return (all.select(-2, 0), all.select(-2, 1), nn.functional.softplus(all.select(-2, 2)) + LowestLogDeviation);
    }

    private (OnnxValue Logits, OnnxValue Means, OnnxValue LogDeviations) Components(OnnxValue parameters, int count)
    {
        var all = parameters.Reshape(-1, count, 3, components);
        return (Row(0), Row(1), Row(2).Softplus() + LowestLogDeviation);

        OnnxValue Row(int row) => all.Narrow(-2, row, 1).Squeeze(-2);   // (batch, count, components)
    }
}
