using Microsoft.ML.Generative.Metrics;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class RbfKernelTests
{
    private static double Direct(double[,] x, double[,] y, double bandwidth)
    {
        double Mean(double[,] a, double[,] b, bool different)
        {
            var pairs = from i in Enumerable.Range(0, a.GetLength(0))
                        from j in Enumerable.Range(0, b.GetLength(0))
                        where !different || i != j
                        select Math.Exp(-Cloud.SquaredDistance(a, i, b, j) / (2 * bandwidth * bandwidth));
            return pairs.Average();
        }
        return Mean(x, x, true) + Mean(y, y, true) - 2 * Mean(x, y, false);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(512)]
    public void TheDiscrepancyIsTheOneComputedPairByPairWhateverTheBlocks(int blockRows)
    {
        using var scope = torch.NewDisposeScope();
        double[,] x = Cloud.Normal(150, 3, 1, shift: 1000), y = Cloud.Normal(90, 3, 2, shift: 1000.5, scale: 1.5);
        Assert.Equal(Direct(x, y, 1.7), new RbfKernel(1.7, blockRows).SquaredDiscrepancy(Cloud.Tensor(x), Cloud.Tensor(y)), 1e-8);
    }

    [Fact]
    public void TheExpectationBetweenGaussians()
    {
        // E k(x, y) for x of N(0, 1), y of N(μ, 1) is σ/√(σ² + 2)·exp(−μ²/(2(σ² + 2)))
        using var scope = torch.NewDisposeScope();
        double Kernel(double shift) => 1 / Math.Sqrt(3) * Math.Exp(-shift * shift / 6);
        double expected = 2 * Kernel(0) - 2 * Kernel(2);
        Assert.Equal(expected, new RbfKernel(1).SquaredDiscrepancy(Cloud.Tensor(Cloud.Normal(4000, 1, 1)), Cloud.Tensor(Cloud.Normal(4000, 1, 2, shift: 2))), 0.02);
    }

    [Fact]
    public void TheBandwidthIsTheMedianDistance()
    {
        using var scope = torch.NewDisposeScope();
        // distances 1, 3, 7, 2, 6, 4
        Assert.Equal(3.5, RbfKernel.OfMedian(torch.tensor(new double[,] { { 0 }, { 1 }, { 3 }, { 7 } })).Bandwidth, 1e-9);
        Assert.Equal(3.5, RbfKernel.OfMedian(torch.tensor(new double[,] { { 0 }, { 1 }, { 3 }, { 7 } }), blockRows: 2).Bandwidth, 1e-9);
        // six of ten pairs are equal, four are 2 apart
        Assert.Equal(2 * 4 / 10.0, RbfKernel.OfMedian(torch.tensor(new double[,] { { 0 }, { 0 }, { 0 }, { 0 }, { 2 } })).Bandwidth, 1e-9);
        Assert.Equal(1, RbfKernel.OfMedian(torch.tensor(new double[,] { { 5 }, { 5 } })).Bandwidth);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(512)]
    public void ThePValueIsTheShareOfDivisionsThatAreAsFar(int blockRows)
    {
        using var scope = torch.NewDisposeScope();
        double[,] x = Cloud.Normal(12, 2, 3), y = Cloud.Normal(15, 2, 4, shift: 0.5);
        var kernel = new RbfKernel(1.2, blockRows);

        // the divisions that the test draws, judged one by one
        var random = new Random(7);
        int[] rows = [.. Enumerable.Range(0, 27)];
        double observed = Direct(x, y, 1.2);
        int asFar = 0;
        for (int p = 0; p < 60; p++)
        {
            random.Shuffle(rows);
            if (Direct(Pick(rows[..12]), Pick(rows[12..]), 1.2) >= observed) asFar++;
        }
        Assert.InRange(asFar, 1, 59);   // or the test would say nothing
        Assert.Equal((1 + asFar) / 61.0, PermutationTest.PValue(kernel, Cloud.Tensor(x), Cloud.Tensor(y), 60, new Random(7)), 1e-12);

        double[,] Pick(int[] chosen)
        {
            var part = new double[chosen.Length, 2];
            for (int i = 0; i < chosen.Length; i++)
                for (int c = 0; c < 2; c++) part[i, c] = chosen[i] < 12 ? x[chosen[i], c] : y[chosen[i] - 12, c];
            return part;
        }
    }

    [Fact]
    public void PValuesAreUniformWhereThereIsNoDifference()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i =>
        {
            using var scope = torch.NewDisposeScope();
            var (x, y) = (Cloud.Tensor(Cloud.Normal(20, 2, 2 * i)), Cloud.Tensor(Cloud.Normal(25, 2, 2 * i + 1)));
            return PermutationTest.PValue(RbfKernel.OfMedian(torch.cat([x, y], 0)), x, y, 99, new Random(i));
        }).Order()];
        // 1.63/√200 is the 1 % point of the Kolmogorov–Smirnov statistic
        Assert.InRange(values.Select((p, i) => Math.Max(Math.Abs(p - i / 200.0), Math.Abs(p - (i + 1) / 200.0))).Max(), 0, 0.115);
    }

    [Fact]
    public void ADifferenceHasASmallPValueAndEqualRowsALargeOne()
    {
        using var scope = torch.NewDisposeScope();
        var x = Cloud.Tensor(Cloud.Normal(60, 2, 1));
        Assert.Equal(1.0 / 100, PermutationTest.PValue(new RbfKernel(1), x, Cloud.Tensor(Cloud.Normal(60, 2, 2, shift: 1)), 99, new Random(1)));
        Assert.Equal(1, PermutationTest.PValue(new RbfKernel(1), x, x, 99, new Random(1)));
        var equal = torch.zeros(10, 2, torch.ScalarType.Float64);
        Assert.Equal(1, PermutationTest.PValue(new RbfKernel(1), equal, equal, 99, new Random(1)));
    }
}
