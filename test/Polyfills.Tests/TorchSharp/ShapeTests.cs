using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class ShapeTests
{
    private static Tensor Cube => arange(24).view(2, 3, 4);

    [Fact]
    public void ViewsShareTheMemory()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(6);
        flat.view(2, 3)[1, 2] = torch.tensor(5f);
        flat.narrow(0, 1, 2).fill_(3);
        flat.view(3, 2).select(1, 0).add_(1);
        flat.as_strided([2], [2], 1).mul_(2);
        Expect.Equal([1, 6, 4, 0, 1, 5], flat.alias());
        Assert.Throws<ExternalException>(() => flat.view(4, 2));
        var other = ones(2);
        other.set_(flat);
        Assert.Equal(6, other.numel());
    }

    [Fact]
    public void Shapes()
    {
        using var scope = NewDisposeScope();
        var c = Cube;
        Expect.Shape(c.reshape(6, -1), 6, 4);
        Expect.Shape(c.flatten(1), 2, 12);
        Expect.Shape(c.unflatten(2, 2, 2), 2, 3, 2, 2);
        Expect.Shape(c.unsqueeze(1), 2, 1, 3, 4);
        Expect.Shape(c.unsqueeze(1).squeeze(1), 2, 3, 4);
        Expect.Shape(c.transpose(0, 2), 4, 3, 2);
        Expect.Shape(c.permute(2, 0, 1), 4, 2, 3);
        Expect.Shape(c.movedim([0], [2]), 3, 4, 2);
        Expect.Shape(ones(3, 1).expand(2, 3, 4), 2, 3, 4);
        Expect.Shape(ones(3, 1).expand_as(ones(3, 5)), 3, 5);
        Expect.Shape(ones(2, 3).repeat(2, 2), 4, 6);
        Expect.Equal([1, 1, 2, 2], torch.tensor(new[] { 1, 2 }).repeat_interleave(2));
        Expect.Equal([1, 2, 2], torch.tensor(new[] { 1, 2 }).repeat_interleave(torch.tensor(new[] { 1L, 2 })));
        Expect.Equal([2, 0, 1], arange(3).roll(1));
        Expect.Equal([2, 1, 0], arange(3).flip(0));
        Expect.Equal([1, 0, 1, 1], ones(2, 2).tril());
        Expect.Equal([0, 1, 0, 0], ones(2, 2).triu(1));
        Expect.Equal([1, 0, 0, 2], torch.tensor(new[] { 1, 2 }).diag());
        Expect.Equal([0, 5], c[0].diagonal()[..2]);
        Expect.Equal([0, 1, 1, 2, 2, 3], arange(4).unfold(0, 2, 1));
        Assert.Equal(3, c.size(1));
        Assert.Equal(4, c.size(-1));
    }

    [Fact]
    public void PiecesAndWholes()
    {
        using var scope = NewDisposeScope();
        var c = Cube;
        Assert.Equal([2L, 2], c.split(2, 2).Select(p => p.size(2)));
        Assert.Equal([1L, 3], c.split([1, 3], 2).Select(p => p.size(2)));
        Assert.Equal([2L, 1], c.chunk(2, 1).Select(p => p.size(1)));
        Assert.Equal(3, c.unbind(1).Length);
        Assert.Equal([2L, 1], c.tensor_split(2, 1).Select(p => p.size(1)));
        Assert.True(cat(c.split(1, 1), 1).Equals(c));
        Assert.True(stack(c.unbind(1), 1).Equals(c));
        Expect.Shape(hstack(ones(2, 3), ones(2, 1)), 2, 4);
        Expect.Shape(vstack([ones(2, 3), ones(1, 3)]), 3, 3);
        Expect.Shape(cat(Enumerable.Range(0, 100).Select(_ => ones(2, 1)).ToArray(), 1), 2, 100);
        Expect.Equal([0, 0, 1, 1], meshgrid([arange(2), arange(2)])[0]);
        Assert.Equal([2L, 3], broadcast_shapes([2, 1], [3]).Shape);
        Assert.Equal([2L, 3], broadcast_tensors(ones(2, 1), ones(3))[1].shape);
    }

    [Fact]
    public void IndexExpressions()
    {
        using var scope = NewDisposeScope();
        var c = Cube;
        Expect.Equal(23, c[1, 2, 3]);
        Expect.Equal([4, 5, 6, 7], c[0, 1]);
        Expect.Shape(c[1..], 1, 3, 4);
        Expect.Equal([1, 13], c[TensorIndex.Colon, TensorIndex.Single(0), TensorIndex.Single(1)]);
        Expect.Equal([3, 7, 11, 15, 19, 23], c[TensorIndex.Ellipsis, TensorIndex.Single(-1)]);
        Expect.Equal([0, 2], c[0, 0][TensorIndex.Slice(step: 2)]);
        Expect.Shape(c[TensorIndex.None], 1, 2, 3, 4);
        Expect.Equal([21, 22, 23], c[c > 20]);
        Expect.Equal([8, 9, 10, 11, 0, 1, 2, 3], c[0][torch.tensor(new[] { 2L, 0 })]);
        c[0, 0] = torch.tensor(7L);
        Expect.Equal([7, 7, 7, 7], c[0, 0]);
        c.index_put_((Scalar)0, c > 7);
        Expect.Equal(7, c.max());
        c[1.., 1..] = ones(1, 2, 4, int64);
        Expect.Equal(8, c[1].sum());
        var counts = zeros(3);
        counts.index_put_(ones(4), [torch.tensor(new[] { 0L, 2, 2, 2 })], accumulate: true);
        Expect.Equal([1, 0, 3], counts);
    }

    [Fact]
    public void ByIndicesAndMasks()
    {
        using var scope = NewDisposeScope();
        var m = torch.tensor(new[,] { { 1.0, 2 }, { 3, 4 }, { 5, 6 } });
        var last = torch.tensor(new[] { 2L, 0 });
        Expect.Equal([5, 6, 1, 2], m.index_select(0, last));
        Expect.Equal([1, 4, 5], m.gather(1, torch.tensor(new[,] { { 0L }, { 1 }, { 0 } })));
        Expect.Equal([1, 4, 6], m.take_along_dim(torch.tensor(new[,] { { 0L }, { 1 }, { 1 } }), 1));
        Expect.Equal([20, 21, 3, 4, 10, 11], m.index_copy(0, last, torch.tensor(new[,] { { 10.0, 11 }, { 20, 21 } })));
        Expect.Equal([3, 4, 3, 4, 7, 8], m.clone().index_add_(0, last, ones(2, 2, float64), 2));
        Expect.Equal([0, 0, 3, 4, 0, 0], m.index_fill(0, last, 0));
        Expect.Equal([1, 0, 0, 1], zeros(2, 2).scatter_(1, torch.tensor(new[,] { { 0L }, { 1 } }), ones(2, 1)));
        Expect.Equal([2, 0, 1], zeros(3).scatter_add_(0, torch.tensor(new[] { 0L, 0, 2 }), ones(3)));
        Expect.Equal([4, 5, 6], m.masked_select(m > 3));
        Expect.Equal([1, 2, 3, 0, 0, 0], m.masked_fill(m > 3, 0));
        Expect.Equal([1, 2, 3, 7, 8, 9], m.masked_scatter(m > 3, torch.tensor(new[] { 7.0, 8, 9 })));
    }
}
