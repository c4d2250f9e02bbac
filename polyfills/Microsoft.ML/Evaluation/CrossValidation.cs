using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>Fits the estimator anew on the training rows of each fold, and evaluates it on the others.</summary>
    private protected IReadOnlyList<CrossValidationResult<TMetrics>> CrossValidate<TMetrics>(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds, string labelColumnName, string samplingKeyColumnName, int? seed, Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        Contracts.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckParam(numberOfFolds > 1, "numFolds", "Must be more than 1");
        var results = new CrossValidationResult<TMetrics>[numberOfFolds];
        var folds = DataOperationsCatalog.CrossValidationSplit(Environment, data, numberOfFolds, samplingKeyColumnName, seed);
        for (int fold = 0; fold < numberOfFolds; fold++)
        {
            var model = estimator.Fit(folds[fold].TrainSet);
            var scored = model.Transform(folds[fold].TestSet);
            results[fold] = new(model, evaluate(scored), scored, fold);
        }
        return results;
    }

    /// <summary>One fold of a cross-validation.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        /// <summary>The quality on the rows that were held out.</summary>
        public readonly T Metrics;

        /// <summary>What was fitted to the other rows.</summary>
        public readonly ITransformer Model;

        /// <summary>The rows that were held out, scored.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The index of the fold.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }
}

public sealed partial class BinaryClassificationCatalog
{
    /// <summary>Cross-validation of an estimator that gives probabilities; rows with the same sampling key stay in one fold.</summary>
    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    /// <summary>Cross-validation; rows with the same sampling key stay in one fold.</summary>
    public IReadOnlyList<CrossValidationResult<BinaryClassificationMetrics>> CrossValidateNonCalibrated(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => EvaluateNonCalibrated(scored, labelColumnName));

    /// <summary>The same model with another threshold for the positive class.</summary>
    public BinaryPredictionTransformer<TModel> ChangeModelThreshold<TModel>(BinaryPredictionTransformer<TModel> model, float threshold)
        where TModel : class => Contracts.CheckValue(model, nameof(model)).Threshold == threshold ? model : model.WithThreshold(threshold);
}

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Cross-validation; rows with the same sampling key stay in one fold.</summary>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string samplingKeyColumnName = null, int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));
}
