using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// How much of a row is left at every time from 0 to 1: ᾱ(t) = f(t)/f(0), f(t) = cos²(π/2 · (t + s)/(1 + s)), s = 0.008 (Nichol and Dhariwal, 2021, equation 17). Everything else speaks of
/// the angle φ with cos²φ = ᾱ: a row with noise is y = cosφ·x + sinφ·ε, its velocity v = dy/dφ = cosφ·ε − sinφ·x, so that x = cosφ·y − sinφ·v and ε = sinφ·y + cosφ·v.
/// </summary>
internal static class CosineSchedule
{
    /// <summary>The time from which rows are drawn: what is left of a row there is 2 % of its deviation.</summary>
    public const double MostTime = 0.99;

    /// <summary>The least noise that the network knows, 0.6 % of the deviation.</summary>
    public const double LeastTime = 0.001;

    private const double Offset = 0.008;

    private static readonly double AtZero = Math.Cos(Math.PI / 2 * Offset / (1 + Offset));

    /// <summary>√ᾱ(t) = cosφ.</summary>
    private static double Signal(double time) => Math.Cos(Math.PI / 2 * (time + Offset) / (1 + Offset)) / AtZero;

    /// <summary>ᾱ(t), from 1 to 0.</summary>
    public static double SignalShare(double time) => Signal(time) * Signal(time);

    /// <summary>φ(t), from 0 to π/2.</summary>
    public static double Angle(double time) => Math.Acos(Math.Clamp(Signal(time), 0, 1));

    /// <inheritdoc cref="Angle(double)"/>
    public static Tensor Angle(Tensor times) => times.add(Offset).mul_(Math.PI / 2 / (1 + Offset)).cos_().div_(AtZero).clamp_(0, 1).acos_();

    /// <summary>λ: the logarithm of the ratio of row to noise, in squares.</summary>
    public static double LogRatio(double angle) => -2 * Math.Log(Math.Tan(angle));

    /// <summary>The angle with a ratio.</summary>
    public static double AngleOf(double logRatio) => Math.Atan(Math.Exp(-logRatio / 2));

    /// <summary>Angles to draw rows at, falling: so many steps of equal time from a time to 0.</summary>
    public static double[] Falling(double time, int steps) => [.. Enumerable.Range(0, steps + 1).Select(i => Angle(time * (steps - i) / steps))];

    /// <summary>Angles to follow a row to noise at, rising: close together where there is little noise, since there it matters most.</summary>
    public static double[] Rising(int steps)
    {
        double first = Angle(LeastTime), span = Angle(MostTime) - first;
        return [.. Enumerable.Range(0, steps + 1).Select(i => first + span * i * i / ((double)steps * steps))];
    }
}
