using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that make other types and keys.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Converts a column to another type.</summary>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null, DataKind outputKind = DataKind.Single) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), outputKind);

    /// <summary>The same for several columns.</summary>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        DataKind outputKind = DataKind.Single) => new(catalog.GetEnvironment(), ColumnPairs.Of(columns), outputKind);

    /// <summary>Replaces keys by the values that they stand for.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>The same for several columns.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns));

    /// <summary>Makes a vector of a key: one at the slot of the key, zero elsewhere.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null, bool outputCountVector = false) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), outputCountVector);

    /// <summary>The same for several columns.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        bool outputCountVector = false) => new(catalog.GetEnvironment(), ColumnPairs.Of(columns), outputCountVector);

    /// <summary>Gives each different value a key.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null,
        int maximumNumberOfKeys = 1000000, ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>The same for several columns.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = 1000000, ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);
}
