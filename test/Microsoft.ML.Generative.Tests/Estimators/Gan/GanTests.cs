using Microsoft.ML.Data;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Gan;

public sealed class GanTests
{
    private static readonly MLContext Ml = new(1);

    private static VectorGanNetwork Network(GanOptions options, NetworkInput? input = null)
    {
        using var generator = new Generator(3);
        return new VectorGanNetwork(options, input ?? TestNetwork.InputOf(2), new Initializer(generator, CPU));
    }

    private static List<Point> TwoBlobs(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Point { Label = i % 2 == 0, Features = [(float)((i % 2 == 0 ? 5 : -5) + Rows.Normal(random)), (float)(20 + 3 * Rows.Normal(random))] })];
    }

    [Theory]
    [InlineData(GanLoss.NonSaturating)]
    [InlineData(GanLoss.Relativistic)]
    [InlineData(GanLoss.Hinge)]
    [InlineData(GanLoss.Wasserstein)]
    public void EveryLossLearnsTwoBlobs(GanLoss loss)
    {
        var options = new GanOptions { Loss = loss, Seed = 1, HiddenSizes = [32, 32], Training = new() { Steps = 1200, BatchSize = 128, WeightAveraging = 0.99 } };
        using var model = Ml.Generative.TrainGan(options).Fit(Ml.Data.LoadFromEnumerable(TwoBlobs(1000, 1)));
        var drawn = model.Sample(2000, seed: 2).GetColumn<float[]>("Features").ToList();
        Assert.InRange(drawn.Count(row => row[0] > 0) / 2000.0, 0.35, 0.65);
        Assert.True(drawn.Count(row => Math.Abs(Math.Abs(row[0]) - 5) < 4 && Math.Abs(row[1] - 20) < 12) > 1800);
        Assert.InRange(Deviation(drawn.Select(row => row[1])), 1.5, 4.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DrawsTheLabelAskedFor(int packing)
    {
        var options = new GanOptions { LabelColumnName = "Label", Packing = packing, Seed = 1, HiddenSizes = [32, 32], Training = new() { Steps = 1200, BatchSize = 128, WeightAveraging = 0.99 } };
        using var model = Ml.Generative.TrainGan(options).Fit(Ml.Data.LoadFromEnumerable(TwoBlobs(1000, 1)));
        foreach (bool label in new[] { true, false })
        {
            var drawn = model.Sample(500, seed: 2, new SampleOptions { Label = label }).GetColumn<float[]>("Features");
            Assert.True(drawn.Count(row => row[0] > 0 == label) > 450);
        }
    }

    [Fact]
    public void OnlyTheObjectivesOwnWeightsMove()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new GanOptions { Packing = 2 });
        using var generator = new Generator(1);
        var step = new TrainingStep(generator, CPU);
        string[] parts = ["discriminator", "generator", "encoder"];
        var objectives = network.Objectives;
        Assert.Equal(parts, objectives.Select(objective => objective.Name));
        foreach (var (objective, part) in objectives.Zip(parts))
        {
            Assert.Equal(network.named_parameters().Where(p => p.Item1.StartsWith(part, StringComparison.Ordinal)).Select(p => p.Item1), network.named_parameters().Select(p => p.Item1).Where(objective.Moves!));
            objective.Loss(new Batch(randn(8, 2, generator: generator), null), step).backward();
            foreach (var (name, parameter) in network.named_parameters())
            {
                Assert.Equal(objective.Moves!(name), parameter.grad is not null);
                parameter.grad = null;
            }
        }
    }

    [Fact]
    public void TheLeastNoiseFallsGeometricallyAndATrainedModelSeesAllNoiseAtOnce()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new GanOptions());
        (double Least, double Median, double Most) Noise(double progress, bool trained = false)
        {
            using var generator = new Generator(1);
            var deviations = network.NoiseDeviations(20_001, new TrainingStep(generator, CPU) { Progress = progress, StartedTrained = trained });
            return (deviations.amin([0, 1]).item<float>(), deviations.median().item<float>(), deviations.amax([0, 1]).item<float>());
        }
        Assert.Equal((0.5f, 0.5f, 0.5f), Noise(0));
        foreach (var (progress, trained, least) in new[] { (0.25, false, 0.1), (0.5, false, 0.02), (1, false, 0.02), (0, true, 0.02) })
        {
            var of = Noise(progress, trained);
            Assert.Equal(least, of.Least, 0.01 * least);
            Assert.Equal(Math.Sqrt(0.5 * least), of.Median, 0.03 * of.Median);
            Assert.Equal(0.5, of.Most, 0.005);
        }
    }

    [Fact]
    public void TheGeneratorIsTheMovingAverageOfItsSteps()
    {
        var rows = Ml.Data.LoadFromEnumerable(TwoBlobs(300, 1));
        float[] Generator(int steps, double averaging)
        {
            var options = new GanOptions { Seed = 1, HiddenSizes = [8], Training = new() { Steps = steps, BatchSize = 64, WeightAveraging = averaging } };
            using var model = Ml.Generative.TrainGan(options).Fit(rows);
            return [.. model.Model.Network.named_parameters().Where(p => p.Item1.StartsWith("generator.", StringComparison.Ordinal)).SelectMany(p => p.Item2.detach().ToFloats())];
        }
        float[] start = Generator(1, 0.9999999), last = Generator(200, 0), averaged = Generator(200, 0.9999);
        double Distance(float[] weights) => Math.Sqrt(weights.Zip(start, (a, b) => Math.Pow(a - b, 2)).Sum());
        Assert.True(Distance(last) > 0.1);
        // 133 steps, each of which the average follows by a ten-thousandth
        Assert.InRange(Distance(averaged) / Distance(last), 1e-5, 0.015);
        // by default it spans a fiftieth of the steps
        var plan = new TrainingPlan(new(), new GanOptions().DefaultTraining(TestNetwork.InputOf(2)), 1000);
        Assert.Equal(plan.Steps / 50.0, 1 / (1 - plan.WeightAveraging), 1e-6);
    }

    [Fact]
    public void TheConditionsOfAPackStandBesideItsRows()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Network(new GanOptions { Packing = 2, GradientPenalty = GanPenalty.None }, TestNetwork.InputOf(2) with { ConditionSize = 2 });
        float Loss(params long[] labels)
        {
            using var rows = new Generator(1);
            using var noise = new Generator(2);
            var batch = new Batch(randn(5, 2, generator: rows), nn.functional.one_hot(tensor(labels), 2).to(float32));
            return network.Objectives[0].Loss(batch, new TrainingStep(noise, CPU)).item<float>();
        }
        float loss = Loss(0, 1, 0, 0, 1);
        Assert.NotEqual(loss, Loss(1, 0, 0, 0, 1));   // each row has its own
        Assert.NotEqual(loss, Loss(0, 1, 0, 1, 1));
        Assert.Equal(loss, Loss(0, 1, 0, 0, 0));      // the fifth row has no second
    }

    [Fact]
    public void OfTheCandidatesThoseThatLookRealAreChosen()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double Look(int candidates)
        {
            using var network = Network(new GanOptions { Candidates = candidates, Score = GanScore.Discriminator });
            // rows and what is said of them are much alike before training
            foreach (var (_, weights) in network.named_parameters().Where(p => p.Item1 is "discriminator.output.weight" or "generator.output.weight")) weights.mul_(30);
            using var generator = new Generator(1);
            return -network.Score(network.Sample(2000, null, generator), null).mean().item<float>();
        }
        var odds = new[] { 1, 2, 16 }.Select(Look).ToList();
        Assert.True(odds[0] < odds[1] && odds[1] < odds[2], string.Join(", ", odds));
    }

    [Theory]
    [InlineData(GanLoss.NonSaturating, 1, 4)]
    [InlineData(GanLoss.Relativistic, 1, 4)]
    [InlineData(GanLoss.Hinge, 3, 1)]
    [InlineData(GanLoss.Wasserstein, 3, 1)]
    public void WhatTheLossNeedsIsTheDefault(GanLoss loss, int steps, int candidates)
    {
        var options = new GanOptions { Loss = loss };
        Assert.Equal((steps, candidates), (options.DiscriminatorStepsForLoss, options.CandidatesForLoss));
        Assert.Equal((2, 5), (options with { DiscriminatorSteps = 2, Candidates = 5 }) is var own ? (own.DiscriminatorStepsForLoss, own.CandidatesForLoss) : default);
        Assert.Equal(1, (options with { Packing = 2 }).CandidatesForLoss);
    }

    [Fact]
    public void WithoutTrainingALogSaysThatModesAreMissing()
    {
        var log = new TestLog();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(1);
        using var network = Network(new GanOptions());
        network.Report([new Batch(randn(200, 2, generator: generator) * 5, null)], generator, log);
        Assert.Matches(@"^warning: \d+\.\d ?% of 200 rows have a drawn row near them, as 97\.\d ?% would have if draws were like rows \(coverage\): modes are missing or blurred\.", Assert.Single(log.Lines));
    }

    [Fact]
    public void TheHeldOutRowsChooseTheWeightsByTheDiscrepancyOfSamples()
    {
        var seen = new List<TrainingProgress>();
        var training = new TrainingOptions { Steps = 1500, BatchSize = 64, ValidationFraction = 0.2, Progress = new Keep(seen) };
        using var model = Ml.Generative.TrainGan(new GanOptions { Seed = 1, HiddenSizes = [16], Training = training }).Fit(Ml.Data.LoadFromEnumerable(TwoBlobs(400, 1)));
        Assert.True(seen.Count > 3);
        var ofPlayers = seen.Where(progress => progress.Step <= 1000).ToList();   // the encoder comes after them
        Assert.Equal(ofPlayers.Min(progress => progress.ValidationLoss), model.TrainingReport.BestLoss);
        Assert.Equal(ofPlayers.MinBy(progress => progress.ValidationLoss)!.Step, model.TrainingReport.BestStep);
        Assert.All(seen, progress => Assert.InRange(progress.ValidationLoss!.Value, -0.1, 100));
    }

    [Fact]
    public void ScoresByTheDiscriminatorAreItsLogits()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new GanOptions { Score = GanScore.Discriminator });
        network.eval();
        using var noGradient = no_grad();
        var x = tensor([0f, 1f, 2f, -1f]).view(2, 2);
        var discriminator = (Discriminator)network.named_children().Single(child => child.Item1 == "discriminator").Item2;
        Assert.Equal((-discriminator.Call(x, null)).data<float>().ToArray(), network.Score(x, null).data<float>().ToArray());
    }

    [Fact]
    public void AllFaultsOfTheOptionsAreNamed()
    {
        var options = new GanOptions { LatentSize = 0, Packing = 0, Waves = -1, InstanceNoise = -1, DiscriminatorRateScale = 0, DiscriminatorSteps = 0, Candidates = 65, GradientPenaltyWeight = -1, Training = new() { Dropout = 0.5 } };
        Assert.Equal(
            "GanOptions: LatentSize is 0; it must be from 1 to 65536. GradientPenaltyWeight is -1; it must be 0 or more. Packing is 0; it must be from 1 to 16. Waves is -1; it must be from 0 to 16. "
            + "InstanceNoise is -1; it must be 0 or more. DiscriminatorRateScale is 0; it must be above 0 and up to 100. DiscriminatorSteps is 0; it must be from 1 to 100. Candidates is 65; it must be from 1 to 64. "
            + "Dropout is 0.5; it must be 0 or null: a GAN drops no units.",
            Assert.Throws<ArgumentException>(() => Ml.Generative.TrainGan(options)).Message);
    }

    private static double Deviation(IEnumerable<float> values)
    {
        var all = values.ToList();
        double mean = all.Average();
        return Math.Sqrt(all.Average(v => (v - mean) * (v - mean)));
    }

    private sealed class Keep(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
