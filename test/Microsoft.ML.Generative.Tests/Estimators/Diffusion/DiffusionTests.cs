using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

public sealed class DiffusionTests
{
    // a network whose weights are not those of a start, which gives zeros
    private static DiffusionNetwork Network(DiffusionOptions options, int features)
    {
        using var generator = new Generator(3);
        var network = new DiffusionNetwork(options, TestNetwork.InputOf(features), new Initializer(generator, CPU));
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            if (name is "denoiser.last.weight" or "denoiser.block1.weight") parameter.normal_(0, 0.1, generator);
        return network;
    }

    [Theory]
    [InlineData(DiffusionPrediction.Velocity)]
    [InlineData(DiffusionPrediction.Noise)]
    public void TheLossIsTheMeanSquareOfWhatIsPredicted(DiffusionPrediction prediction)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        // before training all predictions are 0; of rows (2, −2) the mean square of v is E[cos²φ] + 4·E[sin²φ]
        var network = new DiffusionNetwork(new DiffusionOptions { Prediction = prediction }, TestNetwork.InputOf(2), new Initializer(generator, CPU));
        using (network)
        {
            const int Count = 100_000;
            double loss = network.Objectives[0].Loss(new Batch(tensor([2f, -2f]).expand(Count, 2), null), new TrainingStep(generator, CPU)).item<float>();
            double share = Enumerable.Range(0, 10_000).Average(i => CosineSchedule.SignalShare(Math.Pow((i + 0.5) / 10_000, 2)));   // few features: times are more often small
            Assert.Equal(prediction == DiffusionPrediction.Noise ? 1 : share + 4 * (1 - share), loss, 0.03);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void TheDenoisersChangeIsItsDerivative(int waves)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var network = Network(new DiffusionOptions { HiddenSize = 16, InputWaves = waves, DensityProbes = 3 }, 3);
        var denoiser = (Denoiser)network.named_modules().Single(m => m.name == "denoiser").module;
        using var generator = new Generator(8);
        var y = empty(5, 3).normal_(0, 1, generator);
        var directions = eye(3).unsqueeze(1);
        var code = denoiser.TimeCode(full(1, 0.8, float32));
        var (value, change) = denoiser.Differentiate(y, code, directions);
        Assert.True((value - denoiser.Call(y, code, null)).abs().max().item<float>() < 1e-5f);
        const float Step = 1e-2f;
        for (int i = 0; i < 3; i++)
        {
            var slope = (denoiser.Call(y + directions[i] * Step, code, null) - denoiser.Call(y - directions[i] * Step, code, null)) / (2 * Step);
            Assert.True((change[i] - slope).abs().max().item<float>() < 2e-2f * (1 + slope.abs().max().item<float>()));
        }
    }

