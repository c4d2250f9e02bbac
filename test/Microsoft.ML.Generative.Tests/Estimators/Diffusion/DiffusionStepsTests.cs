using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

/// <summary>With the velocity of a Gaussian, which is known in closed form, everything comes out as the Gaussian has it.</summary>
public sealed class DiffusionStepsTests
{
    private const double Mean = 0.7, Deviation = 0.3;

    private static readonly double Start = CosineSchedule.Angle(CosineSchedule.MostTime);

    private static Tensor OfGaussian(Tensor y, double angle) => OfGaussian(y, angle, Mean);

    // E[x|y] = m + s²·cosφ/(s²·cos²φ + sin²φ)·(y − cosφ·m)
    private static Tensor OfGaussian(Tensor y, double angle, double mean)
    {
        var (c, s) = (Math.Cos(angle), Math.Sin(angle));
        var clean = (y - c * mean) * (Deviation * Deviation * c / (Deviation * Deviation * c * c + s * s)) + mean;
        return (y * c - clean) / s;
    }

    private static Tensor Normal(Generator generator, params long[] shape) => empty(shape, float64).normal_(0, 1, generator);

    [Fact]
    public void NoiseAddedOnceOrInTwoStepsHasTheMomentsOfTheSchedule()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        double first = CosineSchedule.Angle(0.3), second = CosineSchedule.Angle(0.6);
        const int Count = 400_000;
        var x = full(Count, 1, 2.0, float64);
        var once = DiffusionSteps.AddNoise(x, 0, second, Normal(generator, Count, 1));
        var twice = DiffusionSteps.AddNoise(DiffusionSteps.AddNoise(x, 0, first, Normal(generator, Count, 1)), first, second, Normal(generator, Count, 1));
        foreach (var y in new[] { once, twice })
        {
            Assert.Equal(2 * Math.Cos(second), y.mean().item<double>(), 0.006);   // four standard errors
            Assert.Equal(Math.Pow(Math.Sin(second), 2), y.var().item<double>(), 0.006);
        }
    }

    [Theory]
    [InlineData(0, false, 200)]
    [InlineData(0, true, 30)]
    [InlineData(0.5, false, 300)]
    [InlineData(1, false, 300)]
    public void ThePerfectDenoiserOfAGaussianDrawsIt(double stochasticity, bool secondOrder, int steps)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const int Count = 100_000;
        var drawn = DiffusionSteps.Draw(OfGaussian, Normal(generator, Count, 1), CosineSchedule.Falling(CosineSchedule.MostTime, steps), stochasticity, secondOrder, () => Normal(generator, Count, 1));
        Assert.Equal(Mean, drawn.mean().item<double>(), 0.02 * Deviation);
        Assert.Equal(Deviation, drawn.std().item<double>(), 0.03 * Deviation);
    }

    [Fact]
    public void TheSecondOrderIsCloserInAsManySteps()
    {
        using var scope = NewDisposeScope();
        // the flow takes quantiles to quantiles: one deviation out stays one deviation out
        double end = CosineSchedule.Angle(0.05), expectedDeviation = Math.Sqrt(Math.Pow(Deviation * Math.Cos(end), 2) + Math.Pow(Math.Sin(end), 2));
        double startDeviation = Math.Sqrt(Math.Pow(Deviation * Math.Cos(Start), 2) + Math.Pow(Math.Sin(Start), 2));
        double Error(bool secondOrder)
        {
            var angles = Enumerable.Range(0, 31).Select(i => CosineSchedule.Angle(CosineSchedule.MostTime + (0.05 - CosineSchedule.MostTime) * i / 30)).ToArray();
            var y = full(1, 1, Mean * Math.Cos(Start) + startDeviation, float64);
            var drawn = DiffusionSteps.Draw(OfGaussian, y, angles, 0, secondOrder, () => throw new InvalidOperationException()).item<double>();
            return Math.Abs(drawn - (Mean * Math.Cos(end) + expectedDeviation));
        }
        Assert.True(Error(true) < Error(false) / 4, $"{Error(true)} against {Error(false)}");
    }

    [Fact]
    public void AStepOfDdimIsThatOfThePaper()
    {
        using var scope = NewDisposeScope();
        double from = 1.1, to = 0.6, eta = 0.4;
        var y = tensor([0.2, -1.3, 2.0]).view(3, 1);
        var noise = tensor([0.5, 1, -1]).view(3, 1);
        var drawn = DiffusionSteps.Draw(OfGaussian, y, [from, to], eta, secondOrder: false, () => noise);
        // equations 12 and 16 of Song et al., 2021, with α̅ = cos²φ
        double a = Math.Pow(Math.Cos(from), 2), b = Math.Pow(Math.Cos(to), 2), deviation = eta * Math.Sqrt((1 - b) / (1 - a)) * Math.Sqrt(1 - a / b);
        var epsilon = y * Math.Sqrt(1 - a) + OfGaussian(y, from) * Math.Sqrt(a);
        var expected = (y - epsilon * Math.Sqrt(1 - a)) / Math.Sqrt(a) * Math.Sqrt(b) + epsilon * Math.Sqrt(1 - b - deviation * deviation) + noise * deviation;
        Assert.True((drawn - expected).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void TheFlowToNoiseGivesTheLogDensityOfAGaussian()
    {
        using var scope = NewDisposeScope();
        var angles = CosineSchedule.Rising(200);
        var x = tensor([0.7, 0.4, 1.9, -0.2]).view(2, 2);
        // the flow takes quantiles to quantiles, and its end counts as standard normal, which it is but for what is left of the row there
        (double Mean, double Deviation) At(double angle) => (Mean * Math.Cos(angle), Math.Sqrt(Math.Pow(Deviation * Math.Cos(angle), 2) + Math.Pow(Math.Sin(angle), 2)));
        var (first, last) = (At(angles[0]), At(angles[^1]));
        double c = Math.Cos(angles[0]);
        var quantile = (x * c - first.Mean) / first.Deviation;
        var end = quantile * last.Deviation + last.Mean;
        var expected = ((end.square() + Math.Log(2 * Math.PI)) / -2 + Math.Log(last.Deviation) - Math.Log(first.Deviation)).sum(-1);
        var ofGaussian = ((quantile.square() + Math.Log(2 * Math.PI)) / -2 - Math.Log(first.Deviation)).sum(-1);
        Assert.True((expected - ofGaussian).abs().max().item<double>() < 0.1);
        var actual = DiffusionSteps.LogDensity(OfGaussian, (y, angle, _) =>
        {
            var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
            double slope = (cos - Deviation * Deviation * cos / (Deviation * Deviation * cos * cos + sin * sin)) / sin;   // of OfGaussian
            return (OfGaussian(y, angle), full(2, 2 * slope, float64));
        }, x * c, angles);
        Assert.True((actual - expected).abs().max().item<double>() < 2e-3);
    }

    [Fact]
    public void BoundsOfTwoGaussiansDifferAsTheirLogDensities()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        const int Count = 20_000;
        const double Other = 0.1;
        // how much of the difference is left with the noise of a time
        double Told(double time) => Deviation * Deviation / (Deviation * Deviation + Math.Pow(Math.Tan(CosineSchedule.Angle(time)), 2));
        foreach (double x in (double[])[0.7, 0.4, -0.2])
        {
            var y = full(Count, 1, x, float64);
            Tensor[] noises = [.. Enumerable.Range(0, 8).Select(_ => Normal(generator, Count, 1))];
            double difference = (DiffusionSteps.Bound(OfGaussian, y, noises) - DiffusionSteps.Bound((rows, angle) => OfGaussian(rows, angle, Other), y, noises)).mean().item<double>();
            double ofDensities = (Math.Pow(x - Other, 2) - Math.Pow(x - Mean, 2)) / (2 * Deviation * Deviation);
            Assert.Equal(ofDensities * (Told(DiffusionSteps.FirstBoundTime) - Told(DiffusionSteps.LastBoundTime)), difference, 0.02);
        }
    }

    [Fact]
    public void WhatIsFilledInIsDrawnGivenWhatIsKnownWhichStays()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        // two standard normal features of correlation ρ: E[x|y] = cosφ·Σ·(cos²φ·Σ + sin²φ·I)⁻¹·y
        const double Correlation = 0.8, Known = 1.5;
        const int Count = 10_000;
        var sigma = tensor([1, Correlation, Correlation, 1]).view(2, 2);
        Tensor Velocity(Tensor y, double angle)
        {
            var (c, s) = (Math.Cos(angle), Math.Sin(angle));
            var clean = y.mm(linalg.inv(sigma * (c * c) + eye(2, dtype: float64) * (s * s)).mm(sigma)) * c;
            return (y * c - clean) / s;
        }
        var x = tensor([Known, 0]).expand(Count, 2);
        (double Mean, double Deviation) Fill(int repeats)
        {
            var filled = DiffusionSteps.Fill(Velocity, x, tensor([true, false]).expand(Count, 2), CosineSchedule.Falling(CosineSchedule.MostTime, 50), repeats, () => Normal(generator, Count, 2));
            Assert.True(filled.select(1, 0).eq(Known).all().item<bool>());
            return (filled.select(1, 1).mean().item<double>(), filled.select(1, 1).std().item<double>());
        }
        var (once, often) = (Fill(1), Fill(5));
        // an approximation: repeats bring it near, not there (by 0.11 and 0.04)
        Assert.True(Math.Abs(often.Mean - Correlation * Known) < Math.Abs(once.Mean - Correlation * Known) / 3);
        Assert.Equal(Correlation * Known, often.Mean, 0.15);
        Assert.Equal(Math.Sqrt(1 - Correlation * Correlation), often.Deviation, 0.07);
    }
}
