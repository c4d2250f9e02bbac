using Microsoft.ML.Data;
using Microsoft.ML.Generative.Networks;
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
        var options = new GanOptions { Loss = loss, DiscriminatorSteps = loss is GanLoss.Wasserstein or GanLoss.Hinge ? 3 : 1, Seed = 1, HiddenSizes = [32, 32], Training = new() { Steps = 1200, BatchSize = 128, WeightAveraging = 0.99 } };
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
        var objectives = network.Objectives.Concat(network.Afterwards!.Objectives).ToList();
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
    public void TheNoiseFallsGeometricallyAndATrainedModelSeesTheLeast()
    {
        using var scope = NewDisposeScope();
        using var network = Network(new GanOptions { GradientPenalty = GanPenalty.None });
        double Noise(double progress, bool trained)
        {
            using var generator = new Generator(1);
            return network.Blurred(zeros(20_000, 2), new TrainingStep(generator, CPU) { Progress = progress, StartedTrained = trained }).std().item<float>();
        }
        Assert.Equal(0.5, Noise(0, false), 0.01);
        Assert.Equal(0.1, Noise(0.5, false), 0.002);
        Assert.Equal(0.02, Noise(1, false), 0.0004);
        Assert.Equal(0.02, Noise(0, true), 0.0004);
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
        Assert.Equal(seen.Min(progress => progress.ValidationLoss), model.TrainingReport.BestLoss);
        Assert.Equal(seen.MinBy(progress => progress.ValidationLoss)!.Step, model.TrainingReport.BestStep);
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
        var options = new GanOptions { LatentSize = 0, Packing = 0, Waves = -1, InstanceNoise = -1, DiscriminatorRateScale = 0, DiscriminatorSteps = 0, GradientPenaltyWeight = -1, Training = new() { Dropout = 0.5 } };
        Assert.Equal(
            "GanOptions: LatentSize is 0; it must be from 1 to 65536. GradientPenaltyWeight is -1; it must be 0 or more. Packing is 0; it must be from 1 to 16. Waves is -1; it must be from 0 to 16. "
            + "InstanceNoise is -1; it must be 0 or more. DiscriminatorRateScale is 0; it must be above 0 and up to 100. DiscriminatorSteps is 0; it must be from 1 to 100. "
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
