using System.Runtime.Intrinsics;

namespace Microsoft.ML.Generative;

/// <summary>An activation as instructions on several numbers at a time, for the recursion that runs outside of libtorch.</summary>
internal interface IHiddenUnit
{
    /// <param name="a">What comes in.</param>
    static abstract Vector256<float> Value(Vector256<float> a);

    /// <summary>The derivative by what comes in.</summary>
    /// <param name="a">What comes in.</param>
    /// <param name="h">What <see cref="Value"/> made of it.</param>
    static abstract Vector256<float> Slope(Vector256<float> a, Vector256<float> h);
}

internal readonly struct SigmoidUnit : IHiddenUnit
{
    public static Vector256<float> Value(Vector256<float> a) => Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-a));

    public static Vector256<float> Slope(Vector256<float> a, Vector256<float> h) => h - h * h;
}

internal readonly struct ReluUnit : IHiddenUnit
{
    public static Vector256<float> Value(Vector256<float> a) => Vector256.Max(a, Vector256<float>.Zero);

    public static Vector256<float> Slope(Vector256<float> a, Vector256<float> h) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, Vector256<float>.Zero), Vector256<float>.One, Vector256<float>.Zero);
}

internal readonly struct LeakyReluUnit : IHiddenUnit
{
    private static Vector256<float> Small => Vector256.Create(0.01f);

    public static Vector256<float> Value(Vector256<float> a) => a * Slope(a, a);

    public static Vector256<float> Slope(Vector256<float> a, Vector256<float> h) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, Vector256<float>.Zero), Vector256<float>.One, Small);
}

internal readonly struct TanhUnit : IHiddenUnit
{
    // tanh(a) = 2·σ(2a) − 1
    public static Vector256<float> Value(Vector256<float> a) => 2 * SigmoidUnit.Value(2 * a) - Vector256<float>.One;

    public static Vector256<float> Slope(Vector256<float> a, Vector256<float> h) => Vector256<float>.One - h * h;
}

internal readonly struct SiluUnit : IHiddenUnit
{
    public static Vector256<float> Value(Vector256<float> a) => a * SigmoidUnit.Value(a);

    public static Vector256<float> Slope(Vector256<float> a, Vector256<float> h)
    {
        var chance = SigmoidUnit.Value(a);
        return Vector256.FusedMultiplyAdd(h, Vector256<float>.One - chance, chance);   // σ + a·σ·(1 − σ)
    }
}
