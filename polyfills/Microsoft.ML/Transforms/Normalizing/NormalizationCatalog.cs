using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that bring columns to one scale.</summary>
public static class NormalizationCatalog
{
    private const long Limit = 1000000000;

    /// <summary>Unit mean square with zero untouched; with <paramref name="fixZero"/> false zero mean and unit variance.</summary>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = Limit, bool fixZero = true, bool useCdf = false) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, new MeanVarianceMethod(fixZero, useCdf, UseLog: false));

    /// <summary>The same for several columns.</summary>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = Limit, bool fixZero = true, bool useCdf = false) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), maximumExampleCount, new MeanVarianceMethod(fixZero, useCdf, UseLog: false));

    /// <summary>Mean and variance of the logarithm; values that have none become zero or NaN.</summary>
    public static NormalizingEstimator NormalizeLogMeanVariance(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = Limit, bool useCdf = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, new MeanVarianceMethod(FixZero: false, useCdf, UseLog: true));

    /// <summary>The same for several columns.</summary>
    public static NormalizingEstimator NormalizeLogMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = Limit, bool useCdf = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), maximumExampleCount, new MeanVarianceMethod(FixZero: false, useCdf, UseLog: true));

    /// <summary>The largest magnitude becomes 1 with zero untouched; with <paramref name="fixZero"/> false from 0 to 1.</summary>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = Limit, bool fixZero = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, new MinMaxMethod(fixZero));

    /// <summary>The same for several columns.</summary>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = Limit, bool fixZero = true) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), maximumExampleCount, new MinMaxMethod(fixZero));

    /// <summary>The median becomes zero, and the range is divided by a share of itself.</summary>
    public static NormalizingEstimator NormalizeRobustScaling(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = Limit, bool centerData = true, uint quantileMin = 25, uint quantileMax = 75) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, new RobustScalingMethod(centerData, quantileMin, quantileMax));

    /// <summary>The same for several columns.</summary>
    public static NormalizingEstimator NormalizeRobustScaling(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = Limit, bool centerData = true, uint quantileMin = 25, uint quantileMax = 75) =>
        new(catalog.GetEnvironment(), ColumnPairs.Of(columns), maximumExampleCount, new RobustScalingMethod(centerData, quantileMin, quantileMax));
}
