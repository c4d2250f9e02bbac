using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that deal with missing values.</summary>
public static class ExtensionsCatalog
{
    /// <summary>Tells which values are missing.</summary>
    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>The same for several columns.</summary>
    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, InputOutputColumnPair[] columns) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns));

    /// <summary>Replaces missing values, in vectors with a value for each slot or for all.</summary>
    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.ReplacementMode.DefaultValue, bool imputeBySlot = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), replacementMode, imputeBySlot);

    /// <summary>The same for several columns.</summary>
    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.ReplacementMode.DefaultValue, bool imputeBySlot = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), replacementMode, imputeBySlot);
}
