using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>x·sigmoid(x) in the place of x, without a gradient. libtorch's own took a third of the time of scoring: it computes the exponential eight numbers at a time, and
/// into new memory. A number's result does not depend on where it stands.</summary>
internal static class SiluInPlace
{
    // beyond it the exponential of a float overflows, and the result is 0 to all digits
    private const float MostExponent = 88;
    private const float Log2E = 1.44269504f;

    // the logarithm of 2 in two parts, the first of which has digits to spare, so that n·ln 2 loses none (Cody and Waite, 1980)
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>Whether it can be done to this tensor, and faster than libtorch does.</summary>
    public static bool Suits(Tensor x) => Vector256.IsHardwareAccelerated && !x.requires_grad && x.device_type == TorchSharp.DeviceType.CPU && x.dtype == float32 && x.is_contiguous();

    public static void Apply(Tensor x) => Apply(MemoryMarshal.Cast<byte, float>(x.bytes));

    public static void Apply(Span<float> values)
    {
        int whole = values.Length - values.Length % Vector512<float>.Count;
        for (int i = 0; i < whole; i += Vector512<float>.Count) Silu(Vector512.Create<float>(values[i..])).CopyTo(values[i..]);
        if (whole == values.Length) return;
        Span<float> rest = stackalloc float[Vector512<float>.Count];
        rest.Clear();
        values[whole..].CopyTo(rest);
        Silu(Vector512.Create<float>(rest)).CopyTo(rest);
        rest[..(values.Length - whole)].CopyTo(values[whole..]);
    }

    private static Vector512<float> Silu(Vector512<float> x) => x / (Vector512<float>.One + Exp(-x));

    // e^y = 2^n·e^r with r within half a ln 2; e^r by its Taylor polynomial, which errs by less than a float's last digit there
    private static Vector512<float> Exp(Vector512<float> y)
    {
        y = Vector512.Min(Vector512.Max(y, Vector512.Create(-MostExponent + 1)), Vector512.Create(MostExponent));
        var n = Vector512.Round(y * Log2E);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), y));
        var p = Vector512.Create(1 / 5040f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 720f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 120f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 24f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 6f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();
        return p * power;
    }
}
