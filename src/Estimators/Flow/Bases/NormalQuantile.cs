using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The inverse of the standard normal distribution function.</summary>
internal static class NormalQuantile
{
    private const double Edge = 1e-7;   // as far out as single precision goes

    public static Tensor Of(Tensor level) => (level.clamp(Edge, 1 - Edge) * 2 - 1).erfinv() * Math.Sqrt(2);
}
