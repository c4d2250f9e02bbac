using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Generative.Networks;
using TorchSharp;

namespace Microsoft.ML.Generative;

/// <summary>What a step of learning computes for binary units, in the processor's 512-bit registers. What is on the right passes by once for all rows, a block at a time that stays in the cache.</summary>
internal static class RbmKernels
{
    private const int Block = 64, Lanes = 16;

    // what is on the right of two words: a part of a block that stays in the first cache
    private const int PartUnits = 2 * BinaryRows.WordUnits;

    /// <summary>Columns of a product are computed in blocks of 64, of which the last has the rest, too.</summary>
    public static int Blocks(int columns) => Math.Max(1, columns / Block);

    /// <summary>Some blocks of factors·startᵀ + left·right.</summary>
    /// <param name="left">(rows, inner)</param>
    /// <param name="right">(inner, columns), or (columns, inner) if <paramref name="isTransposed"/>.</param>
    /// <param name="start">(columns,)</param>
    /// <param name="factors">(rows,); empty if all are 1.</param>
    /// <param name="result">(rows, columns)</param>
    public static void Product(BinaryRows left, ReadOnlySpan<float> right, bool isTransposed, ReadOnlySpan<float> start, ReadOnlySpan<float> factors, Span<float> result, int fromBlock, int toBlock)
    {
        int columns = start.Length, inner = left.Units, end = toBlock == Blocks(columns) ? columns : toBlock * Block;
        CheckLength(right, inner, columns);
        CheckLength(result, left.Rows, columns);
        if (columns < Block)
        {
            var whole = new float[left.Rows * Block];
            Product(left, isTransposed ? Widened(right, 1, columns * inner, Block * inner) : Widened(right, inner, columns, Block), isTransposed, Widened(start, 1, columns, Block), factors, whole, 0, 1);
            for (int row = 0; row < left.Rows; row++) whole.AsSpan(row * Block, columns).CopyTo(result[(row * columns)..]);
            return;
        }
        // registers that lie across two lines of the cache take twice as long to load, and libtorch's memory begins with a line
        using var memory = torch.empty(PartUnits, Block);
        var panel = MemoryMarshal.Cast<byte, float>(memory.bytes);
        float one = 1;
        for (int block = fromBlock * Block; block < end; block += Block)
        {
            int column = Math.Min(block, columns - Block);   // the rest goes over columns of the block before it again
            for (int from = 0; from < inner; from += PartUnits)
            {
                int units = Math.Min(inner - from, PartUnits);
                if (isTransposed) Transposition.Apply(right[(column * inner + from)..], Block, units, inner, panel, Block);
                else for (int i = 0; i < units; i++) right.Slice((from + i) * columns + column, Block).CopyTo(panel[(i * Block)..]);
                if (from > 0) Add(left, from, panel, ref one, 0, ref result[column], columns, ref result[column], columns);
                else if (factors.IsEmpty) Add(left, from, panel, ref one, 0, ref Unsafe.AsRef(in start[column]), 0, ref result[column], columns);
                else Add(left, from, panel, ref Unsafe.AsRef(in factors[0]), 1, ref Unsafe.AsRef(in start[column]), 0, ref result[column], columns);
            }
        }
    }

    private static float[] Widened(ReadOnlySpan<float> matrix, int rows, int width, int newWidth)
    {
        var widened = new float[rows * newWidth];
        for (int row = 0; row < rows; row++) matrix.Slice(row * width, width).CopyTo(widened.AsSpan(row * newWidth));
        return widened;
    }

    // Some units of the rows on the left times the panel, added to the factors times what stands before; the next rows of each are so many numbers further on.
    // On its own, since within what calls it the compiler runs out of what it is ready to inline; and optimised at once, since what it compiles first is very slow.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add(BinaryRows left, int from, ReadOnlySpan<float> panel, ref float factor, nint nextFactor, ref float before, nint nextBefore, ref float result, nint nextResult)
    {
        ref ulong words = ref Unsafe.Add(ref MemoryMarshal.GetReference(left.Words), from / BinaryRows.WordUnits);
        ref float firstPanel = ref MemoryMarshal.GetReference(panel), secondPanel = ref Unsafe.Add(ref firstPanel, BinaryRows.WordUnits * Block);
        int rowWords = left.RowWords;
        for (int rows = left.Rows; rows > 0; rows--)
        {
            var scale = Vector512.Create(factor);
            // the sums of each word on their own, since an addition takes longer than it takes to begin the next
            Vector512<float> a0 = Vector512.LoadUnsafe(ref before) * scale, a1 = Vector512.LoadUnsafe(ref before, Lanes) * scale, a2 = Vector512.LoadUnsafe(ref before, 2 * Lanes) * scale, a3 = Vector512.LoadUnsafe(ref before, 3 * Lanes) * scale;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
            ulong first = words, second = Unsafe.Add(ref words, 1);
            while (first != 0 && second != 0)
            {
                AddLowest(ref first, ref firstPanel, ref a0, ref a1, ref a2, ref a3);
                AddLowest(ref second, ref secondPanel, ref b0, ref b1, ref b2, ref b3);
            }
            while (first != 0) AddLowest(ref first, ref firstPanel, ref a0, ref a1, ref a2, ref a3);
            while (second != 0) AddLowest(ref second, ref secondPanel, ref b0, ref b1, ref b2, ref b3);
            (a0 + b0).StoreUnsafe(ref result);
            (a1 + b1).StoreUnsafe(ref result, Lanes);
            (a2 + b2).StoreUnsafe(ref result, 2 * Lanes);
            (a3 + b3).StoreUnsafe(ref result, 3 * Lanes);
            words = ref Unsafe.Add(ref words, rowWords);
            factor = ref Unsafe.Add(ref factor, nextFactor);
            before = ref Unsafe.Add(ref before, nextBefore);
            result = ref Unsafe.Add(ref result, nextResult);
        }
    }

    // takes the lowest bit from the word
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLowest(ref ulong word, ref float panel, ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3)
    {
        ref float numbers = ref Unsafe.Add(ref panel, BitOperations.TrailingZeroCount(word) * Block);
        word &= word - 1;
        a0 += Vector512.LoadUnsafe(ref numbers);
        a1 += Vector512.LoadUnsafe(ref numbers, Lanes);
        a2 += Vector512.LoadUnsafe(ref numbers, 2 * Lanes);
        a3 += Vector512.LoadUnsafe(ref numbers, 3 * Lanes);
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

    private static void CheckLength(ReadOnlySpan<float> matrix, int rows, int columns) => Debug.Assert(matrix.Length >= (long)rows * columns);
}
