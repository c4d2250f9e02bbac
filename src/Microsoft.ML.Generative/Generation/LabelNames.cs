using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Generation;

/// <summary>What people call the values of a label column: the value behind a key, the value itself otherwise.</summary>
internal static class LabelNames
{
    public static string Of(DataViewSchema.Column column, object value) =>
        column.Type is KeyDataViewType && column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType names
            ? KeyName(column, names.ItemType.RawType, Convert.ToInt32(value, CultureInfo.InvariantCulture))
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string KeyName(DataViewSchema.Column column, Type type, int key)
    {
        var read = typeof(LabelNames).GetMethod(nameof(ReadKeyName), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (string)read.MakeGenericMethod(type).Invoke(null, [column, key])!;
    }

    private static string ReadKeyName<T>(DataViewSchema.Column column, int key)
    {
        VBuffer<T> names = default;
        column.GetKeyValues(ref names);
        return Convert.ToString(names.GetItemOrDefault(key - 1), CultureInfo.InvariantCulture)!;
    }
}
