using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

public sealed class CosineScheduleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.001)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void WhatIsLeftOfARowIsAsInThePaper(double time)
    {
        double F(double t) => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
        Assert.Equal(F(time) / F(0), CosineSchedule.SignalShare(time), 12);
        Assert.Equal(F(time) / F(0), Math.Pow(Math.Cos(CosineSchedule.Angle(time)), 2), 12);
        using var scope = NewDisposeScope();
        Assert.Equal(CosineSchedule.Angle(time), CosineSchedule.Angle(tensor([(float)time])).item<float>(), 5e-4);   // floats near a cosine of 1
    }

    [Fact]
    public void DrawingEndsWithoutNoiseAndFollowingARowBeginsWithTheLeast()
    {
        var falling = CosineSchedule.Falling(0.7, 5);
        Assert.Equal([0.7, 0.56, 0.42, 0.28, 0.14, 0], falling.Select(TimeOf), (a, b) => Math.Abs(a - b) < 1e-9);
        var rising = CosineSchedule.Rising(10);
        Assert.Equal(CosineSchedule.Angle(CosineSchedule.LeastTime), rising[0]);
        Assert.Equal(CosineSchedule.Angle(CosineSchedule.MostTime), rising[^1], 12);
        Assert.Equal(rising.Order(), rising);
    }

    private static double TimeOf(double angle) => angle == 0 ? 0 : Math.Acos(Math.Cos(angle) * Math.Cos(Math.PI / 2 * 0.008 / 1.008)) * 2 / Math.PI * 1.008 - 0.008;
}
