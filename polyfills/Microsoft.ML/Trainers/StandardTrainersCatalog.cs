using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers of linear models.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>The averaged perceptron.</summary>
    public static AveragedPerceptronTrainer AveragedPerceptron(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        AveragedPerceptronTrainer.Options options) => new(catalog.GetEnvironment(), options);

    /// <summary>Logistic regression by L-BFGS.</summary>
    public static LbfgsLogisticRegressionBinaryTrainer LbfgsLogisticRegression(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string exampleWeightColumnName = null,
        float l1Regularization = 1, float l2Regularization = 1, float optimizationTolerance = 1e-7f, int historySize = 20, bool enforceNonNegativity = false) =>
        catalog.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });

    /// <summary>Logistic regression by L-BFGS.</summary>
    public static LbfgsLogisticRegressionBinaryTrainer LbfgsLogisticRegression(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        LbfgsLogisticRegressionBinaryTrainer.Options options) => new(catalog.GetEnvironment(), options);

    /// <summary>Softmax regression by L-BFGS.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string exampleWeightColumnName = null,
        float l1Regularization = 1, float l2Regularization = 1, float optimizationTolerance = 1e-7f, int historySize = 20, bool enforceNonNegativity = false) =>
        catalog.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });

    /// <summary>Softmax regression by L-BFGS.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        LbfgsMaximumEntropyMulticlassTrainer.Options options) => new(catalog.GetEnvironment(), options);
}
