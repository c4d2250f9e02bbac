using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Training;

public sealed class WeightSnapshotTests
{
    // also where it leaves steps out: what is taken in later counts as much more
    [Theory]
    [InlineData(0.5, 1e-4)]
    [InlineData(0.9, 1e-4)]
    [InlineData(0.99, 0.1)]
    [InlineData(0.999, 1)]
    public void TheAverageOfWeightsThatGrowEvenlyLagsByItsSpan(double averaging, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = TestNetwork.OfMean(1);
        using var weights = new ParameterBuffer(network.parameters(), CPU);
        using var snapshot = new WeightSnapshot(network, [weights], averaging);
        snapshot.StartAverage();
        int steps = 200 + (int)(12 / (1 - averaging)), phases = 0;
        double lag = 0;
        for (int step = 1; step <= steps; step++)
        {
            weights.Values.fill_(step);
            snapshot.Average(step);
            if (step <= steps - 64) continue;
            using var averaged = snapshot.UseAverage();
            lag += step - weights.Values.item<float>();
            phases++;
        }
        Assert.Equal(averaging / (1 - averaging), lag / phases, tolerance);
    }
}
