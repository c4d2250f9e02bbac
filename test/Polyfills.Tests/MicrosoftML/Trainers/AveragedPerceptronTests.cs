using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Polyfills.Tests.MicrosoftML.Trainers;

public class AveragedPerceptronTests
{
    private readonly MLContext _ml = new(seed: 1);

    // x = 1/2, positive: weight 1/2, bias 1; x = -1/2, negative: its score is 3/4, so weight 1, bias 0; x = 2, positive: score 2, no step
    private static readonly TwoClassRow[] ThreeRows = [Row(0.5f, true), Row(-0.5f, false), Row(2, true)];

    [Fact]
    public void Each_row_within_the_margin_moves_the_weights_by_its_features()
    {
        var model = Fit(ThreeRows, new() { NumberOfIterations = 1, Averaged = false });
        Assert.Equal([1], model.Weights);
        Assert.Equal(0, model.Bias);
    }

    [Fact]
    public void The_average_is_that_of_the_weights_after_each_row()
    {
        var model = Fit(ThreeRows, new() { NumberOfIterations = 1 });
        Assert.Equal((0.5f + 1 + 1) / 3, model.Weights[0], 1e-6);
        Assert.Equal((1f + 0 + 0) / 3, model.Bias, 1e-6);
    }

    // second time: scores 1/2 (step: weight 3/2, bias 1), 1/4 (weight 2, bias 0), 4
    [Fact]
    public void Every_iteration_goes_on_where_the_last_ended()
    {
        var last = Fit(ThreeRows, new() { NumberOfIterations = 2, Averaged = false });
        Assert.Equal((2, 0), (last.Weights[0], last.Bias));
        var average = Fit(ThreeRows, new() { NumberOfIterations = 2 });
        Assert.Equal((0.5 + 1 + 1 + 1.5 + 2 + 2) / 6, average.Weights[0], 1e-6);
        Assert.Equal((1.0 + 1) / 6, average.Bias, 1e-6);
    }

    [Fact]
    public void The_learning_rate_scales_the_steps()
    {
        var model = Fit([Row(4, false)], new() { NumberOfIterations = 1, Averaged = false, LearningRate = 0.25f });
        Assert.Equal((-1, -0.25f), (model.Weights[0], model.Bias));
    }

    [Fact]
    public void A_fit_can_go_on_from_a_model()
    {
        var view = TwoClassRow.View(_ml, ThreeRows);
        var trainer = _ml.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options { NumberOfIterations = 1, Averaged = false, Shuffle = false });
        var again = trainer.Fit(view, trainer.Fit(view).Model).Model;
        Assert.Equal((2, 0), (again.Weights[0], again.Bias));
    }

    [Fact]
    public void Shuffled_rows_of_two_classes_are_told_apart()
    {
        var rows = Enumerable.Range(0, 60).Select(i => new TwoClassRow { Features = [i % 2 == 0 ? 3 : -3, i % 7], Label = i % 2 == 0 }).ToList();
        var model = _ml.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options()).Fit(TwoClassRow.View(_ml, rows));
        var scored = model.Transform(TwoClassRow.View(_ml, rows));
        Assert.Null(scored.Schema.GetColumnOrNull("Probability"));
        Assert.Equal(rows.Select(row => row.Label), scored.GetColumn<bool>("PredictedLabel"));
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(-3.4028235e38f)]
    [InlineData(1.1754944e-38f)]
    [InlineData(16777217f)]
    public void A_weight_of_one_gives_the_feature_as_the_score_also_when_loaded(float value)
    {
        var view = TwoClassRow.View(_ml, ThreeRows);
        var model = _ml.BinaryClassification.ChangeModelThreshold(
            _ml.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options { NumberOfIterations = 1, Averaged = false, Shuffle = false }).Fit(view), 1e29f);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var scored = _ml.Model.Load(stream, out _).Transform(TwoClassRow.View(_ml, [Row(value, false)]));
        Assert.Equal(value, Assert.Single(scored.GetColumn<float>("Score")));
        Assert.Equal(value > 1e29f, Assert.Single(scored.GetColumn<bool>("PredictedLabel")));
    }

    private LinearBinaryModelParameters Fit(IEnumerable<TwoClassRow> rows, AveragedPerceptronTrainer.Options options)
    {
        options.Shuffle = false;
        return _ml.BinaryClassification.Trainers.AveragedPerceptron(options).Fit(TwoClassRow.View(_ml, rows)).Model;
    }

    private static TwoClassRow Row(float feature, bool label) => new() { Features = [feature], Label = label };
}
