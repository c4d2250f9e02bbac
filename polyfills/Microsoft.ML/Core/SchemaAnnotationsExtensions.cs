namespace Microsoft.ML.Data;

/// <summary>Reads the usual annotations of a column.</summary>
public static class SchemaAnnotationsExtensions
{
    /// <summary>Whether a normaliser made the column.</summary>
    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("IsNormalized")?.Type is not BooleanDataViewType)
            return false;
        bool value = false;
        column.Annotations.GetValue("IsNormalized", ref value);
        return value;
    }

    /// <summary>Whether there is a name for each slot of the vector.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column)
        => column.Type is VectorDataViewType { IsKnownSize: true } vector
            && column.Annotations.Schema.GetColumnOrNull("SlotNames")?.Type is VectorDataViewType names
            && names.Size == vector.Size && names.ItemType is TextDataViewType;

    /// <summary>The names of the slots of the vector.</summary>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
        => column.Annotations.GetValue("SlotNames", ref slotNames);

    /// <summary>Whether there is a value for each key, of that type; null asks for text.</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null)
        => column.Type.ItemType() is KeyDataViewType key
            && column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values
            && (ulong)values.Size == key.Count && values.ItemType.Equals(keyValueItemType ?? TextDataViewType.Instance);

    /// <summary>The values that the keys stand for, in their order.</summary>
    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues)
        => column.Annotations.GetValue("KeyValues", ref keyValues);
}