    [Fact]
    public void TheDensityIntegratesToOne()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = Network(new DiffusionOptions { HiddenSize = 16, DensitySteps = 100, InputWaves = 1, DensityProbes = 1 }, 1);
        const int Points = 4001;
        const double From = -20, To = 20;
        var density = network.LogDensity(linspace(From, To, Points, float32).view(Points, 1), null).exp();
        Assert.InRange(density.sum().item<float>() * (To - From) / (Points - 1), 0.97, 1.03);
        Assert.Equal(DensityKind.Estimate, network.DensityKind);
    }

    [Fact]
    public void TheEstimatedDivergenceIsTheExactOneOnAverage()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var options = new DiffusionOptions { HiddenSize = 16 };
        var rows = tensor([0.5f, -1, 0.2f, 2, 1, -0.3f]).view(2, 3);
        using var estimating = Network(options with { DensityProbes = 2, DensitySteps = 4000 }, 3);
        using var exact = Network(options with { DensitySteps = 400, DensityProbes = 3 }, 3);
        var weights = exact.named_parameters().ToDictionary(p => p.Item1, p => p.Item2);
        foreach (var (name, parameter) in estimating.named_parameters()) parameter.copy_(weights[name]);
        Assert.True((exact.LogDensity(rows, null) - estimating.LogDensity(rows, null)).abs().max().item<float>() < 0.05f);
    }

    [Fact]
    public void GuidanceGoesBeyondTheCondition()
    {
        using var scope = NewDisposeScope();
        var guided = ConditionInput.Guide(tensor([1f, 2]), tensor([0.5f, 3]), 2);
        Assert.Equal([2, 0], guided.ToFloats());

        var ml = new MLContext(1);
        using var model = Fit(new DiffusionOptions { LabelColumnName = "Label" });
        using var alwaysGuided = Fit(new DiffusionOptions { LabelColumnName = "Label", GuidanceWeight = 3 });
        float[] Draw(GenerativeTransformer from, bool label, double? weight) => Models.Floats(from.Sample(1000, seed: 2, new SampleOptions { Label = label, GuidanceWeight = weight }), "Features");
        double Gap(double? weight)
        {
            double Fourth(bool label) => Draw(model, label, weight).Where((_, i) => i % Rows.Features == 3).Average();
            return Fourth(false) - Fourth(true);
        }
        // rare rows lie 2 lower in the fourth feature
        Assert.True(Gap(3) > Gap(0) + 0.2);
        Assert.Equal(Draw(model, true, null), Draw(model, true, 0));
        Assert.Equal(Draw(alwaysGuided, true, null), Draw(model, true, 3));

        using var unlabelled = Fit(new DiffusionOptions());
        using var other = Models.Fit(ml, "vae", 50);
        Assert.Equal("SampleOptions.GuidanceWeight is given, but the model has not learned rows both with a label and without. Train it with LabelColumnName, and ConditionDropout above 0.",
            Assert.Throws<ArgumentException>(() => unlabelled.Sample(1, options: new SampleOptions { GuidanceWeight = 1 })).Message);
        Assert.Equal("A model of kind 'vae' can't be guided. SampleOptions.GuidanceWeight is for TrainDiffusion.",
            Assert.Throws<NotSupportedException>(() => other.Sample(1, options: new SampleOptions { GuidanceWeight = 1 })).Message);
        Assert.Equal("SampleOptions: GuidanceWeight is -1; it must be from 0 to 100.",
            Assert.Throws<ArgumentException>(() => model.Sample(1, options: new SampleOptions { GuidanceWeight = -1 })).Message);

        GenerativeTransformer Fit(DiffusionOptions options) =>
            ml.Generative.TrainDiffusion(options with { HiddenSize = 64, Seed = 1, Training = new TrainingOptions { Steps = 500 } }).Fit(Rows.View(ml, 1000));
    }

    [Fact]
    public void LabelsAreComparedAsByTheLogDensity()
    {
        using var scope = NewDisposeScope();
        var ml = new MLContext(1);
        using var model = ml.Generative.TrainDiffusion(new DiffusionOptions { LabelColumnName = "Label", HiddenSize = 64, Seed = 1, Training = new TrainingOptions { Steps = 500 } }).Fit(Rows.View(ml, 1000));
        using var inference = inference_mode();
        var network = (DiffusionNetwork)model.Model.Network;
        const int Count = 300;
        var x = tensor(Rows.Make(Count, seed: 4).SelectMany(row => row.Features).ToArray()).view(Count, -1);
        Tensor Ratio(Func<Tensor, Tensor?, Tensor> density) => density(x, Label(1)) - density(x, Label(0));   // (rows,)
        Tensor Label(float number) => model.Model.Encoding.Condition.Of(full(Count, 1, number, float32))!;
        var (cheap, dear) = (Ratio(network.ComparableLogDensity), Ratio(network.LogDensity));
        var (a, b) = (cheap - cheap.mean(), dear - dear.mean());
        double correlation = (a * b).mean().item<float>() / Math.Sqrt(a.square().mean().item<float>() * b.square().mean().item<float>());
        Assert.True(correlation > 0.9, $"a correlation of {correlation}");
    }

    [Fact]
    public void WithoutNoiseAVariationIsTheRow()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var generator = new Generator(3);
        using var network = Network(new DiffusionOptions { HiddenSize = 16 }, 2);
        var rows = tensor([0.5f, -1, 3, 2]).view(2, 2);
        Assert.True((network.Vary(rows, null, 0, generator) - rows).abs().max().item<float>() < 1e-6f);
        Assert.True((network.Vary(rows, null, 0.01, generator) - rows).abs().max().item<float>() is > 1e-3f and < 0.3f);
    }

    [Theory]
    [InlineData(DiffusionPrediction.Noise, 0)]
    [InlineData(DiffusionPrediction.Velocity, 1)]
    public void OtherPredictionsAndStochasticDrawsHaveTheMomentsOfTheRows(DiffusionPrediction prediction, double stochasticity)
    {
        var ml = new MLContext(1);
        using var model = ml.Generative.TrainDiffusion(new DiffusionOptions { Prediction = prediction, Stochasticity = stochasticity, HiddenSize = 64, Training = new TrainingOptions { Steps = 800 } })
            .Fit(Rows.View(ml, 1000, rareEvery: 2000));
        var first = Models.Floats(model.Sample(4000, seed: 2), "Features").Where((_, i) => i % Rows.Features == 0).ToArray();
        Assert.Equal(10, first.Average(), 0.6);
        Assert.Equal(3, Math.Sqrt(first.Average(v => Math.Pow(v - first.Average(), 2))), 0.6);
    }

    [Fact]
    public void EverythingOutOfRangeIsSaidAtOnce()
    {
        var options = new DiffusionOptions
        {
            HiddenSize = 0, ResidualBlocks = -1, InputWaves = 17, Prediction = (DiffusionPrediction)9, SamplingSteps = 0, Stochasticity = 2, ConditionDropout = 0, GuidanceWeight = 1, VariationTime = 0,
            ImputationRepeats = 0, DensitySteps = 0, DensityProbes = 0, TokenNoise = (DiffusionTokenNoise)3,
        };
        Assert.Equal(
            "DiffusionOptions: HiddenSize is 0; it must be from 1 to 65536. ResidualBlocks is -1; it must be from 0 to 100. InputWaves is 17; it must be from 0 to 16. "
            + "Prediction is 9; it must be a value of the enumeration. SamplingSteps is 0; it must be from 1 to 10000. Stochasticity is 2; it must be from 0 to 1. "
            + "GuidanceWeight is 1; it must be 0 where ConditionDropout is 0. VariationTime is 0; it must be above 0 and up to 1. ImputationRepeats is 0; it must be from 1 to 1000. "
            + "DensitySteps is 0; it must be from 1 to 10000. DensityProbes is 0; it must be from 1 to 10000. TokenNoise is 3; it must be a value of the enumeration.",
            Assert.Throws<ArgumentException>(() => new MLContext().Generative.TrainDiffusion(options)).Message);
    }
}
