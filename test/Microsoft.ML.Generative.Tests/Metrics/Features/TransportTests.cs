using Microsoft.ML.Generative.Metrics;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class TransportTests
{
    private static double[] Column(double[,] values) => [.. values.Cast<double>()];

    [Fact]
    public void OneDimensionByHand()
    {
        Assert.Equal(new OneDimensionalTransport(0, 0), OneDimensionalTransport.Between([3, 1, 2], [2, 3, 1]));
        Assert.Equal(new OneDimensionalTransport(5, 25), OneDimensionalTransport.Between([3, 1, 2], [6, 7, 8]));
        Assert.Equal(new OneDimensionalTransport(2.0 / 3, 2.0 / 3), OneDimensionalTransport.Between([0, 1, 5], [1, 0 + 2, 5]));
        // ½ to 0 and ½ to 6, of which a third moves by 0, a sixth from 0 to 3, a sixth from 6 to 3, a third by 0
        var transport = OneDimensionalTransport.Between([0, 6], [0, 3, 6]);
        Assert.Equal(1, transport.W1, 1e-12);
        Assert.Equal(3, transport.W2Squared, 1e-12);
    }

    [Fact]
    public void ScalingMovesEachValueByItsShare()
    {
        double[] values = Column(Cloud.Normal(500, 1, 1));
        var transport = OneDimensionalTransport.Between(values, [.. values.Select(v => 3 * v)]);
        Assert.Equal(2 * values.Average(Math.Abs), transport.W1, 1e-12);
        Assert.Equal(4 * values.Average(v => v * v), transport.W2Squared, 1e-12);
        // each value once against the same values twice
        Assert.Equal(0, OneDimensionalTransport.Between(values, [.. values, .. values]).W1, 1e-12);
    }

    [Fact]
    public void OverProjectionsAShiftCountsByItsShareInEachDirection()
    {
        using var scope = torch.NewDisposeScope();
        // E |⟨θ, e⟩| = 2/π in two dimensions, E ⟨θ, e⟩² = ½
        var rows = Cloud.Tensor(Cloud.Normal(300, 2, 1));
        var shifted = rows + torch.tensor(new double[] { 0, 5 });
        var sliced = SlicedTransport.Between(rows, shifted, 20_000, 1);
        Assert.Equal(5 * 2 / Math.PI, sliced.W1, 0.05);
        Assert.Equal(5 * Math.Sqrt(0.5), sliced.W2, 0.05);
        Assert.Equal(5 * Math.Sqrt((0.5 - 4 / Math.PI / Math.PI) / 20_000), sliced.StandardError, 2e-4);
        Assert.Equal(sliced, SlicedTransport.Between(rows, shifted, 20_000, 1));
        Assert.NotEqual(sliced, SlicedTransport.Between(rows, shifted, 20_000, 2));
    }

    [Fact]
    public void InOneDimensionEachProjectionIsTheDistance()
    {
        using var scope = torch.NewDisposeScope();
        double[,] a = Cloud.Normal(40, 1, 1), b = Cloud.Normal(70, 1, 2, shift: 1);
        var exact = OneDimensionalTransport.Between(Column(a), Column(b));
        var sliced = SlicedTransport.Between(Cloud.Tensor(a), Cloud.Tensor(b), 40, 1);
        Assert.Equal(exact.W1, sliced.W1, 1e-12);
        Assert.Equal(Math.Sqrt(exact.W2Squared), sliced.W2, 1e-12);
        Assert.Equal(0, sliced.StandardError, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WithSmallEpsilonItIsTheBestAssignment(int seed)
    {
        using var scope = torch.NewDisposeScope();
        double[,] a = Cloud.Normal(6, 2, seed), b = Cloud.Normal(6, 2, seed + 10, shift: 2);
        double best = Orders(6).Min(order => order.Select((j, i) => Cloud.SquaredDistance(a, i, b, j)).Sum() / 6);
        var transport = EntropicTransport.Between(Cloud.Tensor(a), Cloud.Tensor(b), 0.002, 100_000, 1e-6);
        Assert.InRange(transport.MarginalError, 0, 1e-6);
        Assert.Equal(best, transport.Divergence, 1e-3);
    }

    [Fact]
    public void WithLargeEpsilonItIsTheDistanceOfTheMeans()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (Cloud.Tensor(Cloud.Normal(50, 2, 1)), Cloud.Tensor(Cloud.Normal(60, 2, 2, shift: 3)));
        double expected = (a.mean([0]) - b.mean([0])).pow(2).sum().ToDouble();
        Assert.Equal(expected, EntropicTransport.Between(a, b, 1e6, 100, 1e-12).Divergence, 1e-3);
    }

    [Fact]
    public void TheDivergenceOfRowsFromThemselvesIsNoneAndThatOfAShiftItsSquare()
    {
        using var scope = torch.NewDisposeScope();
        var a = Cloud.Tensor(Cloud.Normal(80, 3, 1));
        Assert.Equal(0, EntropicTransport.Between(a, a.clone(), 0.1, 1000, 1e-6).Divergence, 1e-5);
        // exact for every ε (Feydy et al., for translations)
        Assert.Equal(3 * 0.25, EntropicTransport.Between(a, a + 0.5, 0.3, 5000, 1e-8).Divergence, 1e-5);
    }

    [Fact]
    public void NeitherBlocksNorOrderMatterToTheDivergence()
    {
        using var scope = torch.NewDisposeScope();
        double[,] a = Cloud.Normal(70, 3, 1, shift: 50), b = Cloud.Normal(50, 3, 2, shift: 51);
        double expected = EntropicTransport.Between(Cloud.Tensor(a), Cloud.Tensor(b), 0.4, 100, 1e-9).Divergence;
        Assert.Equal(expected, EntropicTransport.Between(Cloud.Tensor(a), Cloud.Tensor(b), 0.4, 100, 1e-9, blockRows: 13).Divergence, 1e-9);
        Assert.Equal(expected, EntropicTransport.Between(Cloud.Tensor(Cloud.Shuffled(a, 1)), Cloud.Tensor(Cloud.Shuffled(b, 2)), 0.4, 100, 1e-9).Divergence, 1e-9);
    }

    private static IEnumerable<int[]> Orders(int count)
    {
        if (count == 0) return [[]];
        return Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at => (int[])[.. order[..at], count - 1, .. order[at..]]));
    }
}
