using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a number or a key as a double.</summary>
internal static class ColumnFraction
{
    public static bool Supports(DataViewType type) => type == NumberDataViewType.Single || type == NumberDataViewType.Double || type is KeyDataViewType;

    /// <summary>What reads the column: the number itself, or the middle of the key's share of [0, 1]; NaN for a missing key.</summary>
    public static Func<double> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType key)
        {
            var read = KeyReader(row, column);
            return () => read() is var k && 0 < k && k <= key.Count ? (k - 0.5) / key.Count : double.NaN;
        }
        if (column.Type == NumberDataViewType.Single)
        {
            var getter = row.GetGetter<float>(column);
            float value = 0;
            return () => { getter(ref value); return value; };
        }
        Contracts.Check(column.Type == NumberDataViewType.Double, $"Column '{column.Name}' does not have compatible type");
        var doubles = row.GetGetter<double>(column);
        double number = 0;
        return () => { doubles(ref number); return number; };
    }

    /// <summary>What reads a key, whatever holds it.</summary>
    public static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(uint))
            return Widened(row.GetGetter<uint>(column), static v => v);
        if (column.Type.RawType == typeof(ulong))
            return Widened(row.GetGetter<ulong>(column), static v => v);
        return column.Type.RawType == typeof(ushort)
            ? Widened(row.GetGetter<ushort>(column), static v => v)
            : Widened(row.GetGetter<byte>(column), static v => v);
    }

    private static Func<ulong> Widened<T>(ValueGetter<T> getter, Func<T, ulong> widen)
    {
        T value = default;
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }
}
