using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Networks of a few units against sums over all states of the hidden layers.</summary>
public sealed class DeepBeliefTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(14);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private DeepBeliefNetwork Network(IReadOnlyList<int> sizes, int samples, bool withReal = false)
    {
        var spans = withReal ? new List<FeatureSpan> { new("Features", 0, 4, SpanKind.Binary), new("Features", 4, 1, SpanKind.Continuous) } : [new("Features", 0, 5, SpanKind.Binary)];
        var input = new NetworkInput(spans, new float[5], [1, 1, 1, 1, withReal ? 2 : 1], 0, 100) { Average = [0.5f, 0.5f, 0.5f, 0.5f, 0.5f] };
        var network = (DeepBeliefNetwork)new DeepBeliefOptions { HiddenSizes = sizes, ImportanceSamples = samples }.CreateNetwork(input, new Initializer(_generator, CPU));
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters()) parameter.normal_(0, name.EndsWith("logVariance", StringComparison.Ordinal) ? 0.2 : 0.5, _generator);
        network.Calibrate([new Batch(RbmLayerTests.AllStates(5), null)]);
        return network;
    }

    // log of the sum over all states of the hidden units, layer by layer from the top
    private static Tensor Exact(DeepBeliefNetwork network, Tensor x, double logVolume)
    {
        var top = network.Layers[^1];
        var states = RbmLayerTests.AllStates(top.Visible);
        var logPrior = top.FreeEnergy(states, top.Biases(null)).neg() - top.Enumerate(top.Biases(null)).Value;
        for (int i = network.Layers.Count - 2; i >= 0; i--)
        {
            var layer = network.Layers[i];
            var below = i == 0 ? x : RbmLayerTests.AllStates(layer.Visible);
            var input = layer.VisibleInput(states, layer.Biases(null));
            var logConditional = layer.LogDensityOfVisible(below.unsqueeze(1), input);        // (below, states)
            logPrior = (logConditional + logPrior).logsumexp(1);
            states = below;
        }
        return logPrior - logVolume;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheBoundLiesBelowAndManySamplesMeetTheLikelihood(bool withReal)
    {
        using var noGradient = no_grad();
        using var network = Network([4, 3, 4], samples: 10_000, withReal);
        var x = RbmLayerTests.AllStates(5);
        var exact = Exact(network, withReal ? cat([x.narrow(1, 0, 4), x.narrow(1, 4, 1) / 2], 1) : x, withReal ? Math.Log(2) : 0);
        Assert.Equal(DensityKind.Bound, network.DensityKind);
        double worst = (network.LogDensity(x, null) - exact).abs().max().item<float>();
        Assert.True(worst < 0.1, $"{worst}");

        // one sample is the variational bound, estimated: below on average, over other thresholds
        using var single = Network([4, 3, 4], samples: 1, withReal);
        foreach (var (mine, other) in single.parameters().Zip(network.parameters())) mine.copy_(other);
        single.Calibrate([new Batch(x, null)]);
        var thresholds = single.named_buffers().Single(buffer => buffer.Item1 == "thresholds").Item2;
        double gap = 0;
        for (int draw = 0; draw < 100; draw++)
        {
            var uniform = empty_like(thresholds).uniform_(0.0001, 0.9999, _generator);
            thresholds.copy_(uniform.log() - (1 - uniform).log());
            gap += (exact - single.LogDensity(x, null)).mean().item<float>() / 100;
        }
        Assert.InRange(gap, 0.01, 5);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    public void ALayerThatStandsOnAnotherIsTheSameModel(int hidden)
    {
        using var below = RbmLayerTests.Layer(RbmLayerTests.Bits(5), 4, scale: 1);
        using var noGradient = no_grad();
        using var top = new RbmLayer(RbmLayerTests.Bits(4), null, hidden, 0, null, new Initializer(_generator, CPU));   // what is left over has weights near 0
        top.StandOn(below);
        var h = RbmLayerTests.AllStates(4);
        var expected = below.MarginalOfHidden(h, below.Biases(null)) - below.Enumerate(below.Biases(null)).Value;
        var actual = top.FreeEnergy(h, top.Biases(null)).neg() - top.Enumerate(top.Biases(null)).Value;
        double worst = (expected - actual).abs().max().item<float>();
        Assert.True(worst < (hidden == 5 ? 1e-4 : 2e-3), $"{worst}");
    }

    [Fact]
    public void ALayerBeginsWhereTheOneBelowHasEnded()
    {
        var measured = new Measurements();
        using var model = Deep(new DeepBeliefOptions
        {
            HiddenSizes = [4, 8], UpperLearningRate = 1e-6, Training = new() { Steps = 2000, Progress = measured },
        });
        var losses = measured.Losses;
        double best = losses.Take(losses.Count / 2).Min();
        Assert.True(losses[0] > best + 0.5, $"{losses[0]} and {best}");   // the first layer has learnt something
        Assert.All(losses.Skip(losses.Count / 2), loss => Assert.InRange(loss, best - 0.05, best + 0.05));
    }

    [Fact]
    public void FineTuningMakesRowsMoreLikelyAndUntiesTheWayUp()
    {
        var options = new DeepBeliefOptions { HiddenSizes = [3, 2], Seed = 3, Training = new() { Steps = 2000 } };
        using var tied = Deep(options);
        using var tuned = Deep(options with { FineTuning = new() { Steps = 2000, LearningRate = 0.3 } });
        using var noGradient = no_grad();
        var rows = TwoPatterns();
        double Likelihood(GenerativeTransformer model) => Exact((DeepBeliefNetwork)model.Model.Network, rows, 0).mean().item<float>();
        Assert.True(Likelihood(tuned) > Likelihood(tied) + 0.05, $"{Likelihood(tuned)} against {Likelihood(tied)}");

        var weights = tuned.Model.Network.named_parameters().ToDictionary(p => p.Item1, p => p.Item2);
        Assert.True((weights["recognition1.weight"] - weights["layer1.weight"]).abs().max().item<float>() > 0.01);
        Assert.DoesNotContain(tied.Model.Network.named_parameters(), p => p.Item1.StartsWith("recognition", StringComparison.Ordinal));
        // q(h|x) is what the way up says, whatever its weights: the bound lies below the likelihood
        var view = View(rows);
        double bound = Models.Floats(tuned.Transform(view), "LogDensity").Average();
        Assert.InRange(bound, Likelihood(tuned) - 0.5, Likelihood(tuned) + 0.02);
    }

    [Fact]
    public void TheGradientsOfTheWayDownAndOfTheWayUpAreDerivatives()
    {
        bool[] isReal = [false, true, false];
        using var layer = RbmLayerTests.Layer(isReal, 2, scale: 0.7, conditions: 2);
        using var up = new RecognitionLayer(layer, new Initializer(_generator, CPU));
        var v = empty(20, 3).bernoulli_(0.5, _generator);
        var h = empty(20, 2).bernoulli_(0.5, _generator);
        var condition = nn.functional.one_hot(arange(20).remainder(2), 2).to(float32);
        using (no_grad()) foreach (var parameter in up.parameters()) parameter.normal_(0, 0.7, _generator);

        var logits = up.HiddenLogits(v, condition);
        (layer.LogDensityOfVisible(v, layer.VisibleInput(h, layer.Biases(condition))).mean() + (h * logits - nn.functional.softplus(logits)).sum(-1).mean()).neg().backward();
        var expected = layer.named_parameters().Concat(up.named_parameters().Select(p => ("up." + p.Item1, p.Item2))).Where(p => p.Item2.grad is not null).ToDictionary(p => p.Item1, p => p.Item2.grad!.clone());
        using var noGradient = no_grad();
        var variance = layer.Precision()!.reciprocal();
        expected["weight"] *= variance.unsqueeze(1);
        expected["visible.bias"] *= variance;
        expected["visible.shift"] *= variance;
        expected["visible.logVariance"] = expected["visible.logVariance"].clamp(-RbmLearning.LongestOfVariance, RbmLearning.LongestOfVariance);
        layer.WriteGradientOfVisible(v, h, condition);
        up.WriteGradient(v, h, condition);
        var actual = layer.named_parameters().Concat(up.named_parameters().Select(p => ("up." + p.Item1, p.Item2))).ToDictionary(p => p.Item1, p => p.Item2.grad);
        Assert.Equal(7, expected.Count);
        foreach (var (name, derivative) in expected)
            Assert.True((actual[name]! - derivative).abs().max().item<float>() < 1e-5, $"{name}: {string.Join(' ', actual[name]!.ToFloats())} against {string.Join(' ', derivative.ToFloats())}");
    }

    [Fact]
    public void LayersAreLearntOneAfterTheOther()
    {
        var view = View(TwoPatterns());
        var ml = new MLContext(1);
        using var rbm = ml.Generative.TrainRbm(new RbmOptions { HiddenSize = 4, Training = new() { Steps = 1000 } }).Fit(view);
        using var deep = ml.Generative.TrainDeepBelief(new DeepBeliefOptions { HiddenSizes = [4, 8], Training = new() { Steps = 2000 } }).Fit(view);
        double entropy = Math.Log(2) - 8 * (0.05 * Math.Log(0.05) + 0.95 * Math.Log(0.95));
        double shallow = Models.Floats(rbm.Transform(view), "LogDensity").Average(), bound = Models.Floats(deep.Transform(view), "LogDensity").Average();
        Assert.InRange(shallow, -entropy - 0.25, -entropy + 0.15);
        Assert.InRange(bound, -entropy - 0.25, -entropy + 0.15);
    }

    // 1,000 rows of two patterns with some bits turned
    private static Tensor TwoPatterns()
    {
        using var generator = new Generator(1);
        var pattern = empty(1000, 1).bernoulli_(0.5, generator);
        return (pattern.expand(-1, 8) + empty(1000, 8).bernoulli_(0.05, generator)).remainder(2);
    }

    private static IDataView View(Tensor rows) => new MLContext(1).Data.LoadFromEnumerable(rows.ToFloats().Chunk(8).Select(bits => new Octet { Features = bits }).ToList());

    private static GenerativeTransformer Deep(DeepBeliefOptions options) => new MLContext(1).Generative.TrainDeepBelief(options).Fit(View(TwoPatterns()));

    private sealed class Measurements : IProgress<TrainingProgress>
    {
        public List<double> Losses { get; } = [];

        public void Report(TrainingProgress value) => Losses.Add(value.ValidationLoss!.Value);
    }

    private sealed class Octet
    {
        [Data.VectorType(8)]
        public float[] Features { get; set; } = [];
    }
}
