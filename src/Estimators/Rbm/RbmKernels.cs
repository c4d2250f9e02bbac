using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative;

/// <summary>The three products of a step of learning, for binary units, in the processor's 512-bit registers. The weights pass by once for all rows of a batch, a block at a time that stays in the cache.</summary>
internal static class RbmKernels
{
    /// <summary>Fewer hidden units do not fill a block.</summary>
    public const int FewestHidden = Block;

    /// <summary>Fewer visible units do not fill a tile.</summary>
    public const int FewestVisible = TileUnits;

    private const int Block = 64, Lanes = 16;
    private const int TileUnits = 4, TileRows = 5;

    /// <summary>c + v·W of some rows.</summary>
    /// <param name="weight">(visible, hidden)</param>
    /// <param name="logits">(rows, hidden)</param>
    public static void HiddenLogits(ActiveUnits v, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> logits, int from, int to)
    {
        int hidden = bias.Length;
        CheckLength(logits, to, hidden);
        ref float w = ref MemoryMarshal.GetReference(weight);
        ref float y = ref MemoryMarshal.GetReference(logits);
        for (int block = 0; block < hidden; block += Block)
        {
            int first = Math.Min(block, hidden - Block);   // the last block goes over columns of the one before it again
            for (int row = from; row < to; row++)
            {
                ReadOnlySpan<int> units = v.UnitsOf(row);
                ReadOnlySpan<float> values = v.ValuesOf(row);
                Vector512<float> a0 = Vector512.Create(bias[first..]), a1 = Vector512.Create(bias[(first + Lanes)..]),
                    a2 = Vector512.Create(bias[(first + 2 * Lanes)..]), a3 = Vector512.Create(bias[(first + 3 * Lanes)..]);
                for (int i = 0; i < units.Length; i++)
                    AddScaled(ref Unsafe.Add(ref w, (nint)units[i] * hidden + first), Vector512.Create(values[i]), ref a0, ref a1, ref a2, ref a3);
                Store(a0, a1, a2, a3, ref Unsafe.Add(ref y, (nint)row * hidden + first));
            }
        }
    }

    /// <summary>b + h·Wᵀ of some visible units, for all rows.</summary>
    /// <param name="h">(rows, hidden)</param>
    /// <param name="weight">(visible, hidden)</param>
    /// <param name="logits">(rows, visible)</param>
    public static void VisibleLogits(ReadOnlySpan<float> h, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> logits, int rows, int from, int to)
    {
        int visible = bias.Length, hidden = weight.Length / visible;
        CheckLength(h, rows, hidden);
        CheckLength(logits, rows, visible);
        ref float w = ref MemoryMarshal.GetReference(weight);
        ref float x = ref MemoryMarshal.GetReference(h);
        ref float y = ref MemoryMarshal.GetReference(logits);
        for (int group = from; group < to; group += TileUnits)
        {
            int unit = Math.Min(group, visible - TileUnits);
            var biases = Vector128.Create(bias[unit..]);
            for (int row = 0; row < rows; row += TileRows)
            {
                int r1 = Math.Min(row + 1, rows - 1), r2 = Math.Min(row + 2, rows - 1), r3 = Math.Min(row + 3, rows - 1), r4 = Math.Min(row + 4, rows - 1);
                Tile(ref Unsafe.Add(ref w, (nint)unit * hidden), hidden,
                    ref Unsafe.Add(ref x, (nint)row * hidden), ref Unsafe.Add(ref x, (nint)r1 * hidden), ref Unsafe.Add(ref x, (nint)r2 * hidden),
                    ref Unsafe.Add(ref x, (nint)r3 * hidden), ref Unsafe.Add(ref x, (nint)r4 * hidden), biases,
                    ref Unsafe.Add(ref y, (nint)row * visible + unit), ref Unsafe.Add(ref y, (nint)r1 * visible + unit), ref Unsafe.Add(ref y, (nint)r2 * visible + unit),
                    ref Unsafe.Add(ref y, (nint)r3 * visible + unit), ref Unsafe.Add(ref y, (nint)r4 * visible + unit));
            }
        }
    }

    /// <summary>Σ share·v·hᵀ over rows, with the means taken off on both sides: less μ·(Σ share·h)ᵀ and (Σ share·v)·λᵀ, where the shares add up to 0.</summary>
    /// <param name="h">(rows, hidden)</param>
    /// <param name="gradient">(visible, hidden)</param>
    public static void Gradient(
        WeightedRows v, ReadOnlySpan<float> h, ReadOnlySpan<float> visibleSum, ReadOnlySpan<float> hiddenSum, ReadOnlySpan<float> visibleOffset, ReadOnlySpan<float> hiddenOffset,
        Span<float> gradient, int from, int to)
    {
        int hidden = hiddenSum.Length;
        CheckLength(gradient, to, hidden);
        ref float x = ref MemoryMarshal.GetReference(h);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        for (int block = 0; block < hidden; block += Block)
        {
            int first = Math.Min(block, hidden - Block);
            ref float sum = ref MemoryMarshal.GetReference(hiddenSum[first..]);
            ref float offset = ref MemoryMarshal.GetReference(hiddenOffset[first..]);
            for (int unit = from; unit < to; unit++)
            {
                ReadOnlySpan<int> rows = v.RowsOf(unit);
                ReadOnlySpan<float> shares = v.SharesOf(unit);
                Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
                AddScaled(ref sum, Vector512.Create(-visibleOffset[unit]), ref a0, ref a1, ref a2, ref a3);
                AddScaled(ref offset, Vector512.Create(-visibleSum[unit]), ref a0, ref a1, ref a2, ref a3);
                for (int i = 0; i < rows.Length; i++)
                    AddScaled(ref Unsafe.Add(ref x, (nint)rows[i] * hidden + first), Vector512.Create(shares[i]), ref a0, ref a1, ref a2, ref a3);
                Store(a0, a1, a2, a3, ref Unsafe.Add(ref g, (nint)unit * hidden + first));
            }
        }
    }

