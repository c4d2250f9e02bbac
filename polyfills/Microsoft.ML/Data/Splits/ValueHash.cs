using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>A hash of the value of a column that is the same in every process; for a vector one of all values together.</summary>
internal static class ValueHash
{
    public static Func<ulong> Reader(DataViewRow row, DataViewSchema.Column column, uint seed)
    {
        bool isVector = column.Type is VectorDataViewType;
        if (column.Type.ItemType() is TextDataViewType)
            return isVector ? OfVector<ReadOnlyMemory<char>>(row, column, seed, OfText) : OfScalar<ReadOnlyMemory<char>>(row, column, seed, OfText);
        return (Func<ulong>)typeof(ValueHash).GetMethod(nameof(OfNumbers), BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column, seed], null);
    }

    private static Func<ulong> OfNumbers<T>(DataViewRow row, DataViewSchema.Column column, uint seed)
        where T : struct
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            throw new NotSupportedException($"Rows can't be split by column '{column.Name}' of type {column.Type}.");
        return column.Type is VectorDataViewType ? OfVector<T>(row, column, seed, OfBytes) : OfScalar<T>(row, column, seed, OfBytes);
    }

    private static Func<ulong> OfScalar<T>(DataViewRow row, DataViewSchema.Column column, uint seed, Func<ulong, T, ulong> hash)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return Finish(hash(seed, value));
        };
    }

    private static Func<ulong> OfVector<T>(DataViewRow row, DataViewSchema.Column column, uint seed, Func<ulong, T, ulong> hash)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default, dense = default;
        return () =>
        {
            getter(ref vector);
            vector.CopyToDense(ref dense);
            ulong state = seed;
            foreach (var value in dense.GetValues())
                state = hash(state, value);
            return Finish(state);
        };
    }

    private static ulong OfText(ulong state, ReadOnlyMemory<char> text)
    {
        foreach (char c in text.Span)
            state = Mix(state, c);
        return Mix(state, (ulong)text.Length);
    }

    private static ulong OfBytes<T>(ulong state, T value)
        where T : struct
    {
        foreach (byte b in MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)))
            state = Mix(state, b);
        return state;
    }

    private static ulong Mix(ulong state, ulong value) => BitOperations.RotateLeft((state ^ value) * 0x9E3779B97F4A7C15, 29);

    // spreads every bit over all others (the finalizer of MurmurHash3)
    private static ulong Finish(ulong state)
    {
        state = (state ^ (state >> 33)) * 0xff51afd7ed558ccd;
        state = (state ^ (state >> 33)) * 0xc4ceb9fe1a85ec53;
        return state ^ (state >> 33);
    }
}
