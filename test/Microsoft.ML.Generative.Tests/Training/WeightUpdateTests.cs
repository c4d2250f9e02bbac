using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Training;

public sealed class WeightUpdateTests
{
    private static readonly float[][] Gradients = [[0.5f, -2f], [0.1f, 1f], [-0.3f, 0.5f]];

    // the published rules, number by number
    private static double[] ByHand(Optimizer optimizer, double rate, double decay)
    {
        double[] w = [1, -1], m = [0, 0], v = [0, 0];
        for (int t = 1; t <= Gradients.Length; t++)
            for (int i = 0; i < 2; i++)
            {
                double g = Gradients[t - 1][i];
                w[i] *= 1 - rate * decay;
                switch (optimizer)
                {
                    case Optimizer.AdamW:
                        m[i] = 0.9 * m[i] + 0.1 * g;
                        v[i] = 0.99 * v[i] + 0.01 * g * g;
                        w[i] -= rate * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t))) + 1e-8);
                        break;
                    case Optimizer.RmsProp:
                        v[i] = 0.99 * v[i] + 0.01 * g * g;
                        w[i] -= rate * g / (Math.Sqrt(v[i]) + 1e-8);
                        break;
                    default:
                        m[i] = 0.9 * m[i] + g;
                        w[i] -= rate * m[i];
                        break;
                }
            }
        return w;
    }

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.RmsProp)]
    [InlineData(Optimizer.Sgd)]
    public void FollowsThePublishedRule(Optimizer optimizer)
    {
        using var matrix = new Parameter(tensor([1f, -1f]).view(1, 2));
        using var weights = new ParameterBuffer([matrix], CPU);
        using var update = WeightUpdate.Create(optimizer, weights, 0.1, momentum: 0.9);
        using var noGradient = no_grad();
        for (int t = 0; t < Gradients.Length; t++)
        {
            weights.Gradients.copy_(tensor(Gradients[t]));
            update.Step(0.05, t);
        }
        var expected = ByHand(optimizer, 0.05, 0.1);
        var actual = matrix.ToFloats();
        for (int i = 0; i < 2; i++) Assert.Equal(expected[i], actual[i], 5);
    }

    [Fact]
    public void OnlyMatricesDecay()
    {
        using var bias = new Parameter(tensor([1f, -1f]));
        using var matrix = new Parameter(ones(2, 2));
        using var weights = new ParameterBuffer([bias, matrix], CPU);
        using var update = WeightUpdate.Create(Optimizer.Sgd, weights, 0.5, momentum: 0.9);
        using var noGradient = no_grad();
        update.Step(0.1, 0);
        Assert.Equal([1f, -1f], bias.ToFloats());
        Assert.All(matrix.ToFloats(), value => Assert.Equal(0.95f, value, 6));
    }

    [Fact]
    public void TheBufferAndTheParametersAreOne()
    {
        using var matrix = new Parameter(ones(2, 3));
        using var bias = new Parameter(zeros(2));
        using var weights = new ParameterBuffer([bias, matrix], CPU);
        nn.functional.linear(ones(4, 3), matrix, bias).sum().backward();
        Assert.Equal([4, 4, 4, 4, 4, 4, 4, 4], weights.Gradients.ToFloats());
        using (no_grad()) weights.Values.mul_(2);
        Assert.All(matrix.detach().ToFloats(), value => Assert.Equal(2, value));
    }

    [Fact]
    public void SchedulesGoWhereTheyShould()
    {
        Assert.Equal(1, LearningRateSchedule.Constant.At(0.7));
        Assert.Equal(0.5, LearningRateSchedule.Cosine.At(0.5), 10);
        Assert.Equal(0, LearningRateSchedule.Cosine.At(1), 10);
        Assert.Equal(0.04, LearningRateSchedule.OneCycle.At(0), 10);
        Assert.Equal(1, LearningRateSchedule.OneCycle.At(0.3), 10);
        Assert.Equal(0, LearningRateSchedule.OneCycle.At(1), 10);
    }
}
