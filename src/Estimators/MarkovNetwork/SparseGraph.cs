using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Learns which variables have an edge, by pseudo-likelihood with a penalty on the size of each edge's weights, a group lasso: what is not worth its penalty is 0 altogether.
/// The problem is convex, and solved by accelerated proximal gradients (Beck and Teboulle, 2009).</summary>
internal static class SparseGraph
{
    /// <summary>Rows that are looked at; more hardly change the graph.</summary>
    public const int MostRows = 20_000;

    private const int PowerIterations = 30, Iterations = 300;

    /// <summary>The penalty unless another is given: it grows with the number of pairs that chance can deceive by, and falls with that of rows.</summary>
    public static double DefaultPenalty(long rows, int variables) => Math.Sqrt(Math.Log(Math.Max(2, variables)) / Math.Min(rows, MostRows));

    /// <param name="indicators">(rows, all tokens)</param>
    /// <param name="bias">(rows or 1, all tokens) to start from.</param>
    /// <returns>The weights, (all tokens, all tokens), symmetric, of which those of an edge that there is not are 0; and the edges.</returns>
    public static (Tensor Couplings, PairGraph Graph) Learn(TokenLayout layout, TokenTensors tensors, Tensor indicators, Tensor bias, double penalty, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var mean = indicators.mean([0], keepdim: true);                                                    // (1, all tokens)
        var centred = indicators - mean;
        var isOther = tensors.VariableOfToken.unsqueeze(0).ne(tensors.VariableOfToken.unsqueeze(1)).to(float32);
        var ofVariable = zeros(layout.Tokens, layout.Count, device: indicators.device).scatter_(1, tensors.VariableOfToken.unsqueeze(1), ones(layout.Tokens, 1, device: indicators.device));
        double step = 1 / (LargestVariance(centred) + 1);
        var rowBias = bias.expand(indicators.shape[0], -1);
        var ownBias = zeros(1, layout.Tokens, device: indicators.device);
        var couplings = zeros(layout.Tokens, layout.Tokens, device: indicators.device);
        Tensor ahead = couplings, biasAhead = ownBias;
        double momentum = 1;
        for (int i = 0; i < Iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var iteration = NewDisposeScope();
            var logits = centred.mm(ahead) + rowBias + biasAhead;
            var byLogits = tensors.LogChances(logits).exp_().sub_(indicators).mul_(1.0 / indicators.shape[0]);
            var next = (ahead - TokenTensors.ByCouplings(centred, byLogits) * isOther * step);
            next = next * tensors.ForTokens(Kept(ofVariable, next, step * penalty));
            var nextBias = biasAhead - byLogits.sum(dim: 0).unsqueeze(0) * (4 * step);
            double nextMomentum = (1 + Math.Sqrt(1 + 4 * momentum * momentum)) / 2, share = (momentum - 1) / nextMomentum;
            (ahead, biasAhead) = ((next + (next - couplings) * share).MoveToOuterDisposeScope(), (nextBias + (nextBias - ownBias) * share).MoveToOuterDisposeScope());
            (couplings, ownBias) = (next.MoveToOuterDisposeScope(), nextBias.MoveToOuterDisposeScope());
            momentum = nextMomentum;
        }
        var graph = new PairGraph(layout.Count);
        float[] sizes = Sizes(ofVariable, couplings).ToFloats();
        for (int a = 0; a < layout.Count; a++)
            for (int b = a + 1; b < layout.Count; b++)
                if (sizes[a * layout.Count + b] > 0) graph.Add(a, b);
        return (couplings.MoveToOuterDisposeScope(), graph);
    }

    // (variables, variables) what is left of each edge's weights when they shrink by an amount
    private static Tensor Kept(Tensor ofVariable, Tensor couplings, double amount) => (1 - amount / Sizes(ofVariable, couplings).clamp_min(1e-12)).clamp_min(0);

    // (variables, variables) 2-norms
    private static Tensor Sizes(Tensor ofVariable, Tensor couplings) => ofVariable.t().mm(couplings.square()).mm(ofVariable).sqrt();

    private static double LargestVariance(Tensor centred)
    {
        var direction = ones(centred.shape[1], 1, device: centred.device) + centred.narrow(0, 0, 1).t();
        double largest = 0;
        for (int i = 0; i < PowerIterations; i++)
        {
            direction = direction / direction.norm().clamp_min(1e-12);
            direction = centred.t().mm(centred.mm(direction)) / centred.shape[0];
            largest = direction.norm().item<float>();
        }
        return largest;
    }
}
