using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Polyfills.Tests.MicrosoftML.Trainers;

public class LbfgsLogisticRegressionTests
{
    private readonly MLContext _ml = new(seed: 1);

    // hours of study and whether the exam was passed: the worked example of Wikipedia's article on logistic regression
    private static readonly float[] Hours =
        [0.5f, 0.75f, 1, 1.25f, 1.5f, 1.75f, 1.75f, 2, 2.25f, 2.5f, 2.75f, 3, 3.25f, 3.5f, 4, 4.25f, 4.5f, 4.75f, 5, 5.5f];

    private static readonly int[] Passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];

    [Fact]
    public void Without_regularisation_the_published_coefficients_come_out()
    {
        var rows = Hours.Zip(Passed, (hours, passed) => new TwoClassRow { Features = [hours], Label = passed == 1 });
        var model = Fit(TwoClassRow.View(_ml, rows), new() { L1Regularization = 0, L2Regularization = 0, OptimizationTolerance = 1e-9f });

        Assert.Equal(1.5046, model.Weights[0], 1e-3);
        Assert.Equal(-4.0777, model.Bias, 3e-3);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    [InlineData(25f)]
    public void With_an_L2_weight_the_optimum_is_that_of_Newtons_method(float l2)
    {
        var rows = TwoClassRow.Random(400, 5, seed: 3);
        var model = Fit(TwoClassRow.View(_ml, rows), new() { L1Regularization = 0, L2Regularization = l2, ExampleWeightColumnName = "Weight", OptimizationTolerance = 1e-9f });

        double[] expected = Newton(rows, l2);
        Assert.Equal(expected[0], model.Bias, 2e-3);
        for (int j = 0; j < 5; j++) Assert.Equal(expected[j + 1], model.Weights[j], 2e-3);
    }

    [Fact]
    public void The_default_weighs_the_sum_of_losses_against_one_times_each_penalty()
    {
        var rows = TwoClassRow.Random(500, 8, seed: 5);
        var model = Fit(TwoClassRow.View(_ml, rows), new() { OptimizationTolerance = 1e-9f });

        // at the optimum, the gradient of the losses and of half the squared norm balances the L1 penalty
        double[] gradient = GradientOfLosses(rows, model);
        Assert.Equal(0, gradient[0], 0.05);
        for (int j = 0; j < 8; j++)
        {
            double slope = gradient[j + 1] + model.Weights[j];
            if (model.Weights[j] == 0) Assert.InRange(slope, -1.02, 1.02);
            else Assert.Equal(-Math.Sign(model.Weights[j]), slope, 0.05);
        }
    }

    [Fact]
    public void A_large_L1_weight_leaves_the_bias_alone()
    {
        var rows = TwoClassRow.Random(300, 4, seed: 6);
        var model = Fit(TwoClassRow.View(_ml, rows), new() { L1Regularization = 1e4f });

        double share = rows.Count(row => row.Label) / 300.0;
        Assert.All(model.Weights, weight => Assert.Equal(0, weight));
        Assert.Equal(Math.Log(share / (1 - share)), model.Bias, 1e-3);
    }

    [Fact]
    public void A_row_of_weight_three_counts_as_three_rows()
    {
        var rows = TwoClassRow.Random(60, 2, seed: 7);
        for (int i = 0; i < rows.Count; i++) rows[i].Weight = 1 + i % 3;
        var repeated = rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight));
        LbfgsLogisticRegressionBinaryTrainer.Options Options(string? weight) => new() { L1Regularization = 0, ExampleWeightColumnName = weight, OptimizationTolerance = 1e-9f };

        var weighted = Fit(TwoClassRow.View(_ml, rows), Options("Weight"));
        var counted = Fit(TwoClassRow.View(_ml, repeated), Options(null));

        Assert.Equal(counted.Bias, weighted.Bias, 1e-3);
        Assert.Equal(counted.Weights[0], weighted.Weights[0], 1e-3);
    }

    [Fact]
    public void Weights_stay_non_negative_on_demand()
    {
        var rows = TwoClassRow.Random(300, 4, seed: 8);
        var free = Fit(TwoClassRow.View(_ml, rows), new());
        var model = Fit(TwoClassRow.View(_ml, rows), new() { EnforceNonNegativity = true });

        Assert.Contains(free.Weights, weight => weight < 0);
        Assert.All(model.Weights, weight => Assert.True(weight >= 0));
        Assert.Contains(model.Weights, weight => weight > 0);
    }

    [Fact]
    public void Sparse_features_give_the_model_of_dense_ones()
    {
        var rows = TwoClassRow.Random(200, 6, seed: 9);
        foreach (var row in rows) row.Features[2] = row.Features[4] = 0;
        var dense = Fit(TwoClassRow.View(_ml, rows), new());
        var sparse = Fit(SparseRow.View(_ml, rows), new());

        Assert.Equal(dense.Bias, sparse.Bias, 1e-5);
        Assert.Equal(dense.Weights, sparse.Weights, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Scores_are_log_odds_and_the_label_is_predicted_above_zero()
    {
        var rows = TwoClassRow.Random(100, 3, seed: 10);
        var view = TwoClassRow.View(_ml, rows);
        var transformer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(view);
        var linear = transformer.Model.SubModel;
        var scored = _ml.Data.CreateEnumerable<Scored>(transformer.Transform(view), reuseRowObject: false).ToList();

        for (int i = 0; i < rows.Count; i++)
        {
            double score = linear.Bias + linear.Weights.Zip(rows[i].Features, (w, x) => (double)w * x).Sum();
            Assert.Equal(score, scored[i].Score, 1e-4);
            Assert.Equal(1 / (1 + Math.Exp(-score)), scored[i].Probability, 1e-5);
            Assert.Equal(scored[i].Score > 0, scored[i].PredictedLabel);
        }
    }

    [Fact]
    public void A_model_can_be_gone_on_from()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(200, 3, seed: 11));
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new() { MaximumNumberOfIterations = 1 });
        var full = Fit(view, new());

        var onwards = trainer.Fit(view, full).Model.SubModel;
        var anew = trainer.Fit(view).Model.SubModel;

        Assert.Equal(full.Weights[0], onwards.Weights[0], 1e-2);
        Assert.True(Math.Abs(full.Weights[0] - anew.Weights[0]) > 0.02);
    }

    [Fact]
    public void Rows_with_missing_features_are_left_out_with_a_warning()
    {
        var rows = TwoClassRow.Random(100, 2, seed: 12);
        var expected = Fit(TwoClassRow.View(_ml, rows), new());
        List<string> warnings = [];
        _ml.Log += (_, message) => { if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(message.RawMessage); };

        var model = Fit(TwoClassRow.View(_ml, rows.Append(new() { Features = [float.NaN, 1] }).Append(new() { Features = [1, float.PositiveInfinity] })), new());

        Assert.Equal(expected.Weights[0], model.Weights[0], 1e-6);
        Assert.Contains("Skipped 2 instances with missing features/label/weight during training", warnings);
    }

    [Fact]
    public void Without_a_single_row_it_says_so()
    {
        var view = TwoClassRow.View(_ml, [new() { Features = [float.NaN] }]);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(view));
        Assert.StartsWith("No valid training instances found", error.Message);
    }

    [Fact]
    public void Missing_columns_and_wrong_types_are_named()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(10, 2, seed: 13));
        var trainers = _ml.BinaryClassification.Trainers;

        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsLogisticRegression(featureColumnName: "Pixels").Fit(view));
        Assert.Contains("Could not find feature column 'Pixels'", missing.Message);
        var type = Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsLogisticRegression(labelColumnName: "Weight").Fit(view));
        Assert.Contains("Schema mismatch for label column 'Weight': expected Boolean, got Single", type.Message);
        var unknownSize = Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsLogisticRegression().Fit(_ml.Data.LoadFromEnumerable(new TwoClassRow[1])));
        Assert.Contains("Schema mismatch for feature column 'Features': expected Vector<Single>, got VarVector<Single>", unknownSize.Message);
    }

    [Fact]
    public void Another_number_of_features_is_an_error_when_scoring()
    {
        var transformer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(TwoClassRow.View(_ml, TwoClassRow.Random(10, 2, seed: 13)));
        var wider = TwoClassRow.View(_ml, TwoClassRow.Random(10, 3, seed: 13));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetOutputSchema(wider.Schema));
        Assert.Contains("Schema mismatch for feature column 'Features': expected Vector<Single, 2>, got Vector<Single, 3>", error.Message);
    }

    [Fact]
    public void The_promised_columns_are_the_ones_that_come()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(20, 2, seed: 14));
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression();
        var schema = trainer.Fit(view).Transform(view).Schema;

        string[] names = ["Label", "Weight", "Features", "PredictedLabel", "Score", "Probability"];
        Assert.Equal(names, schema.Select(column => column.Name));
        Assert.Equal(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        Assert.True(schema["Probability"].IsNormalized());
        var kind = default(ReadOnlyMemory<char>);
        schema["Probability"].Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.Equal("Probability", kind.ToString());
        schema["Score"].Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal("BinaryClassification", kind.ToString());
    }

    [Fact]
    public void A_saved_model_gives_the_same_probabilities()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(50, 3, seed: 15));
        var transformer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(view);
        using var file = new MemoryStream();
        _ml.Model.Save(transformer, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);

        Assert.Equal(transformer.Transform(view).GetColumn<float>("Probability"), loaded.Transform(view).GetColumn<float>("Probability"));
        Assert.IsType(transformer.GetType(), loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded);
    }

    [Fact]
    public void The_threshold_can_be_moved()
    {
        var view = TwoClassRow.View(_ml, TwoClassRow.Random(100, 3, seed: 16));
        var transformer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(view);
        var strict = _ml.BinaryClassification.ChangeModelThreshold(transformer, 1f);

        var scored = _ml.Data.CreateEnumerable<Scored>(strict.Transform(view), reuseRowObject: false).ToList();
        Assert.All(scored, row => Assert.Equal(row.Score > 1, row.PredictedLabel));
        Assert.Contains(scored, row => row.Score is > 0 and < 1);
    }

    [Theory]
    [InlineData("L1Regularization")]
    [InlineData("L2Regularization")]
    [InlineData("OptimizationTolerance")]
    [InlineData("HistorySize")]
    public void Options_out_of_range_are_named(string option)
    {
        var options = new LbfgsLogisticRegressionBinaryTrainer.Options();
        var field = options.GetType().GetField(option)!;
        field.SetValue(options, Convert.ChangeType(-1, field.FieldType, null));
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(options));
        Assert.Equal(option, error.ParamName);
    }

    private LinearBinaryModelParameters Fit(IDataView view, LbfgsLogisticRegressionBinaryTrainer.Options options) =>
        _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(options).Fit(view).Model.SubModel;

    private static double[] GradientOfLosses(List<TwoClassRow> rows, LinearBinaryModelParameters model)
    {
        var gradient = new double[model.Weights.Count + 1];
        foreach (var row in rows)
        {
            double score = model.Bias + model.Weights.Zip(row.Features, (w, x) => (double)w * x).Sum();
            double residual = 1 / (1 + Math.Exp(-score)) - (row.Label ? 1 : 0);
            gradient[0] += residual;
            for (int j = 0; j < row.Features.Length; j++) gradient[j + 1] += residual * row.Features[j];
        }
        return gradient;
    }

    /// <summary>Minimises the weighted sum of losses plus half of l2 times the squared norm; the bias comes first and is free.</summary>
    private static double[] Newton(List<TwoClassRow> rows, double l2)
    {
        int n = rows[0].Features.Length + 1;
        var solution = new double[n];
        for (int iteration = 0; iteration < 50; iteration++)
        {
            var gradient = new double[n];
            var hessian = new double[n, n];
            for (int j = 1; j < n; j++)
            {
                gradient[j] = l2 * solution[j];
                hessian[j, j] = l2;
            }
            foreach (var row in rows)
            {
                double[] x = [1, .. row.Features];
                double p = 1 / (1 + Math.Exp(-x.Zip(solution, (a, b) => a * b).Sum()));
                for (int j = 0; j < n; j++)
                {
                    gradient[j] += row.Weight * (p - (row.Label ? 1 : 0)) * x[j];
                    for (int k = 0; k < n; k++) hessian[j, k] += row.Weight * p * (1 - p) * x[j] * x[k];
                }
            }
            double[] step = Solve(hessian, gradient);
            for (int j = 0; j < n; j++) solution[j] -= step[j];
        }
        return solution;
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        for (int i = 0; i < n; i++)   // the matrix is positive definite: no pivoting
            for (int row = i + 1; row < n; row++)
            {
                double factor = matrix[row, i] / matrix[i, i];
                for (int k = i; k < n; k++) matrix[row, k] -= factor * matrix[i, k];
                right[row] -= factor * right[i];
            }
        var solution = new double[n];
        for (int i = n - 1; i >= 0; i--)
            solution[i] = (right[i] - Enumerable.Range(i + 1, n - i - 1).Sum(k => matrix[i, k] * solution[k])) / matrix[i, i];
        return solution;
    }

    private sealed class Scored
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class SparseRow
    {
        public bool Label { get; set; }

        public VBuffer<float> Features { get; set; }

        public static IDataView View(MLContext ml, List<TwoClassRow> rows)
        {
            var definition = SchemaDefinition.Create(typeof(SparseRow));
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
            return ml.Data.LoadFromEnumerable(rows.Select(row =>
            {
                int[] indices = [.. Enumerable.Range(0, row.Features.Length).Where(j => row.Features[j] != 0)];
                return new SparseRow { Label = row.Label, Features = new(row.Features.Length, indices.Length, [.. indices.Select(j => row.Features[j])], indices) };
            }).ToList(), definition);
        }
    }
}
