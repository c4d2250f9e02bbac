using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The classifier that metrics take unless told otherwise: trees see what a linear one does not.</summary>
internal static class BoostedTrees
{
    /// <param name="rows">Rows to learn from.</param>
    public static IEstimator<ITransformer> For(MLContext context, int rows) => context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
    {
        NumberOfLeaves = 31,   // the defaults of scikit-learn's histogram trees
        NumberOfTrees = 100,
        LearningRate = 0.1,
        MinimumExampleCountPerLeaf = Math.Clamp(rows / 50, 2, 20),
    });
}
