using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Penalties on the gradient of a discriminator by its input, themselves with a graph: the weights see second derivatives.</summary>
internal static class GradientPenalty
{
    /// <summary>Half the mean squared length (Mescheder et al., 2018, equation 9).</summary>
    /// <param name="critic">Gives (packs,) for (packs, width), each for its own row.</param>
    /// <param name="at">(packs, width) where the gradient is taken.</param>
    /// <param name="weights">(packs,) of each; null for 1.</param>
    public static Tensor OfLength(Func<Tensor, Tensor> critic, Tensor at, Tensor? weights = null)
    {
        var squares = SquaredLengths(critic, at);
        return (weights is null ? squares : squares * weights).mean() / 2;
    }

    /// <summary>Mean squared difference of the length from 1, between real and drawn rows (Gulrajani et al., 2017, equation 3).</summary>
    /// <param name="real">(packs, width)</param>
    /// <param name="drawn">(packs, width)</param>
    public static Tensor OfUnitLength(Func<Tensor, Tensor> critic, Tensor real, Tensor drawn, Generator generator)
    {
        var share = empty(real.shape[0], 1, device: real.device).uniform_(0, 1, generator);
        // the root has no derivative at 0
        return (SquaredLengths(critic, real + share * (drawn - real)) + 1e-12).sqrt().sub(1).square().mean();
    }

    /// <returns>(packs,)</returns>
    public static Tensor SquaredLengths(Func<Tensor, Tensor> critic, Tensor at)
    {
        var x = at.detach().requires_grad_();
        var gradient = autograd.grad([critic(x).sum()], [x], retain_graph: true, create_graph: true)[0];   // (packs, width)
        return gradient.square().sum(-1);
    }
}
