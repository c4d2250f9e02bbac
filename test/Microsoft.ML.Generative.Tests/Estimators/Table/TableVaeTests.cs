using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Tests.Generation;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>The VAE of a table of mixed columns.</summary>
public sealed class TableVaeTests
{
    private static readonly TrainingOptions Training = new() { Steps = 500, BatchSize = 64 };

    private readonly MLContext _ml = new(1);

    private static VaeOptions Options(string? label = null) => new() { InputColumnNames = MixedRows.Columns, LabelColumnName = label, Training = Training };

    [Fact]
    public void DrawnRowsHaveTheColumnsOfTheRealOnesAndWhatGoesTogether()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(1000));
        using var model = _ml.Generative.TrainVae(Options() with { Training = new() { Steps = 1500, BatchSize = 64 } }).Fit(view);
        var drawn = model.Sample(600, seed: 4);
        Assert.Equal(MixedRows.Columns, drawn.Schema.Select(column => column.Name));
        foreach (var column in drawn.Schema) Assert.Equal(view.Schema[column.Name].Type.ToString(), column.Type.ToString());
        Assert.Equal(KeyValues.Of(view.Schema["City"].Annotations)!.Values, KeyValues.Of(drawn.Schema["City"].Annotations)!.Values);
        var rows = MixedRows.Read(_ml, drawn);
        Assert.All(rows, row => Assert.Contains(row.Job, MixedRows.Jobs.Append("")));
        Assert.InRange(rows.Count(row => row.Job.Length == 0), 600 * 0.05, 600 * 0.15);   // a tenth
        double together = rows.Where(row => row.Job.Length > 0 && !double.IsNaN(row.Income)).Average(row => Math.Abs(row.Income - 1000 * (1 + Array.IndexOf(MixedRows.Jobs, row.Job))) < 500 ? 1 : 0);
        Assert.True(together > 0.85, $"{together} of the incomes go with the job");

        var scored = model.Transform(view);
        Assert.Null(scored.Schema.GetColumnOrNull("Reconstruction"));
        Assert.Equal(DensityKind.Bound, model.DensityKind);
        Assert.All(Models.Floats(scored, "Score").Concat(Models.Floats(scored, "Latent")), value => Assert.True(float.IsFinite(value)));
        MixedRows.AssertComesBack(_ml, model, view);
    }

    // one latent, so that the integral over it can be computed
    [Fact]
    public void TheBoundIsBelowTheDensityAndCloseToIt()
    {
        using var scope = NewDisposeScope();
        var view = MixedRows.View(_ml, MixedRows.WithHoles(300));
        using var model = _ml.Generative.TrainVae(Options() with { LatentSize = 1, HiddenSizes = [16], ImportanceSamples = 2000 }).Fit(view);
        using var noGradient = no_grad();
        var network = (TableVaeNetwork)model.Model.Network;
        const int Points = 4001;
        var z = linspace(-8, 8, Points).view(-1, 1);
        float[] bounds = Models.Floats(model.Transform(view), "LogDensity");
        var x = Encoded(model, view, 300);
        for (int i = 0; i < 20; i++)
        {
            var row = x.narrow(0, i, 1);
            var y = network.Prepare(row);
            var constant = network.Score(row, null) + network.LogJoint(y, network.Encode(row, null), null);
            double density = (network.LogJoint(y.expand(Points, -1), z, null) + Math.Log(16.0 / (Points - 1))).logsumexp(0).item<float>() - constant.item<float>();
            Assert.InRange(bounds[i], density - 0.3, density + 0.15);
        }
    }

    [Fact]
    public void EveryWeightHasAGradientThatAgreesWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var view = MixedRows.View(_ml, MixedRows.WithHoles(60));
        using var model = _ml.Generative.TrainVae(Options() with { LatentSize = 2, HiddenSizes = [8], Activation = Activation.Tanh, Training = new() { Steps = 20 } }).Fit(view);
        var network = model.Model.Network;
        var batch = new Batch(network.Prepare(Encoded(model, view, 60)), null);
        double Loss(bool backward = false)
        {
            using var lossScope = NewDisposeScope();
            using var noise = new Generator(9);
            var loss = network.Objectives[0].Loss(batch, new TrainingStep(noise, CPU) { Progress = 1 });
            if (backward) loss.backward();
            return loss.item<float>();
        }
        Loss(backward: true);
        foreach (var (name, parameter) in network.named_parameters())
        {
            using var noGradient = no_grad();
            var direction = parameter.grad!.clone();
            double norm = direction.norm().item<float>();
            Assert.True(norm > 0, name);
            double h = 0.03 / norm;
            parameter.add_(direction, h);
            double up = Loss();
            parameter.add_(direction, -2 * h);
            double down = Loss();
            parameter.add_(direction, h);
            Assert.InRange((up - down) / (2 * h) / (norm * norm), 0.95, 1.05);
        }
    }

    [Fact]
    public void ALabelGivenIsThatOfAllRowsDrawn()
    {
        using var model = _ml.Generative.TrainVae(Options("Label")).Fit(MixedRows.View(_ml, MixedRows.Make(1000)));
        var rare = MixedRows.Read(_ml, model.Sample(300, 1, new() { Label = "rare" }));
        Assert.All(rare, row => Assert.Equal("rare", row.Label));
        Assert.InRange(rare.Count(row => row.Job == "pilot"), 260, 300);
        Assert.InRange(MixedRows.Read(_ml, model.Sample(300, 1, new() { Label = "common" })).Count(row => row.Job == "pilot"), 0, 30);
    }

    [Fact]
    public void VariationsWithoutTemperatureAreTheLikeliestRowsOfTheirCodes()
    {
        using var model = _ml.Generative.TrainVae(Options()).Fit(MixedRows.View(_ml, MixedRows.Make(1000)));
        var few = MixedRows.Make(60, seed: 3);
        var same = MixedRows.Read(_ml, model.Vary(MixedRows.View(_ml, few), 60, 1, new() { Temperature = 0 }));
        Assert.InRange(few.Zip(same).Count(pair => pair.First.Job == pair.Second.Job), 55, 60);
        Assert.Equal(same.Select(row => row.Income), MixedRows.Read(_ml, model.Vary(MixedRows.View(_ml, few), 60, 2, new() { Temperature = 0 })).Select(row => row.Income));
    }

    [Fact]
    public void AMixedTableIsOversampledBeforeItIsMadeFeatures()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(400));
        List<MixedRow> fittedOn = [];
        var pipeline = _ml.Generative.Oversample("Label", _ml.Generative.TrainVae(Options())).Append(new ProbeEstimator(rows => fittedOn = MixedRows.Read(_ml, rows)));
        using (pipeline.Fit(view))
        {
            Assert.Equal((360, 360), (fittedOn.Count(row => row.Label == "common"), fittedOn.Count(row => row.Label == "rare")));
            Assert.InRange(fittedOn.Skip(400).Count(row => row.Job is "pilot" or ""), 320 * 0.85, 320);   // the job of the rare ones
        }
    }

    [Fact]
    public void TheSameNoiseGivesTheSameRowsInAGraph()
    {
        using var model = _ml.Generative.TrainVae(new VaeOptions { InputColumnNames = ["Age", "Income"], Training = Training }).Fit(MixedRows.View(_ml, MixedRows.WithHoles(1000)));
        Assert.Equal(500, GraphDraws.Same(_ml, model, 500));
    }

    [Fact]
    public void OptionsOfVectorsAreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Generative.TrainVae(Options() with { Likelihood = Likelihood.Bernoulli, FixedVariance = 1 }));
        Assert.Equal("VaeOptions: Likelihood is Bernoulli; it must be Automatic with InputColumnNames. FixedVariance is 1; it must be null with InputColumnNames.", error.Message);
    }

    private static TorchSharp.torch.Tensor Encoded(GenerativeTransformer model, IDataView view, int rows)
    {
        var encoding = model.Model.Encoding;
        var values = new float[rows * encoding.Width];
        using var cursor = view.GetRowCursor(view.Schema);
        var encoder = encoding.CreateEncoder(cursor);
        for (int i = 0; cursor.MoveNext(); i++) encoder.Encode(values.AsSpan(i * encoding.Width, encoding.Width));
        return tensor(values).view(rows, encoding.Width).narrow(1, 0, encoding.Features);
    }
}
