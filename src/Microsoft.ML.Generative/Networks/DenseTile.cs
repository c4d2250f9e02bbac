using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The product at the heart of a dense layer, of a size at which all sums stay in the processor's 32 registers: 8 outputs for 32 rows. Rows lie side by side, feature by
/// feature, so that whole registers are read and written and a weight is one number for all of them.</summary>
internal static class DenseTile
{
    public const int Rows = 32;
    public const int Outputs = 8;

    /// <param name="x">(inputs, rows)</param>
    /// <param name="weights">(inputs, outputs)</param>
    /// <param name="bias">(outputs,)</param>
    /// <param name="y">(outputs, rows)</param>
    public static void Compute(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, weights.Length / Outputs * Rows);
        Compute<AllOfThem>(x, [], weights, bias, y);
    }

    /// <summary>The same of some of the inputs.</summary>
    /// <param name="x">(all inputs, rows)</param>
    /// <param name="places">(inputs,) which of all inputs each of them is.</param>
    public static void Compute(ReadOnlySpan<float> x, ReadOnlySpan<int> places, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(places.Length, weights.Length / Outputs);
        foreach (int place in places) ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)place, (uint)(x.Length / Rows - 1));
        Compute<SomeOfThem>(x, places, weights, bias, y);
    }

    private static void Compute<TInputs>(ReadOnlySpan<float> x, ReadOnlySpan<int> places, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y) where TInputs : IInputs
    {
        int inputs = weights.Length / Outputs;
        ArgumentOutOfRangeException.ThrowIfLessThan(bias.Length, Outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, Outputs * Rows);

        ref float start = ref MemoryMarshal.GetReference(x);
        ref int place = ref MemoryMarshal.GetReference(places);
        ref float weight = ref MemoryMarshal.GetReference(weights);
        Vector512<float> a0 = Vector512.Create(bias[0]), a1 = Vector512.Create(bias[1]), a2 = Vector512.Create(bias[2]), a3 = Vector512.Create(bias[3]),
            a4 = Vector512.Create(bias[4]), a5 = Vector512.Create(bias[5]), a6 = Vector512.Create(bias[6]), a7 = Vector512.Create(bias[7]);
        Vector512<float> b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5, b6 = a6, b7 = a7;   // a: the first 16 rows, b: the others
        for (int i = 0; i < inputs; i++)
        {
            ref float input = ref Unsafe.Add(ref start, TInputs.Place(i, ref place) * Rows);
            var (first, second) = (Vector512.LoadUnsafe(ref input), Vector512.LoadUnsafe(ref input, Rows / 2));
            var w = Vector512.Create(weight);
            (a0, b0) = (Vector512.FusedMultiplyAdd(first, w, a0), Vector512.FusedMultiplyAdd(second, w, b0));
            w = Vector512.Create(Unsafe.Add(ref weight, 1));
            (a1, b1) = (Vector512.FusedMultiplyAdd(first, w, a1), Vector512.FusedMultiplyAdd(second, w, b1));
            w = Vector512.Create(Unsafe.Add(ref weight, 2));
            (a2, b2) = (Vector512.FusedMultiplyAdd(first, w, a2), Vector512.FusedMultiplyAdd(second, w, b2));
            w = Vector512.Create(Unsafe.Add(ref weight, 3));
            (a3, b3) = (Vector512.FusedMultiplyAdd(first, w, a3), Vector512.FusedMultiplyAdd(second, w, b3));
            w = Vector512.Create(Unsafe.Add(ref weight, 4));
            (a4, b4) = (Vector512.FusedMultiplyAdd(first, w, a4), Vector512.FusedMultiplyAdd(second, w, b4));
            w = Vector512.Create(Unsafe.Add(ref weight, 5));
            (a5, b5) = (Vector512.FusedMultiplyAdd(first, w, a5), Vector512.FusedMultiplyAdd(second, w, b5));
            w = Vector512.Create(Unsafe.Add(ref weight, 6));
            (a6, b6) = (Vector512.FusedMultiplyAdd(first, w, a6), Vector512.FusedMultiplyAdd(second, w, b6));
            w = Vector512.Create(Unsafe.Add(ref weight, 7));
            (a7, b7) = (Vector512.FusedMultiplyAdd(first, w, a7), Vector512.FusedMultiplyAdd(second, w, b7));
            weight = ref Unsafe.Add(ref weight, Outputs);
        }

        ref float output = ref MemoryMarshal.GetReference(y);
        Store(a0, b0, ref output, 0);
        Store(a1, b1, ref output, 1);
        Store(a2, b2, ref output, 2);
        Store(a3, b3, ref output, 3);
        Store(a4, b4, ref output, 4);
        Store(a5, b5, ref output, 5);
        Store(a6, b6, ref output, 6);
        Store(a7, b7, ref output, 7);
    }

    private static void Store(Vector512<float> first, Vector512<float> second, ref float y, nuint output)
    {
        first.StoreUnsafe(ref y, output * Rows);
        second.StoreUnsafe(ref y, output * Rows + Rows / 2);
    }

    /// <summary>Rows as columns; those of fewer rows than a tile has are filled up with zeros.</summary>
    /// <param name="x">(rows, inputs)</param>
    /// <param name="columns">(inputs, rows of a tile)</param>
    public static void ToColumns(ReadOnlySpan<float> x, int rows, int inputs, Span<float> columns)
    {
        columns = columns[..(inputs * Rows)];
        if (rows < Rows) columns.Clear();
        for (int i = 0; i < inputs; i++)
        {
            var column = columns.Slice(i * Rows, rows);
            for (int row = 0; row < column.Length; row++) column[row] = x[row * inputs + i];
        }
    }

    private interface IInputs
    {
        static abstract nint Place(int input, ref int places);
    }

    private readonly struct AllOfThem : IInputs
    {
        public static nint Place(int input, ref int places) => input;
    }

    private readonly struct SomeOfThem : IInputs
    {
        public static nint Place(int input, ref int places) => Unsafe.Add(ref places, input);
    }
}
