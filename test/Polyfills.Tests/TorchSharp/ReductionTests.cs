using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class ReductionTests
{
    private static Tensor Matrix => torch.tensor(new double[,] { { 1, 5, 3 }, { 4, 2, 6 } });

    [Fact]
    public void SumsAndMeans()
    {
        using var scope = NewDisposeScope();
        var m = Matrix;
        Expect.Equal(21, m.sum());
        Expect.Equal([5, 7, 9], m.sum(0L));         // a literal 0 would be the ScalarType
        Expect.Equal([9, 12], sum(m, -1));
        Expect.Shape(m.sum(1, keepdim: true), 2, 1);
        Expect.Equal(21, m.sum(0, 1));
        Expect.Equal(3.5, m.mean());
        Expect.Equal([3, 4], m.mean([1]));
        Expect.Equal(720, m.prod());
        Expect.Equal([4, 10, 18], m.prod(0L));
        Assert.Equal(ScalarType.Float64, ones(3).sum(type: float64).dtype);
        Expect.Equal([1, 6, 9, 4, 6, 12], m.cumsum(1));
        Expect.Equal([1, 5, 15, 4, 8, 48], m.cumprod(1));
        Expect.Equal(5, torch.tensor(new[] { 2, double.NaN, 3 }).nansum());
        Expect.Equal([4, -2, -2, 4], m.diff());
    }

    [Fact]
    public void Spread()
    {
        using var scope = NewDisposeScope();
        var m = Matrix;
        Expect.Equal(3.5, m.var());
        Expect.Equal(17.5 / 6, m.var(unbiased: false));
        Expect.Equal([4, 4], m.var(1));
        Expect.Equal([2, 2], m.std(1));
        var (deviation, mean) = m.std_mean(1);
        Expect.Equal([2, 2], deviation);
        Expect.Equal([3, 4], mean);
        var (variance, center) = m.var_mean([1], unbiased: false);
        Expect.Equal([8 / 3.0, 8 / 3.0], variance);
        Expect.Equal([3, 4], center);
        Expect.Equal([4, -2, -2, 4], cov(m));
    }

    [Fact]
    public void LargestSmallestAndWhere()
    {
        using var scope = NewDisposeScope();
        var m = Matrix;
        Expect.Equal(6, m.max());
        Expect.Equal(1, m.min());
        var (values, indexes) = m.max(1);
        Expect.Equal([5, 6], values);
        Expect.Equal([1, 2], indexes);
        Expect.Equal([1, 2, 3], m.min(0).values);
        Expect.Equal([5, 6], m.amax(1));
        Expect.Equal(1, m.amin(0, 1));
        Expect.Equal(5, m.argmax());
        Expect.Equal([1, 2], m.argmax(1));
        Expect.Equal([0, 1, 0], m.argmin(0));
        Expect.Equal([1, 3, 5, 2, 4, 6], m.sort(1).Values);
        Expect.Equal([1, 2, 0, 2, 0, 1], m.argsort(1, descending: true));
        var (top, at) = m.topk(2);
        Expect.Equal([5, 3, 6, 4], top);
        Expect.Equal([1, 2, 2, 0], at);
        Expect.Equal([3, 4], m.kthvalue(2, 1).values);
        Expect.Equal(3, m.median());
        Expect.Equal([2, 3.5, 5.75], m.flatten().quantile(torch.tensor(new[] { 0.2, 0.5, 0.95 })));
        var (low, high) = m.aminmax();
        Expect.Equal([1, 6], stack([low, high]));
    }

    [Fact]
    public void NormsAndLogarithms()
    {
        using var scope = NewDisposeScope();
        var m = Matrix;
        Expect.Equal(Math.Sqrt(91), m.norm());
        Expect.Equal([9, 12], m.norm(1, false, 1));
        Expect.Equal(Math.Sqrt(91), linalg.norm(m));
        Expect.Equal(6, linalg.vector_norm(m, double.PositiveInfinity));
        Expect.Equal([Math.Log(Math.Exp(1) + Math.Exp(5) + Math.Exp(3)), Math.Log(Math.Exp(4) + Math.Exp(2) + Math.Exp(6))],
            m.logsumexp(1));
        Expect.Equal(1000 + Math.Log(2), torch.tensor(new[] { 1000.0, 1000 }).logsumexp(0));
    }

    [Fact]
    public void Counting()
    {
        using var scope = NewDisposeScope();
        var m = Matrix;
        Expect.Equal(4, (m > 2).count_nonzero());
        Expect.Equal([1, 1, 2], (m > 2).count_nonzero([0]));
        Expect.Equal([0, 1, 0, 2, 1, 0, 1, 2], (m > 2).nonzero());
        Expect.Equal([0, 1, 1], where(m > 3.5)[0]);
        Expect.Equal(1, (m > 0).all());
        Expect.Equal([0, 0], (m > 2).all(1));
        Expect.Equal([1, 1], (m > 4).any(1));
        Expect.Equal([0, 2, 0, 1], bincount(torch.tensor(new[] { 1L, 3, 1 })));
        Expect.Equal([1, 2, 3, 0], bincount(torch.tensor(new[] { 0L, 1, 2 }), torch.tensor(new[] { 1.0, 2, 3 }), 4));
        Expect.Equal([1, 2, 3], m.histc(3, 0, 6));
        var edges = torch.tensor(new[] { 1.0, 3, 5 });
        Expect.Equal([0, 1, 3], searchsorted(edges, torch.tensor(new[] { 0.5, 3, 9 })));
        Expect.Equal([0, 2, 3], torch.tensor(new[] { 0.5, 3, 9 }).bucketize(edges, right: true));
        var (unique, inverse, counts) = torch.tensor(new[] { 3L, 1, 3, 2 }).unique(return_inverse: true, return_counts: true);
        Expect.Equal([1, 2, 3], unique);
        Expect.Equal([2, 0, 2, 1], inverse);
        Expect.Equal([1, 1, 2], counts);
        Assert.Null(torch.tensor(new[] { 3L, 1 }).unique().counts);
    }
}
