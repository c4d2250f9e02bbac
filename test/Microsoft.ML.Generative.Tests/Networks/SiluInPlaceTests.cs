using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Tests.Networks;

public class SiluInPlaceTests
{
    [Fact]
    public void IsXTimesTheSigmoid()
    {
        float[] x = [.. Enumerable.Range(0, 20_001).Select(i => (i - 10_000) / 100f), 1e-30f, -1e-30f, 1e30f, float.MaxValue];
        float[] values = [.. x];
        SiluInPlace.Apply(values);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = x[i] / (1 + Math.Exp(-(double)x[i]));
            Assert.True(Math.Abs(values[i] - expected) <= 4e-7 * Math.Abs(expected) + 1e-35, $"{x[i]}: {values[i]} instead of {expected}");
        }
    }

    [Fact]
    public void WhatIsNotANumberStaysSo()
    {
        float[] values = [float.NaN, float.PositiveInfinity];
        SiluInPlace.Apply(values);
        Assert.Equal([float.NaN, float.PositiveInfinity], values);
    }

    [Fact]
    public void TheResultOfANumberDoesNotDependOnItsPlace()
    {
        float[] all = [.. Enumerable.Range(0, 53).Select(i => MathF.Sin(i) * 5)], one = new float[1];
        float[] values = [.. all];
        SiluInPlace.Apply(values);
        for (int i = 0; i < all.Length; i++)
        {
            one[0] = all[i];
            SiluInPlace.Apply(one);
            Assert.Equal(values[i], one[0]);
        }
    }
}
