using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Polyfills.Tests.MicrosoftML.Trainers;

public class LbfgsMaximumEntropyTests
{
    private const int Classes = 3;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_gradient_vanishes_at_the_optimum()
    {
        var rows = Random(300);
        var view = View(rows);
        var transformer = Pipeline(l1: 0, l2: 2).Fit(view);
        var model = transformer.LastTransformer.Model;
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out int classes);
        var scores = transformer.Transform(view).GetColumn<float[]>("Score").ToList();
        var keys = transformer.Transform(view).GetColumn<uint>("Key").ToList();

        Assert.Equal(Classes, classes);
        for (int c = 0; c < Classes; c++)
        {
            var residuals = rows.Select((_, i) => scores[i][c] - (keys[i] == c + 1 ? 1.0 : 0)).ToList();
            Assert.Equal(0, residuals.Sum(), 0.05);
            for (int j = 0; j < 2; j++)
                Assert.Equal(0, rows.Select((row, i) => residuals[i] * row.Features[j]).Sum() + 2 * weights[c].GetItemOrDefault(j), 0.05);
        }
    }

    [Fact]
    public void Scores_are_probabilities_and_the_largest_is_predicted()
    {
        var view = View(Random(100));
        var scored = Pipeline().Fit(view).Transform(view);

        foreach (var (score, predicted) in scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<uint>("PredictedLabel")))
        {
            Assert.Equal(1, score.Sum(), 1e-5);
            Assert.Equal(score.Max(), score[predicted - 1]);
        }
    }

    [Fact]
    public void Classes_keep_their_names()
    {
        var view = View(Random(100));
        var schema = Pipeline().Fit(view).Transform(view).Schema;
        VBuffer<ReadOnlyMemory<char>> slots = default, keys = default;
        schema["Score"].GetSlotNames(ref slots);
        schema["PredictedLabel"].GetKeyValues(ref keys);

        string[] names = ["a", "b", "c"];
        Assert.Equal(names, slots.DenseValues().Select(name => name.ToString()));
        Assert.Equal(names, keys.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void A_saved_model_gives_the_same_scores_and_names()
    {
        var view = View(Random(60));
        var transformer = Pipeline().Fit(view);
        using var file = new MemoryStream();
        _ml.Model.Save(transformer, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _).Transform(view);

        Assert.Equal(transformer.Transform(view).GetColumn<float[]>("Score"), loaded.GetColumn<float[]>("Score"));
        Assert.True(loaded.Schema["Score"].HasSlotNames());
    }

    [Fact]
    public void A_label_that_is_no_key_is_an_error()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Text").Fit(View(Random(10))));
        Assert.Contains("Schema mismatch for label column 'Text': expected Key<UInt32>, got String", error.Message);
    }

    private EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Pipeline(float l1 = 1, float l2 = 1) =>
        _ml.Transforms.Conversion.MapValueToKey("Key", "Text", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", l1Regularization: l1, l2Regularization: l2, optimizationTolerance: 1e-9f));

    private IDataView View(List<Row> rows) => _ml.Data.LoadFromEnumerable(rows);

    private static List<Row> Random(int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int c = random.Next(Classes);
            return new Row { Text = "abc"[c].ToString(), Features = [c + random.NextSingle() * 2, (c == 1 ? 1 : 0) + random.NextSingle()] };
        })];
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
