using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Chains at several temperatures from those of a layer, β = 1, to those of independent units, β = 0, that exchange their states: the hot ones travel far, the cold ones count.</summary>
internal sealed class TemperedChains(RbmLayer layer, RbmBiases biases, int temperatures)
{
    private readonly AnnealedRbm _annealed = new(layer, biases);

    /// <summary>A Gibbs step at each temperature, and exchanges between neighbours.</summary>
    /// <param name="states">(temperatures·chains, hidden) 0 or 1, the coldest first; moved on.</param>
    /// <returns>Visible units of the coldest, (chains, visible), and the logits of the hidden ones given them.</returns>
    public (Tensor V, Tensor Logits) Move(Tensor states, UnitNoise noise)
    {
        var levels = states.chunk(temperatures);
        var v = new Tensor[temperatures];        // (chains, visible) each
        var logits = new Tensor[temperatures];   // (chains, hidden) each, at β = 1
        for (int level = 0; level < temperatures; level++)
        {
            v[level] = _annealed.DrawVisible(levels[level], Beta(level), noise);
            logits[level] = layer.HiddenLogits(v[level], biases);
        }
        for (int parity = 0; parity < 2; parity++)
            for (int cold = parity; cold + 1 < temperatures; cold += 2) Exchange(v, logits, cold, noise);
        for (int level = 0; level < temperatures; level++) levels[level].copy_(noise.Draw(_annealed.HiddenLogits(logits[level], Beta(level))));
        return (v[0], logits[0]);
    }

    private double Beta(int level) => 1 - level / (temperatures - 1.0);

    // with the chance min(1, p_cold(hot)·p_hot(cold) / p_cold(cold)·p_hot(hot)) (Metropolis et al., 1953)
    private void Exchange(Tensor[] v, Tensor[] logits, int cold, UnitNoise noise)
    {
        int hot = cold + 1;
        Tensor LogDensity(int state, int level) => _annealed.LogDensity(v[state], logits[state], Beta(level));
        var logRatio = LogDensity(hot, cold) + LogDensity(cold, hot) - LogDensity(cold, cold) - LogDensity(hot, hot);   // (chains,)
        var exchanged = noise.Uniform(logRatio).log_().lt(logRatio).unsqueeze(1);
        foreach (var values in new[] { v, logits })
            (values[cold], values[hot]) = (where(exchanged, values[hot], values[cold]), where(exchanged, values[cold], values[hot]));
    }
}
