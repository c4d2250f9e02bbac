using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The values of one column.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of one column; text also as strings, vectors also as arrays. Nothing is read before they are enumerated.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    /// <summary>The values of one column; text also as strings, vectors also as arrays. Nothing is read before they are enumerated.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        Contracts.CheckParam(column.Index < data.Schema.Count && data.Schema[column.Index].Name == column.Name && data.Schema[column.Index].Type == column.Type,
            nameof(column), $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");

        var raw = column.Type.RawType;
        if (raw == typeof(T))
            return Values(data, column, (T value) => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values(data, column, (ReadOnlyMemory<char> text) => text.ToString());
        if (typeof(T) == typeof(string[]) && column.Type.ItemType() is TextDataViewType && column.Type is VectorDataViewType)
            return (IEnumerable<T>)Values(data, column, (VBuffer<ReadOnlyMemory<char>> texts) => texts.DenseValues().Select(text => text.ToString()).ToArray());
        if (typeof(T).IsArray && raw == typeof(VBuffer<>).MakeGenericType(typeof(T).GetElementType()))
            return (IEnumerable<T>)typeof(ColumnCursorExtensions).GetMethod(nameof(Arrays), BindingFlags.Static | BindingFlags.NonPublic)
                .MakeGenericMethod(typeof(T).GetElementType()).Invoke(null, [data, column]);
        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column)
        => Values(data, column, (VBuffer<T> vector) =>
        {
            var array = new T[vector.Length];
            vector.CopyTo(array);
            return array;
        });

    private static IEnumerable<TOut> Values<TIn, TOut>(IDataView data, DataViewSchema.Column column, Func<TIn, TOut> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TIn>(column);
        TIn value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return convert(value);
        }
    }
}
