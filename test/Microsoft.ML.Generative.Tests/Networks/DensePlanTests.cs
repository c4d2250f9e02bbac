using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks;

public class DensePlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(1500)]
    public void AStackWhoseWeightsAreFinalGivesWhatItGaveBefore(int rows)
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3);
            using var noGradient = no_grad();
            var initializer = new Initializer(generator, CPU);
            using var stack = new DenseStack(10, [37, 16], activation, dropout: 0.5, initializer);
            using var last = new Dense(16, 11, initializer);
            var x = empty(10, rows).normal_(0, 3, generator).t();   // not contiguous

            var expected = stack.Call(x, last).ToFloats();
            stack.eval();
            var result = stack.Call(x, last);

            Assert.Equal([rows, 11], result.shape);
            float[] values = result.ToFloats();
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(values[i] - expected[i]) <= 1e-5 * (1 + Math.Abs(expected[i])), $"{activation}, {i}: {values[i]} instead of {expected[i]}");
        }
    }

    [Fact]
    public void WeightsThatChangeInTrainingAreTakenAnew()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var noGradient = no_grad();
        var initializer = new Initializer(generator, CPU);
        using var stack = new DenseStack(4, [8], Activation.Silu, dropout: 0, initializer);
        using var last = new Dense(8, 3, initializer);
        var x = ones(2, 4);
        stack.eval();
        stack.Call(x, last);

        stack.train();
        last.Bias.add_(1);
        float[] expected = stack.Call(x, last).ToFloats();
        stack.eval();

        Assert.Equal(expected[0], stack.Call(x, last).ToFloats()[0], 1e-5f);
    }
}
