namespace Microsoft.ML.Data;

internal static class SchemaShapes
{
    /// <summary>The shape with columns added; one of the same name takes the place of the old one.</summary>
    public static SchemaShape With(this SchemaShape shape, params SchemaShape.Column[] added)
    {
        var columns = shape.ToDictionary(column => column.Name);
        foreach (var column in added) columns[column.Name] = column;
        return new(columns.Values);
    }
}
