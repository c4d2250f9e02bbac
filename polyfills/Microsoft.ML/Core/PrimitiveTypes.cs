namespace Microsoft.ML.Data;

/// <summary>The primitive types by the .NET type and by the <see cref="DataKind"/> of their values.</summary>
internal static class PrimitiveTypes
{
    private static readonly (DataKind Kind, PrimitiveDataViewType Type)[] All =
    [
        (DataKind.SByte, NumberDataViewType.SByte), (DataKind.Byte, NumberDataViewType.Byte),
        (DataKind.Int16, NumberDataViewType.Int16), (DataKind.UInt16, NumberDataViewType.UInt16),
        (DataKind.Int32, NumberDataViewType.Int32), (DataKind.UInt32, NumberDataViewType.UInt32),
        (DataKind.Int64, NumberDataViewType.Int64), (DataKind.UInt64, NumberDataViewType.UInt64),
        (DataKind.Single, NumberDataViewType.Single), (DataKind.Double, NumberDataViewType.Double),
        (DataKind.String, TextDataViewType.Instance), (DataKind.Boolean, BooleanDataViewType.Instance),
        (DataKind.TimeSpan, TimeSpanDataViewType.Instance), (DataKind.DateTime, DateTimeDataViewType.Instance),
        (DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    ];

    public static PrimitiveDataViewType OrNull(Type rawType)
        => rawType == typeof(string) ? TextDataViewType.Instance
            : rawType == typeof(DataViewRowId) ? RowIdDataViewType.Instance
            : Array.Find(All, pair => pair.Type.RawType == rawType).Type;

    public static PrimitiveDataViewType Of(Type rawType)
        => OrNull(rawType) ?? throw new NotSupportedException($"No column type holds values of type {rawType}.");

    public static PrimitiveDataViewType Of(DataKind kind)
        => Array.Find(All, pair => pair.Kind == kind).Type ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of data.");

    public static DataKind? KindOf(DataViewType type)
    {
        var found = Array.Find(All, pair => pair.Type.RawType == type.RawType);
        return found.Type == null ? null : found.Kind;
    }

    /// <summary>The type of one value of a column: the items of a vector, else the type itself.</summary>
    public static DataViewType ItemType(this DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;

    /// <summary>The number of values per row: 1 for a scalar, 0 for a vector of unknown size.</summary>
    public static int ValueCount(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 1;
}
