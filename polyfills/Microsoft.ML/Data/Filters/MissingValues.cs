using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Tells whether a value is missing: NaN, or key 0. The other types have no missing value.</summary>
internal static class MissingValues
{
    public static bool HasMissing(DataViewType type) => ColumnFraction.Supports(type.ItemType());

    /// <summary>What tests the value of a column, for a vector all of them.</summary>
    public static Func<bool> Test(DataViewRow row, DataViewSchema.Column column)
        => (Func<bool>)typeof(MissingValues).GetMethod(column.Type is VectorDataViewType ? nameof(TestVector) : nameof(TestScalar), BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column], null);

    // NaN is the one number that doesn't equal itself, and a key has no NaN; its missing value is the default
    private static Func<T, bool> IsMissing<T>(DataViewType itemType)
        where T : struct, IEquatable<T>, System.Numerics.INumberBase<T>
        => itemType is KeyDataViewType ? static value => T.IsZero(value) : static value => T.IsNaN(value);

    private static Func<bool> TestScalar<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, IEquatable<T>, System.Numerics.INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        var isMissing = IsMissing<T>(column.Type);
        T value = default;
        return () =>
        {
            getter(ref value);
            return isMissing(value);
        };
    }

    private static Func<bool> TestVector<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, IEquatable<T>, System.Numerics.INumberBase<T>
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var isMissing = IsMissing<T>(column.Type.ItemType());
        bool keys = column.Type.ItemType() is KeyDataViewType;
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            if (keys && !vector.IsDense)
                return true; // what a sparse vector leaves out is 0
            foreach (var value in vector.GetValues())
                if (isMissing(value))
                    return true;
            return false;
        };
    }
}
