using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Splits the rows in two.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">The share of the test set, between 0 and 1.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values shall not be separated.</param>
    /// <param name="seed">The seed; null for that of the context.</param>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(0 < testFraction && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var splitter = new RowSplitter(Environment, data, samplingKeyColumnName, seed);
        return new(splitter.Part(0, testFraction, complement: true), splitter.Part(0, testFraction, complement: false));
    }

    /// <summary>Splits the rows in folds: each is the test set once, with all others as its training set.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values shall not be separated.</param>
    /// <param name="seed">The seed; null for that of the context.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
        => CrossValidationSplit(Environment, data, numberOfFolds, samplingKeyColumnName, seed);

    internal static TrainTestData[] CrossValidationSplit(IHostEnvironment env, IDataView data, int numberOfFolds, string samplingKeyColumnName, int? seed)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var splitter = new RowSplitter(env, data, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => splitter.Fold(fold, numberOfFolds))];
    }

    /// <summary>A training set and a test set.</summary>
    public struct TrainTestData
    {
        /// <summary>The rows to train with.</summary>
        public readonly IDataView TrainSet;

        /// <summary>The rows to test with.</summary>
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
