using System.Globalization;
using System.Reflection;
using Microsoft.ML;

namespace MLGenerative.Bench.Data;

/// <summary>Values of single columns, whatever their type.</summary>
internal static class FieldText
{
    /// <summary>Gives the value of the current row as a file has it: a missing number is empty.</summary>
    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)typeof(FieldText).GetMethod(nameof(CreateReader), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    /// <summary>Reads all values once.</summary>
    /// <returns>The number of rows.</returns>
    public static long ReadThrough(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var consume = typeof(FieldText).GetMethod(nameof(CreateConsumer), BindingFlags.NonPublic | BindingFlags.Static)!;
        Action[] consumers = [.. view.Schema.Select(column => (Action)consume.MakeGenericMethod(column.Type.RawType).Invoke(null, [cursor, column])!)];
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
            foreach (var read in consumers) read();
        return rows;
    }

    private static Func<string> CreateReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value is double.NaN or float.NaN ? "" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        };
    }

    private static Action CreateConsumer<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () => getter(ref value);
    }
}
