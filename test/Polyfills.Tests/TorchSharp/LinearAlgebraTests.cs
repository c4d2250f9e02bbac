using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class LinearAlgebraTests
{
    private static Tensor A => torch.tensor(new[,] { { 4.0, 1 }, { 1, 3 } });

    [Fact]
    public void Products()
    {
        using var scope = NewDisposeScope();
        Tensor a = A, v = torch.tensor(new[] { 1.0, 2 });
        Expect.Equal([6, 7], a.mv(v));
        Expect.Equal([17, 7, 7, 10], a.mm(a));
        Expect.Equal([17, 7, 7, 10], a.matmul(a));
        Expect.Equal(5, v.dot(v));
        Expect.Equal([1, 2, 2, 4], v.outer(v));
        Expect.Equal([18, 9, 8, 12], v.addmm(a, a));
        Expect.Equal([34.5, 15, 14.5, 21], v.addmm(a, a, beta: 0.5f, alpha: 2));
        Expect.Equal([17, 7, 7, 10], a.unsqueeze(0).bmm(a.unsqueeze(0)));
        Expect.Equal([18, 9, 8, 12], v.expand(1, 2, 2).baddbmm(a.unsqueeze(0), a.unsqueeze(0)));
        Expect.Equal([17, 7, 7, 10], einsum("ij,jk->ik", a, a));
        Expect.Equal(27, a.tensordot(a));
        Expect.Equal([0, Math.Sqrt(13), Math.Sqrt(13), 0], cdist(a, a));
        Expect.Equal(7, a.trace());
        Expect.Equal([18, 9, 8, 12], a.mm(a).addr_(torch.tensor(new[] { 1.0, 1 }), v));
        Assert.Throws<ExternalException>(() => a.mm(ones(3, 2, float64)));
        Assert.Throws<ExternalException>(() => a.mm(ones(2, 2)));
    }

    [Fact]
    public void DecompositionsGiveTheMatrixBack()
    {
        using var scope = NewDisposeScope();
        var a = A;
        double[] elements = Expect.Values(a);
        var l = linalg.cholesky(a);
        Expect.Equal(elements, l.matmul(l.mT));
        var (u, s, vh) = linalg.svd(a);
        Expect.Equal(elements, u.matmul(s.diag()).matmul(vh));
        var (values, vectors) = linalg.eigh(a);
        Expect.Equal(elements, vectors.matmul(values.diag()).matmul(vectors.mT));
        var (q, r) = linalg.qr(a);
        Expect.Equal(elements, q.matmul(r));
        Expect.Equal([1, 0, 0, 1], q.mT.matmul(q));
        var (p, lower, upper) = linalg.lu(a);
        Expect.Equal(elements, p.matmul(lower).matmul(upper));
        Expect.Equal([3, -1, -1, 4], linalg.inv(a) * 11);
        Expect.Equal([3, -1, -1, 4], linalg.pinv(a) * 11);
        Expect.Equal(11, linalg.det(a));
        var (sign, log) = linalg.slogdet(-a[0].unsqueeze(0).T.matmul(ones(1, 2, float64)) + eye(2, dtype: float64) * 6);
        Expect.Equal(1, sign);
        Expect.Equal(Math.Log(6), log);
        Assert.Throws<ExternalException>(() => linalg.cholesky(-a));
        Assert.Throws<ExternalException>(() => linalg.inv(zeros(2, 2)));
    }

    [Fact]
    public void Solving()
    {
        using var scope = NewDisposeScope();
        Tensor a = A, b = torch.tensor(new[,] { { 6.0 }, { 7 } });
        Expect.Equal([1, 2], linalg.solve(a, b));
        Expect.Equal([1, 2], linalg.solve(a, b.mT, left: false));
        Expect.Equal([1, 2], linalg.solve_triangular(a.triu(), a.triu().matmul(torch.tensor(new[,] { { 1.0 }, { 2 } })), upper: true));
        Expect.Equal([1, 2], b.cholesky_solve(linalg.cholesky(a)));
        var fit = linalg.lstsq(torch.tensor(new[,] { { 1.0, 0 }, { 1, 1 }, { 1, 2 } }), torch.tensor(new[,] { { 1.0 }, { 3 }, { 5 } }));
        Expect.Equal([1, 2], fit.Solution, 1e-9);
    }
}
