using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Generative;

/// <summary>Transposes matrices in blocks of 16 by 16, in the processor's 512-bit registers.</summary>
internal static class Transposition
{
    private const int Lanes = 16;

    /// <param name="from">(rows, columns), the next of whose rows is <paramref name="nextFrom"/> numbers further on.</param>
    /// <param name="to">(columns, rows), the same with <paramref name="nextTo"/>.</param>
    public static void Apply(ReadOnlySpan<float> from, int rows, int columns, int nextFrom, Span<float> to, int nextTo)
    {
        if (rows < Lanes || columns < Lanes)
        {
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++) to[column * nextTo + row] = from[row * nextFrom + column];
            return;
        }
        ref float source = ref MemoryMarshal.GetReference(from[..((rows - 1) * nextFrom + columns)]);
        ref float target = ref MemoryMarshal.GetReference(to[..((columns - 1) * nextTo + rows)]);
        for (int nextColumn = 0; nextColumn < columns; nextColumn += Lanes)
            for (int nextRow = 0; nextRow < rows; nextRow += Lanes)
            {
                // the last blocks go over what has been done
                int row = Math.Min(nextRow, rows - Lanes), column = Math.Min(nextColumn, columns - Lanes);
                Block(ref Unsafe.Add(ref source, row * nextFrom + column), nextFrom, ref Unsafe.Add(ref target, column * nextTo + row), nextTo);
            }
    }

    // on its own: within what calls it, the compiler may run out of what it is ready to inline
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Block(ref float from, nint columns, ref float to, nint rows)
    {
        var (a0, a1, a2, a3) = Quarters(ref from, columns);
        var (b0, b1, b2, b3) = Quarters(ref Unsafe.Add(ref from, 4 * columns), columns);
        var (c0, c1, c2, c3) = Quarters(ref Unsafe.Add(ref from, 8 * columns), columns);
        var (d0, d1, d2, d3) = Quarters(ref Unsafe.Add(ref from, 12 * columns), columns);
        Join(a0, b0, c0, d0, ref to, rows);
        Join(a1, b1, c1, d1, ref Unsafe.Add(ref to, rows), rows);
        Join(a2, b2, c2, d2, ref Unsafe.Add(ref to, 2 * rows), rows);
        Join(a3, b3, c3, d3, ref Unsafe.Add(ref to, 3 * rows), rows);
    }

    // of four rows; register i has columns i, 4 + i, 8 + i and 12 + i, in 128 bits each
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Quarters(ref float from, nint columns)
    {
        Vector512<float> a = Vector512.LoadUnsafe(ref from), b = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, columns)),
            c = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 2 * columns)), d = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 3 * columns));
        Vector512<double> abLow = Avx512F.UnpackLow(a, b).AsDouble(), abHigh = Avx512F.UnpackHigh(a, b).AsDouble(), cdLow = Avx512F.UnpackLow(c, d).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        return (Avx512F.UnpackLow(abLow, cdLow).AsSingle(), Avx512F.UnpackHigh(abLow, cdLow).AsSingle(), Avx512F.UnpackLow(abHigh, cdHigh).AsSingle(), Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle());
    }

    // the quarters of all sixteen rows, a column for each 128 bits
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float to, nint rows)
    {
        const byte Even = 0b10_00_10_00, Odd = 0b11_01_11_01;
        Vector512<float> abEven = Avx512F.Shuffle4x128(a, b, Even), abOdd = Avx512F.Shuffle4x128(a, b, Odd), cdEven = Avx512F.Shuffle4x128(c, d, Even), cdOdd = Avx512F.Shuffle4x128(c, d, Odd);
        Avx512F.Shuffle4x128(abEven, cdEven, Even).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(abOdd, cdOdd, Even).StoreUnsafe(ref Unsafe.Add(ref to, 4 * rows));
        Avx512F.Shuffle4x128(abEven, cdEven, Odd).StoreUnsafe(ref Unsafe.Add(ref to, 8 * rows));
        Avx512F.Shuffle4x128(abOdd, cdOdd, Odd).StoreUnsafe(ref Unsafe.Add(ref to, 12 * rows));
    }
}
