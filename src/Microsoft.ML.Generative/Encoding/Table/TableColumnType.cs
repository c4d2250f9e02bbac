using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Which columns a table can have.</summary>
internal static class TableColumnType
{
    /// <summary>For estimators.</summary>
    public static readonly ColumnRequirement Requirement = new(
        "a text, a key, a Boolean, a number, a date, a span of time, or Vector<Single> of known size",
        "Convert it, or leave it out.",
        column => column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => column.IsKey || ScalarType.Of(column.ItemType) is not null,
            SchemaShape.Column.VectorKind.Vector => !column.IsKey && NumberDataViewType.Single.Equals(column.ItemType),
            _ => false,
        });

    /// <exception cref="ArgumentException">The column is missing, or of another type.</exception>
    public static void Require(DataViewSchema schema, string name) => SchemaShapes.Require(SchemaShapes.Of(schema), name, Requirement);
}
