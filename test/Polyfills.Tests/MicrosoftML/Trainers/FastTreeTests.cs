using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Polyfills.Tests.MicrosoftML.Trainers;

public class FastTreeTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_first_tree_is_a_split_half_way_with_Newton_steps_as_leaves()
    {
        // positive above 0.5: 12 rows at 0, of which 2 are positive, and 12 rows at 1, of which 9 are
        var rows = Enumerable.Range(0, 24).Select(i => new TwoClassRow { Features = [i < 12 ? 0 : 1], Label = i < 12 ? i < 2 : i < 21 });
        var tree = Fit(TwoClassRow.View(_ml, rows), new() { NumberOfTrees = 1, NumberOfLeaves = 2, LearningRate = 0.2 }).TrainedTreeEnsemble.Trees.Single();

        Assert.Equal(1, tree.NumberOfNodes);
        Assert.Equal(0.5f, tree.NumericalSplitThresholds[0]);
        Assert.Equal(0, tree.NumericalSplitFeatureIndexes[0]);
        // at score zero, with sigma 0.4: gradients ±0.2, curvatures 0.04; a leaf takes 0.2 times mean gradient over mean curvature
        double low = 0.2 * (0.2 * (2 - 10) / 12) / 0.04, high = 0.2 * (0.2 * (9 - 3) / 12) / 0.04;
        Assert.Equal(low, tree.LeafValues[~tree.LeftChild[0]], 1e-9);
        Assert.Equal(high, tree.LeafValues[~tree.RightChild[0]], 1e-9);
        // the squared error falls by the sums squared over the counts
        Assert.Equal(Math.Pow(0.2 * -8, 2) / 12 + Math.Pow(0.2 * 6, 2) / 12 - Math.Pow(0.2 * -2, 2) / 24, tree.SplitGains[0], 1e-9);
    }

    [Fact]
    public void The_second_tree_continues_from_the_scores_of_the_first()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new TwoClassRow { Features = [i < 10 ? 0 : 1], Label = i >= 10 });
        var trees = Fit(TwoClassRow.View(_ml, rows), new() { NumberOfTrees = 2, NumberOfLeaves = 2 }).TrainedTreeEnsemble.Trees;
        double first = trees[0].LeafValues[~trees[0].RightChild[0]], second = trees[1].LeafValues[~trees[1].RightChild[0]];

        Assert.Equal(0.2 * 0.2 / 0.04, first, 1e-9);
        double response = 0.4 / (1 + Math.Exp(0.4 * first));
        Assert.Equal(0.2 * response / (response * (0.4 - response)), second, 1e-9);
    }

    [Fact]
    public void Probabilities_are_the_sigmoid_of_twice_the_learning_rate_times_the_score()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(200, 3, seed: 1));
        var transformer = _ml.BinaryClassification.Trainers.FastTree(learningRate: 0.1, numberOfTrees: 20).Fit(view);
        var scored = transformer.Transform(view);

        Assert.Equal(-0.2, transformer.Model.Calibrator.Slope, 1e-12);
        foreach (var (score, probability) in scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Probability")))
            Assert.Equal(1 / (1 + Math.Exp(-0.2 * score)), probability, 1e-6);
    }

    [Fact]
    public void No_leaf_has_fewer_rows_than_asked_for_and_no_tree_more_leaves()
    {
        var rows = TwoClassRow.Random(300, 4, seed: 2);
        var trees = Fit(TwoClassRow.View(_ml, rows), new() { NumberOfTrees = 5, NumberOfLeaves = 6, MinimumExampleCountPerLeaf = 25 }).TrainedTreeEnsemble.Trees;

        Assert.Equal(5, trees.Count);
        foreach (var tree in trees)
        {
            Assert.InRange(tree.NumberOfLeaves, 2, 6);
            var counts = new int[tree.NumberOfLeaves];
            foreach (var row in rows) counts[LeafOf(tree, row.Features)]++;
            Assert.All(counts, count => Assert.True(count >= 25));
        }
    }

    [Fact]
    public void It_learns_what_no_linear_model_can()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 600).Select(_ =>
        {
            float x = random.NextSingle() * 2 - 1, y = random.NextSingle() * 2 - 1;
            return new TwoClassRow { Features = [x, y], Label = x * y > 0 };
        }).ToList();
        IDataView train = TwoClassRow.View(_ml, rows.Take(300)), test = TwoClassRow.View(_ml, rows.Skip(300));

        double trees = _ml.BinaryClassification.Evaluate(_ml.BinaryClassification.Trainers.FastTree().Fit(train).Transform(test)).AreaUnderRocCurve;
        double linear = _ml.BinaryClassification.Evaluate(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train).Transform(test)).AreaUnderRocCurve;
        Assert.InRange(trees, 0.97, 1);
        Assert.InRange(linear, 0.4, 0.6);
    }

    [Fact]
    public void Few_bins_of_many_values_hold_about_the_same_number_of_rows()
    {
        var rows = Enumerable.Range(0, 400).Select(i => new TwoClassRow { Features = [i < 200 ? i : i * 1000], Label = i % 100 < 50 });
        var trees = Fit(TwoClassRow.View(_ml, rows), new() { NumberOfTrees = 1, NumberOfLeaves = 8, MaximumBinCountPerFeature = 8, MinimumExampleCountPerLeaf = 1 });
        var thresholds = trees.TrainedTreeEnsemble.Trees[0].NumericalSplitThresholds.Order().ToList();

        float[] expected = [49.5f, 99.5f, 149.5f, (199 + 200_000) / 2f, 249_500, 299_500, 349_500];
        Assert.Equal(expected, thresholds);
    }

    [Fact]
    public void A_row_of_weight_three_counts_as_three_rows()
    {
        var rows = TwoClassRow.Random(100, 2, seed: 4);
        for (int i = 0; i < rows.Count; i++) rows[i].Weight = 1 + i % 3;
        FastTreeBinaryTrainer.Options Options(string? weight) =>
            new() { NumberOfTrees = 3, NumberOfLeaves = 4, MinimumExampleCountPerLeaf = 1, ExampleWeightColumnName = weight };

        var weighted = Fit(TwoClassRow.View(_ml, rows), Options("Weight")).TrainedTreeEnsemble.Trees;
        var repeated = Fit(TwoClassRow.View(_ml, rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight))), Options(null)).TrainedTreeEnsemble.Trees;
        for (int tree = 0; tree < 3; tree++)
        {
            Assert.Equal(repeated[tree].NumericalSplitThresholds, weighted[tree].NumericalSplitThresholds);
            Assert.Equal(repeated[tree].LeafValues, weighted[tree].LeafValues, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    [Fact]
    public void Classes_of_unequal_size_can_weigh_the_same()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new TwoClassRow { Features = [i % 2], Label = i < 10 });
        var view = TwoClassRow.View(_ml, rows);
        double Mean(bool balanced) => _ml.BinaryClassification.Trainers.FastTree(new() { UnbalancedSets = balanced }).Fit(view).Transform(view).GetColumn<float>("Probability").Average();

        Assert.InRange(Mean(false), 0.05, 0.15);
        Assert.InRange(Mean(true), 0.45, 0.55);
    }

    [Fact]
    public void Without_a_possible_split_it_warns_and_scores_zero()
    {
        List<string> warnings = [];
        _ml.Log += (_, message) => { if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(message.RawMessage); };
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(15, 2, seed: 5));
        var scored = _ml.BinaryClassification.Trainers.FastTree().Fit(view).Transform(view);

        Assert.Contains(warnings, warning => warning.Contains("of the boosting iterations failed to grow a tree"));
        Assert.All(scored.GetColumn<float>("Score"), score => Assert.Equal(0, score));
        Assert.All(scored.GetColumn<float>("Probability"), probability => Assert.Equal(0.5f, probability));
    }

    [Fact]
    public void A_saved_model_gives_the_same_scores()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(200, 3, seed: 6));
        var transformer = _ml.BinaryClassification.Trainers.FastTree(numberOfTrees: 10).Fit(view);
        using var file = new MemoryStream();
        _ml.Model.Save(transformer, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(transformer.Transform(view).GetColumn<float>("Score"), loaded.Transform(view).GetColumn<float>("Score"));
    }

    [Theory]
    [InlineData("NumberOfLeaves", 1)]
    [InlineData("NumberOfTrees", 0)]
    [InlineData("MinimumExampleCountPerLeaf", 0)]
    [InlineData("LearningRate", 0)]
    public void Options_out_of_range_are_refused(string option, int value)
    {
        var options = new FastTreeBinaryTrainer.Options();
        var field = options.GetType().GetField(option)!;
        field.SetValue(options, Convert.ChangeType(value, field.FieldType, null));
        Assert.ThrowsAny<Exception>(() => _ml.BinaryClassification.Trainers.FastTree(options));
    }

    private FastTreeBinaryModelParameters Fit(IDataView view, FastTreeBinaryTrainer.Options options) =>
        _ml.BinaryClassification.Trainers.FastTree(options).Fit(view).Model.SubModel;

    private static int LeafOf(RegressionTree tree, float[] features)
    {
        int node = 0;
        do node = features[tree.NumericalSplitFeatureIndexes[node]] <= tree.NumericalSplitThresholds[node] ? tree.LeftChild[node] : tree.RightChild[node];
        while (node >= 0);
        return ~node;
    }
}
