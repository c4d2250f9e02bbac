using Microsoft.ML.Generative.Metrics;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class NeighbourhoodsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(512)]
    public void RadiiByHand(int blockRows)
    {
        using var scope = torch.NewDisposeScope();
        var rows = Cloud.Line(0, 1, 3, 7, 7);
        Assert.Equal([1, 1, 4, 0, 0], Neighbourhoods.SquaredRadii(rows, 1, blockRows).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([9, 4, 9, 16, 16], Neighbourhoods.SquaredRadii(rows, 2, blockRows).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(512)]
    public void ByHand(int blockRows)
    {
        using var scope = torch.NewDisposeScope();
        var real = Cloud.Line(0, 1, 3, 10);
        var synthetic = Cloud.Line(0.5, 1.5, 20);
        // real radii (k = 1): 1, 1, 2, 7: [−1, 1], [0, 2], [1, 5], [3, 17]; synthetic radii: 1, 1, 18.5: [−0.5, 1.5], [0.5, 2.5], [1.5, 38.5]
        var result = Neighbourhoods.Of(real, synthetic, 1, blockRows);
        Assert.Equal(2.0 / 3, result.Precision, 1e-12);   // 20 is in none
        Assert.Equal(1, result.Recall, 1e-12);            // 0 and 1 in the first, 3 and 10 in the third
        Assert.Equal(4.0 / 3, result.Density, 1e-12);     // 0.5 in two balls, 1.5 in two
        Assert.Equal(3.0 / 4, result.Coverage, 1e-12);    // none is within 7 of 10
    }

    [Fact]
    public void SecondNeighboursByHand()
    {
        using var scope = torch.NewDisposeScope();
        // real radii (k = 2): 3, 2, 3, 9: [−3, 3], [−1, 3], [0, 6], [1, 19]; synthetic ones: 19.5, 18.5, 19.5
        var result = Neighbourhoods.Of(Cloud.Line(0, 1, 3, 10), Cloud.Line(0.5, 1.5, 20), 2);
        Assert.Equal(2.0 / 3, result.Precision, 1e-12);
        Assert.Equal(1, result.Recall, 1e-12);
        Assert.Equal((3 + 4) / 2.0 / 3, result.Density, 1e-12);
        Assert.Equal(1, result.Coverage, 1e-12);
    }

    [Fact]
    public void CopiesOfAllRowsHaveAllAndRowsFarAwayNothing()
    {
        using var scope = torch.NewDisposeScope();
        var rows = Cloud.Tensor(Cloud.Normal(700, 5, 1, shift: 100));
        // each copy is in its own ball and in those of which it is one of the k neighbours
        Assert.Equal(new Neighbourhoods(1, 1, 6.0 / 5, 1), Neighbourhoods.Of(rows, rows.clone(), 5));
        Assert.Equal(new Neighbourhoods(0, 0, 0, 0), Neighbourhoods.Of(rows, rows + 1000, 5));
        // one mode of two: precise, but half of the rows are not reached
        var twoModes = torch.cat([rows, rows + 1000], 0);
        var collapsed = Neighbourhoods.Of(twoModes, Cloud.Tensor(Cloud.Normal(700, 5, 2, shift: 100)), 5);
        Assert.InRange(collapsed.Precision, 0.9, 1);
        Assert.InRange(collapsed.Coverage, 0.45, 0.5);
        Assert.InRange(collapsed.Recall, 0.45, 0.5);
    }

    [Fact]
    public void NeitherBlocksNorOrderMatter()
    {
        using var scope = torch.NewDisposeScope();
        double[,] real = Cloud.Normal(130, 3, 1), synthetic = Cloud.Normal(90, 3, 2, shift: 0.4);
        var expected = Neighbourhoods.Of(Cloud.Tensor(real), Cloud.Tensor(synthetic), 4);
        Assert.Equal(expected, Neighbourhoods.Of(Cloud.Tensor(real), Cloud.Tensor(synthetic), 4, blockRows: 7));
        Assert.Equal(expected, Neighbourhoods.Of(Cloud.Tensor(Cloud.Shuffled(real, 3)), Cloud.Tensor(Cloud.Shuffled(synthetic, 4)), 4));
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (Cloud.Tensor(Cloud.Normal(30, 2, 1)), Cloud.Tensor(Cloud.Normal(30, 2, 2)));
        long before = LiveTensors.Count;
        _ = Neighbourhoods.Of(x, y, 3, blockRows: 8);
        _ = new RbfKernel(1, 8).SquaredDiscrepancy(x, y);
        _ = PermutationTest.PValue(RbfKernel.OfMedian(x), x, y, 5, new Random(1));
        Assert.Equal(before, LiveTensors.Count);
    }
}
