namespace Microsoft.ML.Data;

/// <summary>The annotations that tell which columns a scorer made, and what each of them is.</summary>
internal static class ScoreAnnotations
{
    private const string SetId = "ScoreColumnSetId";
    private const string ColumnKind = "ScoreColumnKind";
    private const string ValueKind = "ScoreValueKind";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    public const string TrainingLabelValues = "TrainingLabelValues";

    public static IEnumerable<SchemaShape.Column> Shapes(bool isNormalized = false)
    {
        yield return new(SetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true);
        yield return new(ColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false);
        yield return new(ValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false);
        if (isNormalized) yield return ColumnAnnotations.IsNormalizedShape;
    }

    /// <summary>One more than the largest number of any set of score columns in the schema.</summary>
    public static uint NextSetId(DataViewSchema schema)
    {
        uint largest = 0, value = 0;
        foreach (var column in schema)
            if (column.Annotations.Schema.GetColumnOrNull(SetId)?.Type is KeyDataViewType key && key.RawType == typeof(uint))
            {
                column.Annotations.GetValue(SetId, ref value);
                largest = Math.Max(largest, value);
            }
        return largest + 1;
    }

    public static DataViewSchema.Annotations.Builder Add(this DataViewSchema.Annotations.Builder builder, uint setId, string columnKind, string valueKind)
    {
        builder.AddPrimitiveValue(SetId, SetIdType, setId);
        builder.AddPrimitiveValue(ColumnKind, TextDataViewType.Instance, columnKind.AsMemory());
        builder.AddPrimitiveValue(ValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return builder;
    }
}