    /// <summary>Σ softplus(a): the factors 1 + e^−|a| are multiplied, and a logarithm is taken of many of them at once.</summary>
    public static double SoftplusSum(ReadOnlySpan<float> logits)
    {
        const int Factors = 64;   // of 2 at most
        double total = 0;
        while (logits.Length >= Lanes)
        {
            int length = Math.Min(Factors, logits.Length / Lanes) * Lanes;
            Vector512<float> product = Vector512<float>.One, above = default;
            for (int i = 0; i < length; i += Lanes)
            {
                var a = Vector512.Create(logits[i..]);
                product *= Vector512<float>.One + ActivationInPlace.Exp(-Vector512.Abs(a));
                above += Vector512.Max(a, Vector512<float>.Zero);
            }
            total += Vector512.Sum(above) + Vector512.Sum(Vector512.Log(product));
            logits = logits[length..];
        }
        foreach (float a in logits) total += Math.Max(a, 0) + Math.Log(1 + Math.Exp(-Math.Abs(a)));
        return total;
    }

    private static void Tile(
        ref float w, int hidden, ref float x0, ref float x1, ref float x2, ref float x3, ref float x4, Vector128<float> bias, ref float y0, ref float y1, ref float y2, ref float y3, ref float y4)
    {
        ref float v1 = ref Unsafe.Add(ref w, hidden), v2 = ref Unsafe.Add(ref w, 2 * hidden), v3 = ref Unsafe.Add(ref w, 3 * hidden);
        // a, b, c, d: the visible units; 0 to 4: the rows
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, d0 = default, d1 = default, d2 = default, d3 = default, d4 = default;
        for (int column = 0; column < hidden; column += Lanes)
        {
            // the last register goes over columns that have been counted, which are left out
            int start = Math.Min(column, hidden - Lanes);
            nuint i = (nuint)start;
            Vector512<float> a = Vector512.LoadUnsafe(ref w, i), b = Vector512.LoadUnsafe(ref v1, i), c = Vector512.LoadUnsafe(ref v2, i), d = Vector512.LoadUnsafe(ref v3, i);
            if (start != column)
            {
                var uncounted = Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(column - start)).AsSingle();
                (a, b, c, d) = (a & uncounted, b & uncounted, c & uncounted, d & uncounted);
            }
            var x = Vector512.LoadUnsafe(ref x0, i);
            (a0, b0, c0, d0) = (Vector512.FusedMultiplyAdd(a, x, a0), Vector512.FusedMultiplyAdd(b, x, b0), Vector512.FusedMultiplyAdd(c, x, c0), Vector512.FusedMultiplyAdd(d, x, d0));
            x = Vector512.LoadUnsafe(ref x1, i);
            (a1, b1, c1, d1) = (Vector512.FusedMultiplyAdd(a, x, a1), Vector512.FusedMultiplyAdd(b, x, b1), Vector512.FusedMultiplyAdd(c, x, c1), Vector512.FusedMultiplyAdd(d, x, d1));
            x = Vector512.LoadUnsafe(ref x2, i);
            (a2, b2, c2, d2) = (Vector512.FusedMultiplyAdd(a, x, a2), Vector512.FusedMultiplyAdd(b, x, b2), Vector512.FusedMultiplyAdd(c, x, c2), Vector512.FusedMultiplyAdd(d, x, d2));
            x = Vector512.LoadUnsafe(ref x3, i);
            (a3, b3, c3, d3) = (Vector512.FusedMultiplyAdd(a, x, a3), Vector512.FusedMultiplyAdd(b, x, b3), Vector512.FusedMultiplyAdd(c, x, c3), Vector512.FusedMultiplyAdd(d, x, d3));
            x = Vector512.LoadUnsafe(ref x4, i);
            (a4, b4, c4, d4) = (Vector512.FusedMultiplyAdd(a, x, a4), Vector512.FusedMultiplyAdd(b, x, b4), Vector512.FusedMultiplyAdd(c, x, c4), Vector512.FusedMultiplyAdd(d, x, d4));
        }
        (Sums(a0, b0, c0, d0) + bias).StoreUnsafe(ref y0);
        (Sums(a1, b1, c1, d1) + bias).StoreUnsafe(ref y1);
        (Sums(a2, b2, c2, d2) + bias).StoreUnsafe(ref y2);
        (Sums(a3, b3, c3, d3) + bias).StoreUnsafe(ref y3);
        (Sums(a4, b4, c4, d4) + bias).StoreUnsafe(ref y4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) =>
        Vector128.Create(Vector128.Sum(Folded(a)), Vector128.Sum(Folded(b)), Vector128.Sum(Folded(c)), Vector128.Sum(Folded(d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Folded(Vector512<float> x)
    {
        var half = x.GetLower() + x.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(ref float values, Vector512<float> factor, ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
    {
        a0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values), factor, a0);
        a1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, Lanes), factor, a1);
        a2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, 2 * Lanes), factor, a2);
        a3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, 3 * Lanes), factor, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3, ref float to)
    {
        a0.StoreUnsafe(ref to);
        a1.StoreUnsafe(ref to, Lanes);
        a2.StoreUnsafe(ref to, 2 * Lanes);
        a3.StoreUnsafe(ref to, 3 * Lanes);
    }

    private static void CheckLength(ReadOnlySpan<float> matrix, int rows, int columns) => Debug.Assert(matrix.Length >= (long)rows * columns);
}
