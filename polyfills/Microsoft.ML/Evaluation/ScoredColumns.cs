namespace Microsoft.ML.Data;

/// <summary>The columns that an evaluator reads, looked up by name and checked.</summary>
internal static class ScoredColumns
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name)
        ?? throw new ArgumentOutOfRangeException(nameof(schema), $"{role} column '{name}' not found");

    public static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new("schema", $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");

    public static void CheckSingle(string role, DataViewSchema.Column column)
    {
        if (!column.Type.Equals(NumberDataViewType.Single)) throw Mismatch(role, column, "Single");
    }

    public static bool IsKey(DataViewType type, ulong count) => type is KeyDataViewType key && key.Count == count;

    /// <summary>A label as a number: true is 1, a key is its value less one, and NaN stands for a missing one.</summary>
    public static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.Equals(NumberDataViewType.Single)) return row.GetGetter<float>(column);
        if (column.Type.Equals(NumberDataViewType.Double)) return Convert<double>(row, column, value => (float)value);
        if (column.Type is BooleanDataViewType) return Convert<bool>(row, column, value => value ? 1 : 0);
        if (column.Type is KeyDataViewType key)
        {
            if (key.RawType == typeof(byte)) return Convert<byte>(row, column, value => FromKey(value, key.Count));
            if (key.RawType == typeof(ushort)) return Convert<ushort>(row, column, value => FromKey(value, key.Count));
            if (key.RawType == typeof(uint)) return Convert<uint>(row, column, value => FromKey(value, key.Count));
            return Convert<ulong>(row, column, value => FromKey(value, key.Count));
        }
        throw new InvalidOperationException("Only floating point number, boolean, and key type values can be used as label.");
    }

    private static float FromKey(ulong value, ulong count) => value == 0 || value > count ? float.NaN : value - 1;

    private static ValueGetter<float> Convert<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert)
    {
        var getter = row.GetGetter<T>(column);
        T source = default;
        return (ref float value) =>
        {
            getter(ref source);
            value = convert(source);
        };
    }
}
