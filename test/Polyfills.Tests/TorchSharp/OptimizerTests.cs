using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class OptimizerTests
{
    // f = x² + 3 y², from (1, 1)
    private static double[] After(int steps, Func<Parameter[], optim.Optimizer> make)
    {
        using var scope = NewDisposeScope();
        var weights = torch.tensor(new[] { 1.0, 3 });
        var at = new Parameter(ones(2, float64));
        using var optimizer = make([at]);
        for (int i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            (at.square() * weights).sum().backward();
            optimizer.step();
        }
        return Expect.Values(at);
    }

    [Fact]
    public void GradientDescent()
    {
        Assert.Equal([0.8, 0.4], After(1, p => optim.SGD(p, 0.1)), new Close());
        // velocities: 2, then 0.9·2 + 1.6
        Assert.Equal([0.8 - 0.1 * 3.4, 0.4 - 0.1 * (0.9 * 6 + 2.4)], After(2, p => optim.SGD(p, 0.1, momentum: 0.9)), new Close());
        Assert.Equal([0.8 - 0.1 * 0.5, 0.4 - 0.1 * 0.5], After(1, p => optim.SGD(p, 0.1, weight_decay: 0.5)), new Close());
    }

    [Fact]
    public void Adam()
    {
        Assert.Equal([0.9, 0.9], After(1, p => optim.Adam(p, 0.1)), new Close());     // the first step has the length of the rate
        Assert.Equal([0.89, 0.89], After(1, p => optim.AdamW(p, 0.1, weight_decay: 0.1)), new Close());
        Assert.All(After(300, p => optim.Adam(p, 0.05)), x => Assert.Equal(0, x, 1e-3));
    }

    [Fact]
    public void TheStateGoesWithTheOptimizer()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        After(3, p => optim.Adam(p, amsgrad: true));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Close : IEqualityComparer<double>
    {
        public bool Equals(double a, double b) => Math.Abs(a - b) < 1e-6;
        public int GetHashCode(double x) => 0;
    }
}
