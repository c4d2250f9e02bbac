using Microsoft.ML;
using Microsoft.ML.Generative.Metrics;
using Microsoft.ML.Trainers.FastTree;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>What is known of synthetic rows; null where there was nothing to compare them with.</summary>
/// <param name="ColumnShape">How alike single columns are to those of the training rows.</param>
/// <param name="Pairs">How alike pairs of columns are to those of the training rows.</param>
/// <param name="Tstr">AUROC on held-out rows of boosted trees trained on the synthetic rows.</param>
/// <param name="Detection">AUROC of boosted trees that tell them from held-out rows.</param>
/// <param name="ClosestRecordRatio">Median distance to the closest training row by that of held-out rows.</param>
/// <param name="Copies">The share that equals a training row.</param>
internal sealed record TableFidelity(double ColumnShape, double Pairs, double? Tstr, double? Detection, double? ClosestRecordRatio, double Copies)
{
    public static TableFidelity Of(MixedTable training, MixedTable? heldOut, string? label, IDataView synthetic, int seed)
    {
        var ml = new MLContext(seed);
        var trees = ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            NumberOfLeaves = 31, NumberOfTrees = 100, MinimumExampleCountPerLeaf = 20, LearningRate = 0.1,   // the defaults of scikit-learn's
        });
        var tables = ComparedTable.Read(heldOut is null ? [training.View(ml), synthetic] : [training.View(ml), synthetic, heldOut.View(ml)]);
        var (real, made, other) = (tables[0], tables[1], heldOut is null ? null : tables[2]);
        return new TableFidelity(
            Microsoft.ML.Generative.Metrics.ColumnShape.Mean(real, made),
            PairSimilarity.Mean(real, made),
            other is null || label is null ? null : TrainOnSynthetic.Auroc(ml, trees, made, other, label),
            other is null ? null : Microsoft.ML.Generative.Metrics.Detection.Auroc(ml, trees, other, made, seed),
            other is null ? null : ClosestRecord.MedianRatio(real, made, other),
            Duplicates.Share(real, made));
    }
}
