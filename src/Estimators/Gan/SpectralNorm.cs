using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The largest singular value of a matrix, followed by one power iteration per training step (Miyato et al., 2018, algorithm 1).</summary>
internal sealed class SpectralNorm : nn.Module
{
    private const double Least = 1e-12;

    private readonly Tensor _left;    // (outputs,)
    private readonly Tensor _right;   // (inputs,)

    public SpectralNorm(Tensor weight, Initializer initializer) : base(nameof(SpectralNorm))
    {
        _left = this.Own("left", initializer.Normal(weight.shape[0]));
        _right = this.Own("right", initializer.Normal(weight.shape[1]));
        Iterate(weight);
    }

    /// <summary>Comes one step nearer to the singular vectors.</summary>
    public void Iterate(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Replace(_right, weight.t().mv(_left));
        Replace(_left, weight.mv(_right));
    }

    /// <summary>uᵀ·W·v, which follows the weights but not the vectors.</summary>
    public Tensor Of(Tensor weight) => _left.dot(weight.mv(_right));

    private static void Replace(Tensor vector, Tensor direction) => vector.copy_(direction / direction.norm().clamp_min(Least));
}
