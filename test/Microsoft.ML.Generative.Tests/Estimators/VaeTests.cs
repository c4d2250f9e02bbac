using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

public sealed class VaeTests
{
    private static VaeNetwork Network(VaeOptions options, NetworkInput input)
    {
        using var generator = new Generator(3);
        return new VectorVaeNetwork(options, input, new Initializer(generator, CPU));
    }

    private static void Set(VaeNetwork network, string name, Tensor value)
    {
        using var noGradient = no_grad();
        network.named_parameters().Single(p => p.Item1 == name).Item2.copy_(value);
    }

    // x = W·z + b + √v·ε with orthogonal columns of W: the exact posterior is diagonal, so that the network can be it
    private static (VaeNetwork Network, Func<float[], double> LogDensity) LinearGaussian(int samples)
    {
        const double v = 0.25;
        var input = TestNetwork.InputOf(2) with { Mean = [1f, -2f], Scale = [2f, 0.5f] };
        var network = Network(new VaeOptions { HiddenSizes = [], LatentSize = 2, FixedVariance = v, ImportanceSamples = samples }, input);
        double[] w = [1.5, 0.7], b = [0.3, -0.1];   // W is diagonal
        double[] precision = w.Select(c => 1 + c * c / v).ToArray();
        Set(network, "output.weight", tensor([(float)w[0], 0, 0, (float)w[1]]).view(2, 2));
        Set(network, "output.bias", tensor([(float)b[0], (float)b[1]]));
        Set(network, "posterior.weight", tensor([(float)(w[0] / v / precision[0]), 0, 0, (float)(w[1] / v / precision[1]), 0, 0, 0, 0]).view(4, 2));
        Set(network, "posterior.bias", tensor([
            (float)(-b[0] * w[0] / v / precision[0]), (float)(-b[1] * w[1] / v / precision[1]), (float)-Math.Log(precision[0]), (float)-Math.Log(precision[1]),
        ]));
        return (network, x => Enumerable.Range(0, 2).Sum(i =>
        {
            double variance = (w[i] * w[i] + v) * input.Scale[i] * input.Scale[i];
            double mean = b[i] * input.Scale[i] + input.Mean[i];
            return -0.5 * (Math.Log(2 * Math.PI * variance) + Math.Pow(x[i] - mean, 2) / variance);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void TheBoundIsTightWhereThePosteriorIsExact(int samples)
    {
        var (network, logDensity) = LinearGaussian(samples);
        using (network)
        using (no_grad())
        {
            float[][] points = [[0, 0], [1, -2], [7, 1], [-3, -2.5f]];
            var actual = network.LogDensity(tensor(points.SelectMany(p => p).ToArray()).view(4, 2), null).ToFloats();
            for (int i = 0; i < points.Length; i++) Assert.Equal(logDensity(points[i]), actual[i], 3);
        }
    }

    [Fact]
    public void TheLossIsTheNegativeElboOfStandardisedRows()
    {
        var (network, logDensity) = LinearGaussian(1);
        using (network)
        {
            using var generator = new Generator(11);
            var x = tensor([0f, 0f, 1f, -2f, 7f, 1f]).view(3, 2);
            double expected = -(logDensity([0, 0]) + logDensity([1, -2]) + logDensity([7, 1])) / 3 - Math.Log(2 * 0.5);
            // one draw of z has an exact posterior's ELBO on average; many equal rows average it
            var many = x.repeat(20000, 1);
            double loss = network.Objectives[0].Loss(new Batch(network.Prepare(many), null), new TrainingStep(generator, CPU) { Progress = 1 }).item<float>();
            Assert.Equal(expected, loss, 0.05);
        }
    }

    [Fact]
    public void BetaWarmsUpInANewModelOnly()
    {
        var (network, _) = LinearGaussian(1);
        using (network)
        {
            var batch = new Batch(network.Prepare(tensor([0f, 0f, 1f, -2f, 7f, 1f]).view(3, 2)), null);
            double Loss(double progress, bool startedTrained)
            {
                using var generator = new Generator(11);
                return network.Objectives[0].Loss(batch, new TrainingStep(generator, CPU) { Progress = progress, StartedTrained = startedTrained }).item<float>();
            }
            Assert.True(Loss(0, false) < Loss(1, false), "at first the divergence is free");
            Assert.Equal(Loss(1, false), Loss(0, true));
        }
    }

    [Fact]
    public void TheDivergenceIsTheClosedForm()
    {
        var actual = VaeNetwork.Divergence(tensor([1f, 0f]).view(1, 2), tensor([0f, (float)Math.Log(4)]).view(1, 2)).item<float>();
        // KL(N(1,1)‖N(0,1)) = 1/2; KL(N(0,4)‖N(0,1)) = (4 − 1 − ln 4)/2
        Assert.Equal(0.5 + (3 - Math.Log(4)) / 2, actual, 5);
    }

    [Fact]
    public void GradientsThroughTheSampleAgreeWithFiniteDifferences()
    {
        using var network = Network(new VaeOptions { HiddenSizes = [5], LatentSize = 2, Activation = Activation.Tanh }, TestNetwork.InputOf(3));
        using var generator = new Generator(1);
        var x = randn(16, 3, generator: generator);
        double Loss()
        {
            using var noise = new Generator(9);
            return network.Objectives[0].Loss(new Batch(x, null), new TrainingStep(noise, CPU) { Progress = 1 }).item<float>();
        }
        using (var noise = new Generator(9))
            network.Objectives[0].Loss(new Batch(x, null), new TrainingStep(noise, CPU) { Progress = 1 }).backward();
        foreach (var (name, parameter) in network.named_parameters())
        {
            using var noGradient = no_grad();
            using var values = parameter.view(-1);
            float gradient = parameter.grad!.view(-1)[0].item<float>(), value = values[0].item<float>();
            const float h = 1e-2f;
            values[0] = value + h;
            double up = Loss();
            values[0] = value - h;
            double down = Loss();
            values[0] = value;
            Assert.True(Math.Abs((up - down) / (2 * h) - gradient) < 2e-3 + 0.02 * Math.Abs(gradient), $"{name}: {(up - down) / (2 * h)} by differences, {gradient} by the backward pass");
        }
    }

    [Fact]
    public void TheLatentsAreInUseAtTheDefaults()
    {
        var ml = new MLContext(1);
        using var model = ml.Generative.TrainVae(new VaeOptions { Training = new() { Steps = 800 } }).Fit(Rows.View(ml, 1000));
        var network = (VectorVaeNetwork)model.Model.Network;
        var rows = Rows.Make(500, seed: 2).SelectMany(r => r.Features).ToArray();
        using var noGradient = no_grad();
        double divergence = network.Divergence(tensor(rows).view(500, Rows.Features)).mean().item<float>();
        Assert.True(divergence > 1, $"KL is {divergence} nats: the code says nothing of the row");
    }
}
