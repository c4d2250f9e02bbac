using Microsoft.ML.Generative.Metrics;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class ClustersTests
{
    [Fact]
    public void ReachAndSharesByHand()
    {
        using var scope = torch.NewDisposeScope();
        var centres = Cloud.Line(0, 10, 100, 500);   // the last has no real row
        var clusters = Clusters.Of(Cloud.Line(-1, 0, 1, 1, 8, 11, 99, 101), centres, Cloud.Line(1, 12.5, 400, 1, 30, 1, 12.5, 1));
        // of 12.5 and 30, which are nearest to 10, none is within 2 of it, nor 400 within 1 of 100
        Assert.Equal([new ModeShare(0.5, 0.5, true), new ModeShare(0.25, 0.375, false), new ModeShare(0.25, 0.125, false)], clusters.Modes);
        Assert.Equal(1.0 / 3, clusters.Coverage, 1e-12);
        Assert.Equal(0.5, clusters.WithinReach, 1e-12);
        // half of KL((½, ¼, ¼) ‖ (½, 5/16, 3/16)) and half of KL((½, ⅜, ⅛) ‖ the same)
        double expected = (0.25 * Math.Log2(4.0 / 5) + 0.25 * Math.Log2(4.0 / 3) + 0.375 * Math.Log2(6.0 / 5) + 0.125 * Math.Log2(2.0 / 3)) / 2;
        Assert.Equal(expected, clusters.Divergence, 1e-12);
    }

    [Fact]
    public void OneRowInAHundredDoesNotWidenTheReach()
    {
        using var scope = torch.NewDisposeScope();
        var real = Cloud.Line([.. Enumerable.Range(0, 198).Select(i => i % 2 == 0 ? 1.0 : -1), 50, -1]);
        Assert.Equal(0, Clusters.Of(real, Cloud.Line(0), Cloud.Line(40)).WithinReach);
        Assert.Equal(1, Clusters.Of(real, Cloud.Line(0), Cloud.Line(0.9)).WithinReach);
    }

    [Fact]
    public void TwentyFiveGaussiansAreFoundAndThoseLeftOutMissed()
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(1);
        torch.Tensor Draw(int rows, int modes) => torch.tensor(Enumerable.Range(0, rows).SelectMany(_ =>
        {
            int mode = random.Next(modes);
            return (double[])[mode % 5 * 2 + 0.05 * Rows.Normal(random), mode / 5 * 2 + 0.05 * Rows.Normal(random)];
        }).ToArray(), [rows, 2]);

        var real = Draw(2500, 25);
        var centres = KMeans.Fit(real, 25, new Random(3));
        var whole = Clusters.Of(real, centres, Draw(2500, 25));
        Assert.Equal(25, whole.Modes.Count);
        Assert.Equal(1, whole.Coverage);
        Assert.InRange(whole.WithinReach, 0.95, 1);
        Assert.InRange(whole.Divergence, 0, 0.01);
        var collapsed = Clusters.Of(real, centres, Draw(2500, 22));
        Assert.Equal(22.0 / 25, collapsed.Coverage, 1e-12);
        Assert.Equal(3, collapsed.Modes.Count(m => m.SyntheticShare == 0));
    }

    [Fact]
    public void LloydEndsWhereEveryCentreIsTheMeanOfItsRows()
    {
        using var scope = torch.NewDisposeScope();
        double[,] values = Cloud.Normal(400, 3, 1);
        var rows = Cloud.Tensor(values);
        var centres = KMeans.Fit(rows, 7, new Random(1));
        long[] nearest = KMeans.Nearest(rows, centres).Centres.data<long>().ToArray();
        for (int k = 0; k < 7; k++)
            for (int c = 0; c < 3; c++)
                Assert.Equal(Enumerable.Range(0, 400).Where(i => nearest[i] == k).Average(i => values[i, c]), centres[k, c].ToDouble(), 1e-9);
        // each row is nearest to its own
        for (int i = 0; i < 400; i++)
            Assert.Equal(nearest[i], Enumerable.Range(0, 7).MinBy(k => Enumerable.Range(0, 3).Sum(c => Math.Pow(values[i, c] - centres[k, c].ToDouble(), 2))));
    }

    [Fact]
    public void FewerDifferentRowsMakeFewerCentres()
    {
        using var scope = torch.NewDisposeScope();
        var centres = KMeans.Fit(Cloud.Line(1, 1, 2, 2, 2), 4, new Random(1));
        Assert.Equal([1, 2], centres.data<double>().ToArray().Order());
    }
}
