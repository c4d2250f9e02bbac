using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The way from variables that do not depend on each other to a pairwise network: log f = (1 − at)·a·x + at·(b·x + ½·x·W·x), x the indicators of the tokens.</summary>
internal sealed class AnnealedNetwork(ColouredGibbs gibbs, Tensor tokens, Tensor indicators, Tensor startBias, Tensor bias, Tensor couplings, Generator generator) : IAnnealedPath
{
    public Tensor LogWeight(double at)
    {
        var linear = indicators.mm((startBias * (1 - at) + bias * at).t()).squeeze(1);
        return linear + indicators.mm(couplings).mul_(indicators).sum(dim: 1) * (at / 2);
    }

    public void Step(double at)
    {
        var annealed = startBias * (1 - at) + bias * at;
        gibbs.Sweep(tokens, indicators, annealed, couplings * at, null, generator);
    }
}
