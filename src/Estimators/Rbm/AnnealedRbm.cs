using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// From independent units, with the means that they have in training, to a restricted Boltzmann machine: E_β = (1 − β)·E_0 + β·E_1, summed over the hidden units.
/// </summary>
internal sealed class AnnealedRbm(RbmLayer layer, RbmBiases biases)
{
    private readonly Tensor _start = Start(layer);    // (visible,) logits of binary units, means of real ones, which start with a variance of 1
    private readonly Tensor _hiddenStart = Logits(layer.HiddenOffset);   // (hidden,)

    /// <summary>Nats.</summary>
    public double LogPartitionOfStart
    {
        get
        {
            var binary = nn.functional.softplus(_start);
            var visible = layer.IsReal is { } isReal ? where(isReal.to(@bool), full_like(_start, Math.Log(2 * Math.PI) / 2), binary) : binary;
            return visible.to(float64).sum().item<double>() + nn.functional.softplus(_hiddenStart).to(float64).sum().item<double>();
        }
    }

    /// <summary>Draws visible units at β = 0, (chains, visible).</summary>
    public Tensor DrawStart(long chains, UnitNoise noise)
    {
        var start = _start.expand(chains, -1).contiguous();
        return layer.IsReal is { } isReal ? where(isReal.to(@bool), start + noise.Normal(start), noise.Draw(start)) : noise.Draw(start);
    }

    /// <summary>log p*_β of visible units, (chains,).</summary>
    /// <param name="logits">From <see cref="RbmLayer.HiddenLogits(Tensor, RbmBiases)"/>.</param>
    public Tensor LogDensity(Tensor v, Tensor logits, double beta) => LogDensity(StartEnergy(v), layer.VisibleEnergy(v, biases), logits, beta);

    /// <inheritdoc cref="LogDensity(Tensor, Tensor, double)"/>
    public Tensor LogDensity(Tensor energyAtStart, Tensor energyAtEnd, Tensor logits, double beta) =>
        nn.functional.softplus(HiddenLogits(logits, beta)).sum(-1).add_(energyAtStart, beta - 1).add_(energyAtEnd, -beta);

    /// <summary>Logits of the hidden units at β, from those at 1.</summary>
    public Tensor HiddenLogits(Tensor logits, double beta) => logits.mul(beta).add_(_hiddenStart, 1 - beta);

    /// <summary>Draws the visible units at β.</summary>
    public Tensor DrawVisible(Tensor h, double beta, UnitNoise noise)
    {
        var input = layer.VisibleInput(h, biases);
        if (layer.IsReal is not { } isReal) return noise.Draw(input.mul_(beta).add_(_start, 1 - beta));
        var share = layer.Precision()!.mul_(beta);                                        // β/σ², against a precision of 1 − β
        var precision = share + (1 - beta);
        var mean = (input * share).add_(_start, 1 - beta).div_(precision);
        return where(isReal.to(@bool), mean + noise.Normal(input).div_(precision.sqrt_()), noise.Draw(input.mul_(beta).add_(_start, 1 - beta)));
    }

    private Tensor StartEnergy(Tensor v)
    {
        if (layer.IsReal is not { } isReal) return v.mv(_start).neg_();
        return where(isReal.to(@bool), (v - _start).square().div_(2), (v * _start).neg_()).sum(-1);
    }

    /// <summary>Energies of visible units at β = 0 and 1, (chains,) each.</summary>
    public (Tensor AtStart, Tensor AtEnd) Energies(Tensor v) => (StartEnergy(v), layer.VisibleEnergy(v, biases));

    private static Tensor Start(RbmLayer layer)
    {
        var logits = Logits(layer.VisibleOffset);
        return layer.IsReal is { } isReal ? where(isReal.to(@bool), layer.VisibleOffset, logits) : logits;
    }

    private static Tensor Logits(Tensor means)
    {
        const double Smallest = 0.01;
        var bounded = means.clamp(Smallest, 1 - Smallest);
        return bounded.log().sub_((1 - bounded).log_());
    }
}
