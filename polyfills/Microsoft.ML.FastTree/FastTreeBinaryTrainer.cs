using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers.FastTree;

/// <summary>
/// Boosted regression trees on the logistic loss (MART, as in Burges, "From RankNet to LambdaRank to LambdaMART", 2010, section 6).
/// With σ twice the learning rate, the probability of the positive class is 1 / (1 + exp(−σ · score)). Each tree is fitted to the
/// gradient by least squares; each leaf then takes the learning rate times a Newton step.
/// </summary>
public sealed class FastTreeBinaryTrainer : BoostingFastTreeTrainerBase<FastTreeBinaryTrainer.Options,
    BinaryPredictionTransformer<CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>>
{
    private const double Epsilon = 1.4e-45;

    internal FastTreeBinaryTrainer(IHostEnvironment environment, Options options)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(FastTreeBinaryTrainer)),
            Contracts.CheckValue(options, nameof(options)), TrainerColumns.BooleanLabel(options.LabelColumnName))
    {
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) => TrainerColumns.BinaryOutputs(calibrated: true);

    private protected override BinaryPredictionTransformer<CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>> MakeTransformer(
        CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator> model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator> TrainModelCore(IDataView data)
    {
        using var channel = Host.Start("Training");
        var rows = TrainingRowsReader.Read(channel, data, FeatureColumn.Name, LabelColumn.Name, TrainerOptions.ExampleWeightColumnName,
            "All instances skipped due to missing features.");
        var features = new BinnedFeatures(rows.ToColumns(), TrainerOptions.MaximumBinCountPerFeature);
        return new CalibratedScoreModel<FastTreeBinaryModelParameters, PlattCalibrator>(
            new FastTreeBinaryModelParameters(Boost(channel, features, rows), rows.FeatureCount), new PlattCalibrator(-Sigma, 0));
    }

    private double Sigma => 2 * TrainerOptions.LearningRate;

    private RegressionTree[] Boost(IChannel channel, BinnedFeatures features, TrainingRows rows)
    {
        float[] weights = [.. rows.Weights];
        bool[] labels = [.. rows.Labels.Select(label => label > 0)];
        var (positiveFactor, negativeFactor) = ClassFactors(labels);
        double[] scores = new double[rows.Count], gradient = new double[rows.Count], curvature = new double[rows.Count];
        var grower = new TreeGrower(features, weights, TrainerOptions.NumberOfLeaves, TrainerOptions.MinimumExampleCountPerLeaf);
        List<RegressionTree> trees = [];
        while (trees.Count < TrainerOptions.NumberOfTrees)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                double sign = labels[i] ? 1 : -1, factor = weights[i] * (labels[i] ? positiveFactor : negativeFactor);
                double response = Sigma / (1 + Math.Exp(sign * Sigma * scores[i]));
                gradient[i] = factor * sign * response;
                curvature[i] = factor * response * (Sigma - response);
            }
            if (grower.Grow(gradient) is not var (tree, leafRows))
            {
                // nothing has changed for the next tree either
                channel.Warning(MessageSensitivity.None, "{0} of the boosting iterations failed to grow a tree. This is commonly because the "
                    + "minimum documents in leaf hyperparameter was set too high for this dataset.", TrainerOptions.NumberOfTrees - trees.Count);
                break;
            }
            var leaves = new double[leafRows.Length];
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                double sum = 0, curvatures = 0;
                foreach (int row in leafRows[leaf])
                {
                    sum += gradient[row];
                    curvatures += curvature[row];
                }
                double count = leafRows[leaf].Length;
                double step = TrainerOptions.LearningRate * TrainerOptions.Shrinkage * (sum / count + Epsilon) / (curvatures / count + Epsilon);
                leaves[leaf] = Math.Clamp(step, -TrainerOptions.MaximumTreeOutput, TrainerOptions.MaximumTreeOutput);
                foreach (int row in leafRows[leaf]) scores[row] += leaves[leaf];
            }
            trees.Add(new(tree, leaves));
        }
        return [.. trees];
    }

    private (double Positive, double Negative) ClassFactors(bool[] labels)
    {
        if (!TrainerOptions.UnbalancedSets) return (1, 1);
        int positives = labels.Count(label => label);
        Contracts.Check(positives > 0 && positives < labels.Length, "Only one class in training set.");
        return (1.0 / positives, 1.0 / (labels.Length - positives));
    }

    /// <summary>Options of the trainer.</summary>
    public sealed class Options : BoostedTreeOptions
    {
        /// <summary>Whether each class weighs the same, however many rows it has.</summary>
        public bool UnbalancedSets;
    }
}
