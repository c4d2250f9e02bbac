using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Flow;

/// <summary>Whole flows, with weights drawn at random: what they say of densities is true of what they draw.</summary>
public sealed class FlowTests
{
    internal static readonly Dictionary<string, FlowOptions> All = new()
    {
        ["default"] = new() { HiddenSizes = [16], BaseComponents = 3, NoiseScales = [0, 0.1] },
        ["coupling"] = new() { Structure = FlowStructure.Coupling, Transforms = 2, Mixing = FlowMixing.Linear, Base = FlowBaseDistribution.Standard, HiddenSizes = [16], NoiseScales = [0] },
        ["autoregressive"] = new() { Structure = FlowStructure.Autoregressive, Transforms = 2, Mixing = FlowMixing.Reverse, Base = FlowBaseDistribution.Diagonal, HiddenSizes = [16], NoiseScales = [0] },
        ["affine"] = new() { Transform = FlowTransform.Affine, Transforms = 2, Base = FlowBaseDistribution.Mixture, BaseComponents = 3, HiddenSizes = [16], ResidualBlocks = 0, NoiseScales = [0, 0] },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheDensityIntegratesToOne(string name)
    {
        using var scope = NewDisposeScope();
        using var network = Make(All[name], TestNetwork.InputOf(2));
        Assert.InRange(Grid(network).Mass.sum().item<float>(), 0.99, 1.01);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DrawsAreAsOftenInACellAsTheDensitySays(string name)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = Make(All[name], TestNetwork.InputOf(2));
        using var generator = new Generator(5);
        AssertAgrees(network, network.Sample(Draws, null, generator));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void VariationsOfDrawsAreDraws(string name)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = Make(All[name], TestNetwork.InputOf(2));
        using var generator = new Generator(5);
        var rows = network.Sample(Draws, null, generator);
        AssertAgrees(network, network.Vary(rows, null, 0.5, generator));
        var same = network.Vary(rows.narrow(0, 0, 200), null, 0, generator);
        Assert.True(((same - rows.narrow(0, 0, 200)).abs() > 1e-2 * (1 + rows.narrow(0, 0, 200).abs())).to(float32).mean().item<float>() < 0.02);
    }

    [Fact]
    public void ProbabilitiesOfDiscreteRowsSumToOne()
    {
        using var scope = NewDisposeScope();
        // zeros and ones, and whole numbers from 0 to 3; what a flow gives to other cells is missing from the sum, so it is trained
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).SelectMany(_ =>
        {
            float a = random.Next(2);
            return new[] { a, random.NextDouble() < 0.7 ? a + random.Next(3) : 0 };
        }).ToArray();
        using var trained = TrainOnDiscrete(rows);
        using var inference = inference_mode();
        var states = (from a in new[] { 0f, 1f } from b in new[] { 0f, 1, 2, 3 } select new[] { a, b }).SelectMany(s => s).ToArray();
        var chances = trained.LogDensity(tensor(states).view(8, 2), null).exp().ToFloats();
        Assert.InRange(chances.Sum(), 0.9, 1.02);
        for (int i = 0; i < chances.Length; i++)
        {
            double share = Enumerable.Range(0, 400).Count(r => rows[2 * r] == states[2 * i] && rows[2 * r + 1] == states[2 * i + 1]) / 400.0;
            Assert.InRange(chances[i], share - 0.07, share + 0.07);
        }
        Assert.Equal(DensityKind.Bound, trained.DensityKind);
        using var generator = new Generator(1);
        Assert.All(trained.Sample(500, null, generator).select(1, 1).ToFloats(), value => Assert.Contains(value, new float[] { 0, 1, 2, 3 }));
    }

    [Fact]
    public void WhatIsImputedHasTheConditionalDistributionOfAGaussian()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        // x = L·ε, so that the covariance is L·Lᵀ
        var options = new FlowOptions { Transforms = 1, Transform = FlowTransform.Affine, Mixing = FlowMixing.Linear, Base = FlowBaseDistribution.Standard, HiddenSizes = [4], NoiseScales = [0] };
        using var network = new FlowNetwork(options, TestNetwork.InputOf(3), new Initializer(new Generator(1), CPU));
        foreach (var (name, parameter) in network.named_parameters())
            if (name.EndsWith("triangles", StringComparison.Ordinal)) parameter.copy_(tensor([0f, 1.2f, -0.5f, 0.8f, 0, 0.7f, -0.4f, 0.9f, 0]).view(3, 3));
        const int Count = 4000;
        using var generator = new Generator(3);
        var sample = network.Sample(200_000, null, generator).to(float64);
        var covariance = sample.t().mm(sample) / sample.shape[0];
        var known = tensor([1f, 0, 0]).expand(Count, 3);
        var drawn = network.Impute(tensor([1.5f, float.NaN, float.NaN]).expand(Count, 3).contiguous(), known, null, generator).to(float64);

