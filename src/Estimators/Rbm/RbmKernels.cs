using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Generative.Networks;
using TorchSharp;

namespace Microsoft.ML.Generative;

/// <summary>The products of a step of learning, for binary units, in the processor's 512-bit registers. What is on the right passes by once for all rows, a block at a time that stays in the cache.</summary>
internal static class RbmKernels
{
    /// <summary>Fewer hidden units do not fill a block.</summary>
    public const int FewestHidden = Block;

    /// <summary>Fewer visible units do not fill a tile.</summary>
    public const int FewestVisible = TileUnits;

    private const int Block = 64, Lanes = 16;
    private const int TileUnits = 4, TileRows = 5;

    // of fewer, packing takes longer than it saves
    private const int FewestUsesOfPacked = 4;

    /// <summary>Columns of a product are computed in blocks of 64, of which the last has the rest, too.</summary>
    public static int Blocks(int columns) => columns / Block;

    /// <summary>Some blocks of start + left·right.</summary>
    /// <param name="left">(rows, inner)</param>
    /// <param name="right">(inner, columns)</param>
    /// <param name="start">(columns,), for every row.</param>
    /// <param name="result">(rows, columns)</param>
    public static void Product(ActiveUnits left, ReadOnlySpan<float> right, ReadOnlySpan<float> start, Span<float> result, int fromBlock, int toBlock)
    {
        int columns = start.Length, end = toBlock == Blocks(columns) ? columns : toBlock * Block;
        CheckLength(right, left.Units, columns);
        CheckLength(result, left.Rows, columns);
        // a part of a block stays in the first cache; registers that lie across two of its lines take twice as long to load, and libtorch's memory begins with a line
        using var packed = left.Count >= FewestUsesOfPacked * left.Units ? torch.empty(ActiveUnits.PartUnits, Block) : null;
        for (int block = fromBlock * Block; block < end; block += Block)
        {
            int column = Math.Min(block, columns - Block);   // the rest goes over columns of the block before it again
            for (int part = 0; part < left.Parts; part++)
            {
                int from = part * ActiveUnits.PartUnits, to = Math.Min(left.Units, from + ActiveUnits.PartUnits);
                ref float sums = ref part == 0 ? ref Unsafe.AsRef(in start[column]) : ref result[column];
                int nextSums = part == 0 ? 0 : columns;
                if (packed is null)
                {
                    Product(left, part, ref Unsafe.AsRef(in right[from * columns + column]), columns, ref sums, nextSums, ref result[column], columns);
                    continue;
                }
                var panel = MemoryMarshal.Cast<byte, float>(packed.bytes);
                for (int i = from; i < to; i++) right.Slice(i * columns + column, Block).CopyTo(panel[((i - from) * Block)..]);
                Product(left, part, ref panel[0], Block, ref sums, nextSums, ref result[column], columns);
            }
        }
    }

    // adds a part of the rows on the left times the rows on the right from which right and sums begin; their next rows are so many numbers further on
    private static void Product(ActiveUnits left, int part, ref float right, nint nextRight, ref float sums, nint nextSums, ref float result, nint columns)
    {
        for (int row = 0; row < left.Rows; row++)
        {
            ReadOnlySpan<int> units = left.UnitsOf(row, part);
            ReadOnlySpan<float> values = left.ValuesOf(row, part);
            ref float before = ref Unsafe.Add(ref sums, row * nextSums);
            // two sums of each column, since an addition takes longer than it takes to begin the next
            Vector512<float> a0 = Vector512.LoadUnsafe(ref before), a1 = Vector512.LoadUnsafe(ref before, Lanes), a2 = Vector512.LoadUnsafe(ref before, 2 * Lanes), a3 = Vector512.LoadUnsafe(ref before, 3 * Lanes);
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
            int i = 0;
            for (; i < units.Length - 1; i += 2)
            {
                AddScaled(ref Unsafe.Add(ref right, units[i] * nextRight), values[i], ref a0, ref a1, ref a2, ref a3);
                AddScaled(ref Unsafe.Add(ref right, units[i + 1] * nextRight), values[i + 1], ref b0, ref b1, ref b2, ref b3);
            }
            if (i < units.Length) AddScaled(ref Unsafe.Add(ref right, units[i] * nextRight), values[i], ref a0, ref a1, ref a2, ref a3);
            ref float to = ref Unsafe.Add(ref result, row * columns);
            (a0 + b0).StoreUnsafe(ref to);
            (a1 + b1).StoreUnsafe(ref to, Lanes);
            (a2 + b2).StoreUnsafe(ref to, 2 * Lanes);
            (a3 + b3).StoreUnsafe(ref to, 3 * Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(ref float values, float factor, ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
    {
        var scale = Vector512.Create(factor);
        a0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values), scale, a0);
        a1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, Lanes), scale, a1);
        a2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, 2 * Lanes), scale, a2);
        a3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, 3 * Lanes), scale, a3);
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

    // of each of the four, side by side
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Vector512<double> ab = (Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b)).AsDouble(), cd = (Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d)).AsDouble();
        var quarters = Avx512F.UnpackLow(ab, cd).AsSingle() + Avx512F.UnpackHigh(ab, cd).AsSingle();
        var half = quarters.GetLower() + quarters.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    private static void CheckLength(ReadOnlySpan<float> matrix, int rows, int columns) => Debug.Assert(matrix.Length >= (long)rows * columns);
}
