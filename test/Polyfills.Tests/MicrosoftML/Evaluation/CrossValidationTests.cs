using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Evaluation;

public class CrossValidationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Each_row_is_held_out_once_and_never_trained_on_in_its_fold()
    {
        var recorder = new Recorder(_ml);
        var results = _ml.BinaryClassification.CrossValidate(View(), recorder, numberOfFolds: 4);

        Assert.Equal([0, 1, 2, 3], results.Select(result => result.Fold));
        Assert.Equal(4, recorder.TrainedOn.Count);
        var heldOut = results.Select(result => result.ScoredHoldOutSet.GetColumn<float>("Id").ToList()).ToList();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (float)i), heldOut.SelectMany(ids => ids).Order());
        for (int fold = 0; fold < 4; fold++)
        {
            Assert.NotEmpty(heldOut[fold]);
            Assert.Empty(recorder.TrainedOn[fold].Intersect(heldOut[fold]));
            Assert.Equal(200, recorder.TrainedOn[fold].Count + heldOut[fold].Count);
        }
    }

    [Fact]
    public void The_metrics_are_those_of_the_rows_held_out()
    {
        var results = _ml.BinaryClassification.CrossValidate(View(), new Recorder(_ml), numberOfFolds: 3);
        foreach (var result in results)
        {
            var metrics = _ml.BinaryClassification.Evaluate(result.ScoredHoldOutSet);
            Assert.Equal(metrics.AreaUnderRocCurve, result.Metrics.AreaUnderRocCurve);
            Assert.Equal(metrics.LogLoss, result.Metrics.LogLoss);
            Assert.Equal(result.Model.Transform(View()).Schema.Count, result.ScoredHoldOutSet.Schema.Count);
        }
        Assert.NotEqual(results[0].Metrics.LogLoss, results[1].Metrics.LogLoss);
    }

    [Fact]
    public void Rows_with_the_same_sampling_key_stay_together()
    {
        var results = _ml.BinaryClassification.CrossValidateNonCalibrated(View(), new Recorder(_ml), numberOfFolds: 3, samplingKeyColumnName: "Group");
        var groups = results.Select(result => result.ScoredHoldOutSet.GetColumn<string>("Group").Distinct().ToList()).ToList();
        Assert.Equal(20, groups.Sum(fold => fold.Count));
        Assert.Equal(20, groups.SelectMany(fold => fold).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds()
    {
        List<float> HeldOut(int seed) => [.. _ml.BinaryClassification.CrossValidate(View(), new Recorder(_ml), seed: seed)[0].ScoredHoldOutSet.GetColumn<float>("Id")];
        Assert.Equal(HeldOut(5), HeldOut(5));
        Assert.NotEqual(HeldOut(5), HeldOut(6));
    }

    [Fact]
    public void One_fold_is_too_few() =>
        Assert.ThrowsAny<ArgumentException>(() => _ml.BinaryClassification.CrossValidate(View(), new Recorder(_ml), numberOfFolds: 1));

    private IDataView View() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row
    {
        Id = i,
        Group = $"group {i / 10}",
        Features = [i % 7, i % 3],
        Label = i % 7 + i % 5 > 4,
    }).ToList());

    /// <summary>Logistic regression that remembers which rows it was fitted to.</summary>
    private sealed class Recorder(MLContext ml) : IEstimator<ITransformer>
    {
        private readonly IEstimator<ITransformer> _trainer = ml.BinaryClassification.Trainers.LbfgsLogisticRegression();

        public List<List<float>> TrainedOn { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            TrainedOn.Add([.. input.GetColumn<float>("Id")]);
            return _trainer.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _trainer.GetOutputSchema(inputSchema);
    }

    private sealed class Row
    {
        public float Id { get; set; }

        public string Group { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