        // regression on the known feature: mean Σ₂₁/Σ₁₁·x, covariance Σ₂₂ − Σ₂₁·Σ₁₂/Σ₁₁
        var slope = covariance.narrow(0, 1, 2).narrow(1, 0, 1) / covariance[0, 0];
        var expectedCovariance = covariance.narrow(0, 1, 2).narrow(1, 1, 2) - slope.mm(covariance.narrow(0, 0, 1).narrow(1, 1, 2));
        var unknown = drawn.narrow(1, 1, 2);
        var mean = unknown.mean([0]);
        var centred = unknown - mean;
        var deviations = expectedCovariance.diagonal().sqrt();
        Assert.All(drawn.select(1, 0).to(float32).ToFloats(), value => Assert.Equal(1.5f, value));
        Assert.True(((mean - slope.view(-1) * 1.5).abs() / deviations).max().item<double>() < 0.08);
        var errors = (centred.t().mm(centred) / Count - expectedCovariance).abs() / outer(deviations, deviations);
        Assert.True(errors.max().item<double>() < 0.1, $"covariance off by {errors.max().item<double>()}");
    }

    [Fact]
    public void WeightsOfTheMembersFollowTheRowsHeldOut()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        // one member is told that everything lies elsewhere
        var options = new FlowOptions { Transforms = 1, Base = FlowBaseDistribution.Diagonal, HiddenSizes = [4], NoiseScales = [0, 0] };
        using var network = new FlowNetwork(options, TestNetwork.InputOf(2), new Initializer(new Generator(1), CPU));
        foreach (var (name, parameter) in network.named_parameters())
            if (name == "member1.base.means") parameter.fill_(6);
        using var generator = new Generator(2);
        var rows = randn(300, 2, generator: generator);
        double before = network.LogDensity(rows, null).mean().item<float>();
        network.Calibrate([new Batch(rows, null)]);
        Assert.Equal(before + Math.Log(2), network.LogDensity(rows, null).mean().item<float>(), 0.01);
    }

    private const int Draws = 40_000;

    private static FlowNetwork TrainOnDiscrete(float[] rows)
    {
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(rows.Chunk(2).Select(r => new Pair { Features = r }));
        var options = new FlowOptions { HiddenSizes = [32], NoiseScales = [0], Training = new TrainingOptions { Steps = 800, Dropout = 0, ValidationFraction = 0 } };
        return (FlowNetwork)ml.Generative.TrainFlow(options).Fit(view).Model.Network;
    }

    private static FlowNetwork Make(FlowOptions options, NetworkInput input)
    {
        var generator = new Generator(11);
        var network = new FlowNetwork(options, input, new Initializer(generator, CPU));
        DrawParameters(network, generator);
        return network;
    }

    internal static void DrawParameters(nn.Module network, Generator generator)
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            if (!name.EndsWith("start", StringComparison.Ordinal)) parameter.normal_(0, 0.3, generator);
    }

    // chances of the cells of a grid of 4 by 4 coarse cells, each the sum over fine ones
    private static (Tensor Mass, double Lowest, double Width) Grid(FlowNetwork network)
    {
        using var noGradient = no_grad();
        const int Fine = 800;
        const double Lowest = -12, Width = 24.0 / Fine;
        var axis = arange(Fine, float32) * Width + (Lowest + Width / 2);
        var points = stack([axis.unsqueeze(1).expand(Fine, Fine).reshape(-1), axis.repeat(Fine)], 1);
        return (network.LogDensity(points, null).exp().view(Fine, Fine) * (Width * Width), Lowest, Width);
    }

    private static void AssertAgrees(FlowNetwork network, Tensor draws)
    {
        var (mass, lowest, width) = Grid(network);
        const int Coarse = 40;   // cells of 0.6, 20 fine ones wide
        int fine = (int)mass.shape[0] / Coarse;
        var expected = mass.view(Coarse, fine, Coarse, fine).sum(3).sum(1).view(-1);
        var place = ((draws - lowest) / (width * fine)).floor().clamp(0, Coarse - 1).to(int64);
        var counts = (place.select(1, 0) * Coarse + place.select(1, 1)).bincount(null, Coarse * Coarse).to(float32) / Draws;
        // five standard errors of a share
        var allowed = (expected / Draws).sqrt() * 5 + 5e-4;
        Assert.True((counts - expected).abs().lt(allowed).all().item<bool>(), $"off by {((counts - expected).abs() - allowed).max().item<float>()}");
        Assert.True(expected.gt(2e-3).sum().item<long>() >= 20, "the grid is too coarse for the test to say anything");
    }

    private sealed class Pair
    {
        [Data.VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
