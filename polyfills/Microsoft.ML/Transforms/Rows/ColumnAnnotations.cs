namespace Microsoft.ML.Data;

/// <summary>The annotations that ML.NET's steps know, as they appear in schemas and in schema shapes.</summary>
internal static class ColumnAnnotations
{
    public const string SlotNames = "SlotNames";
    public const string KeyValues = "KeyValues";
    public const string IsNormalized = "IsNormalized";
    public const string CategoricalSlotRanges = "CategoricalSlotRanges";

    public static SchemaShape.Column SlotNamesShape => Shape(SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance);

    public static SchemaShape.Column IsNormalizedShape => Shape(IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance);

    public static SchemaShape.Column CategoricalSlotRangesShape =>
        Shape(CategoricalSlotRanges, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32);

    public static SchemaShape.Column Shape(string kind, SchemaShape.Column.VectorKind vector, DataViewType itemType) => new(kind, vector, itemType, false);

    public static bool HasSlotNames(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(SlotNames, out var names)
        && names.Kind == SchemaShape.Column.VectorKind.Vector && names.ItemType is TextDataViewType;

    public static bool IsMarkedNormalized(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(IsNormalized, out var mark)
        && mark.Kind == SchemaShape.Column.VectorKind.Scalar && mark.ItemType is BooleanDataViewType;

    public static bool HasCategoricalSlotRanges(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(CategoricalSlotRanges, out var ranges)
        && ranges.Kind == SchemaShape.Column.VectorKind.Vector && ranges.ItemType.Equals(NumberDataViewType.Int32);

    /// <summary>The annotations of the column that those kinds name, as a shape.</summary>
    public static List<SchemaShape.Column> Keep(this SchemaShape.Column column, params string[] kinds) =>
        [.. column.Annotations.Where(annotation => kinds.Contains(annotation.Name))];

    /// <summary>The slot names, or null if the column has none for all its slots.</summary>
    public static string[] SlotNamesOrNull(this DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector
            || column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is not VectorDataViewType names
            || names.Size != vector.Size || names.ItemType is not TextDataViewType)
            return null;
        var buffer = default(VBuffer<ReadOnlyMemory<char>>);
        column.Annotations.GetValue(SlotNames, ref buffer);
        return [.. buffer.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>First and last slot of each group of slots that stand for one category, or null if there are none.</summary>
    public static int[] CategoricalSlotRangesOrNull(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(CategoricalSlotRanges)?.Type is not VectorDataViewType ranges
            || !ranges.ItemType.Equals(NumberDataViewType.Int32))
            return null;
        var buffer = default(VBuffer<int>);
        column.Annotations.GetValue(CategoricalSlotRanges, ref buffer);
        return buffer.Length > 0 && buffer.Length % 2 == 0 ? [.. buffer.DenseValues()] : null;
    }

    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, IEnumerable<string> names) =>
        builder.AddVector(SlotNames, TextDataViewType.Instance, [.. names.Select(name => name.AsMemory())]);

    public static void AddIsNormalized(this DataViewSchema.Annotations.Builder builder) =>
        builder.AddPrimitiveValue(IsNormalized, BooleanDataViewType.Instance, true);

    public static void AddVector<T>(this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType itemType, T[] values) =>
        builder.Add(kind, new VectorDataViewType(itemType, values.Length),
            (ref VBuffer<T> value) => new VBuffer<T>(values.Length, values).CopyTo(ref value));
}
