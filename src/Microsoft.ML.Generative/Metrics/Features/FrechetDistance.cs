using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The squared Fréchet distance between Gaussians: ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½) (Dowson and Landau, 1982; equation 6 of Heusel et al., GANs trained by a two time-scale update rule, NeurIPS 2017).</summary>
/// <remarks>The trace of the root is that of (Σ₁^½ Σ₂ Σ₁^½)^½, which is symmetric: two decompositions of symmetric matrices, in which eigenvalues that rounding made negative count as 0. The root of Σ₁Σ₂ itself, which
/// others take and which isn't symmetric, fails or turns complex where covariances are singular.</remarks>
internal static class FrechetDistance
{
    /// <param name="firstMean">(d), Double.</param>
    /// <param name="firstCovariance">(d, d), Double, symmetric.</param>
    public static double Squared(Tensor firstMean, Tensor firstCovariance, Tensor secondMean, Tensor secondCovariance)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (values, vectors) = linalg.eigh(firstCovariance);
        var root = (vectors * values.clamp_min(0).sqrt()).mm(vectors.t());
        var product = root.mm(secondCovariance).mm(root);
        var traceOfRoot = linalg.eigvalsh((product + product.t()) / 2).clamp_min(0).sqrt().sum();
        var difference = firstMean - secondMean;
        return Math.Max(0, ((difference * difference).sum() + firstCovariance.trace() + secondCovariance.trace() - traceOfRoot * 2).ToDouble());
    }
}
