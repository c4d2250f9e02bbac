using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which columns a cursor was asked for.</summary>
internal static class ActiveColumns
{
    public static bool[] MaskOf(this DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var mask = new bool[schema.Count];
        foreach (var column in Contracts.CheckValue(columns, nameof(columns)))
        {
            Contracts.CheckParam(column.Index < mask.Length, nameof(columns), $"Column '{column.Name}' is not one of this view.");
            mask[column.Index] = true;
        }
        return mask;
    }

    public static IEnumerable<DataViewSchema.Column> Where(this DataViewSchema schema, bool[] mask) => schema.Where(column => mask[column.Index]);

    /// <summary>The getter as one of the type asked for.</summary>
    public static ValueGetter<TValue> As<TValue>(Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");

    public static Exception Inactive(DataViewSchema.Column column)
        => Contracts.ExceptParam(nameof(column), $"requested column '{column.Name}' is not active");

    /// <summary>A getter made for the raw type of a column that is known at run time only.</summary>
    public static Delegate GetterOf(this DataViewRow row, DataViewSchema.Column column)
        => (Delegate)GetGetter.MakeGenericMethod(column.Type.RawType).Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [row, column], null);

    private static readonly System.Reflection.MethodInfo GetGetter = typeof(ActiveColumns).GetMethod(nameof(GetGetterOf),
        System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic);

    private static ValueGetter<TValue> GetGetterOf<TValue>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<TValue>(column);
}
