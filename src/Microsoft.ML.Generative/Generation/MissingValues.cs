using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Getters of columns that a model knows nothing about: NaN for Single and Double, the missing key, an empty text, false, 0.</summary>
internal static class MissingValues
{
    public static ValueGetter<TValue> CreateGetter<TValue>(DataViewType type)
    {
        if (type is not VectorDataViewType vector)
        {
            var missing = Missing<TValue>();
            return (ref TValue value) => value = missing;
        }
        var create = typeof(MissingValues).GetMethod(nameof(CreateVectorGetter), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (ValueGetter<TValue>)create.MakeGenericMethod(vector.ItemType.RawType).Invoke(null, [vector.Size])!;
    }

    private static ValueGetter<VBuffer<TItem>> CreateVectorGetter<TItem>(int size)
    {
        var missing = Missing<TItem>();
        bool isDefault = EqualityComparer<TItem>.Default.Equals(missing, default);
        return (ref VBuffer<TItem> value) =>
        {
            var editor = VBufferEditor.Create(ref value, size, isDefault ? 0 : size);   // without values it is sparse: defaults all through
            editor.Values.Fill(missing);
            value = editor.Commit();
        };
    }

    private static T Missing<T>() =>
        typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default!;
}
