using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>An angle as sines and cosines of 32 frequencies, from one wave in 2π to 1,000: what layers read of it.</summary>
internal static class AngleWaves
{
    private const int Waves = 32;
    private const double Fastest = 1000;

    /// <summary>Numbers that an angle becomes.</summary>
    public const int Width = 2 * Waves;

    public static Tensor Frequencies(Initializer initializer) => initializer.Fixed([.. Enumerable.Range(0, Waves).Select(i => (float)Math.Pow(Fastest, i / (Waves - 1.0)))]);

    /// <param name="angles">(n,)</param>
    /// <returns>(n, width)</returns>
    public static Tensor Of(Tensor angles, Tensor frequencies)
    {
        var waves = angles.unsqueeze(-1) * frequencies;
        return cat([waves.sin(), waves.cos()], -1);
    }
}
