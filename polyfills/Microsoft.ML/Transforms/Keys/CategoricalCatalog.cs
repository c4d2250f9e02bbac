using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that make vectors of categories.</summary>
public static class CategoricalCatalog
{
    /// <summary>A vector with a one for each value.</summary>
    public static OneHotEncodingEstimator OneHotEncoding(this TransformsCatalog.CategoricalTransforms catalog, string outputColumnName,
        string inputColumnName = null, OneHotEncodingEstimator.OutputKind outputKind = OneHotEncodingEstimator.OutputKind.Indicator,
        int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, IDataView keyData = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), outputKind, maximumNumberOfKeys, keyOrdinality, keyData);

    /// <summary>The same for several columns.</summary>
    public static OneHotEncodingEstimator OneHotEncoding(this TransformsCatalog.CategoricalTransforms catalog, InputOutputColumnPair[] columns,
        OneHotEncodingEstimator.OutputKind outputKind = OneHotEncodingEstimator.OutputKind.Indicator, int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, IDataView keyData = null) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), outputKind, maximumNumberOfKeys, keyOrdinality, keyData);
}
