using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Tests.Networks;

public class ActivationInPlaceTests
{
    [Fact]
    public void IsXTimesTheSigmoid()
    {
        float[] x = [.. Enumerable.Range(0, 20_001).Select(i => (i - 10_000) / 100f), 1e-30f, -1e-30f, 1e30f, float.MaxValue];
        float[] values = [.. x];
        ActivationInPlace.Apply(Activation.Silu, values);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = x[i] / (1 + Math.Exp(-(double)x[i]));
            Assert.True(Math.Abs(values[i] - expected) <= 4e-7 * Math.Abs(expected) + 1e-35, $"{x[i]}: {values[i]} instead of {expected}");
        }
    }

    [Fact]
    public void OthersAreWhatTheirFormulasSay()
    {
        float[] x = [.. Enumerable.Range(0, 4_001).Select(i => (i - 2_000) / 100f), 1e-6f, -1e-30f, 1e30f];
        foreach (var (activation, formula) in new (Activation, Func<double, double>)[]
            { (Activation.Relu, v => Math.Max(v, 0)), (Activation.Tanh, Math.Tanh), (Activation.LeakyRelu, v => v > 0 ? v : 0.01f * v), (Activation.Sigmoid, v => 1 / (1 + Math.Exp(-v))) })
        {
            float[] values = [.. x];
            ActivationInPlace.Apply(activation, values);
            for (int i = 0; i < x.Length; i++)
                Assert.True(Math.Abs(values[i] - formula(x[i])) <= 1e-6 * Math.Abs(formula(x[i])), $"{activation} of {x[i]}: {values[i]} instead of {formula(x[i])}");
        }
    }

    [Fact]
    public void WhatIsNotANumberStaysSo()
    {
        float[] values = [float.NaN, float.PositiveInfinity];
        ActivationInPlace.Apply(Activation.Silu, values);
        Assert.Equal([float.NaN, float.PositiveInfinity], values);
    }

    [Fact]
    public void TheResultOfANumberDoesNotDependOnItsPlace()
    {
        float[] all = [.. Enumerable.Range(0, 53).Select(i => MathF.Sin(i) * 5)], one = new float[1];
        float[] values = [.. all];
        ActivationInPlace.Apply(Activation.Silu, values);
        for (int i = 0; i < all.Length; i++)
        {
            one[0] = all[i];
            ActivationInPlace.Apply(Activation.Silu, one);
            Assert.Equal(values[i], one[0]);
        }
    }
}
