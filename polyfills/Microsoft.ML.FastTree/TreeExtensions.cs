using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML;

/// <summary>The trainers that grow trees.</summary>
public static class TreeExtensions
{
    /// <summary>Boosted trees of two classes.</summary>
    public static FastTreeBinaryTrainer FastTree(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string exampleWeightColumnName = null,
        int numberOfLeaves = 20, int numberOfTrees = 100, int minimumExampleCountPerLeaf = 10, double learningRate = 0.2) =>
        catalog.FastTree(new FastTreeBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            NumberOfLeaves = numberOfLeaves,
            NumberOfTrees = numberOfTrees,
            MinimumExampleCountPerLeaf = minimumExampleCountPerLeaf,
            LearningRate = learningRate,
        });

    /// <summary>Boosted trees of two classes.</summary>
    public static FastTreeBinaryTrainer FastTree(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        FastTreeBinaryTrainer.Options options) => new(catalog.GetEnvironment(), options);
}
