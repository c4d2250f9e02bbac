using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that rearrange columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Joins columns of one item type, scalars and vectors, into one vector.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnNames);

    /// <summary>Copies a column under another name.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName);

    /// <summary>Drops columns.</summary>
    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(catalog.GetEnvironment(), columnNames, keep: false, keepHidden: false);

    /// <summary>Keeps columns, in the order given.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(catalog.GetEnvironment(), columnNames, keep: true, keepHidden: false);

    /// <summary>Keeps columns, in the order given, and, if wanted, those of the same name that they hide.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, string[] columnNames, bool keepHidden) =>
        new(catalog.GetEnvironment(), columnNames, keep: true, keepHidden);
}
