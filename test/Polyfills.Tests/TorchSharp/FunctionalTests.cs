using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Polyfills.Tests.Torch;

public class FunctionalTests
{
    [Fact]
    public void Activations()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { -1.0, 0, 2 });
        Expect.Equal([-0.15865525393145707, 0, 1.9544997361036416], F.gelu(x));
        Expect.Equal([0.31326168751822286, 0.6931471805599453, 2.1269280110429727], F.softplus(x));
        Expect.Equal([Math.Log(1 + Math.Exp(-2)) / 2, Math.Log(2) / 2, Math.Log(1 + Math.Exp(4)) / 2], F.softplus(x, 2));
        double sum = Math.Exp(-1) + 1 + Math.Exp(2);
        Expect.Equal([Math.Exp(-1) / sum, 1 / sum, Math.Exp(2) / sum], F.softmax(x, 0));
        Expect.Equal([-1 - Math.Log(sum), -Math.Log(sum), 2 - Math.Log(sum)], F.log_softmax(x, 0));
        Expect.Equal([-0.01, 0, 2], F.leaky_relu(x));
        Expect.Equal([Math.Exp(-1) - 1, 0, 2], F.elu(x, 1));
        Expect.Equal([1.0507009873554804934 * 1.6732632423543772848 * (Math.Exp(-1) - 1), 0, 2 * 1.0507009873554804934], F.selu(x));
        Expect.Equal([-1, 0, 1], F.hardtanh(x));
        Expect.Equal([-1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2))], F.silu(x));
        Expect.Equal([2 / (1 + Math.Exp(-3))], F.glu(torch.tensor(new[] { 2.0, 3 })));
        Expect.Equal([-0.5, 0, 2 / 3.0], F.softsign(x));
        Expect.Equal([-1 - Math.Tanh(-1), 0, 2 - Math.Tanh(2)], F.tanhshrink(x));
        using (var learnt = nn.PReLU(1, 0.1, dtype: float64)) Expect.Equal([-0.1, 0, 2], learnt.call(x));
        var y = x.clone();
        Expect.Equal([0, 0, 2], F.relu(y, inplace: true));
        Expect.Equal([0, 0, 2], y);
    }

    [Fact]
    public void Losses()
    {
        using var scope = NewDisposeScope();
        Tensor x = torch.tensor(new[] { 0.5, -2, 1 }), y = torch.tensor(new[] { 0.0, 1, 1 });
        Expect.Equal((0.25 + 9) / 3, F.mse_loss(x, y));
        Expect.Equal(9.25, F.mse_loss(x, y, nn.Reduction.Sum));
        Expect.Equal([0.25, 9, 0], F.mse_loss(x, y, nn.Reduction.None));
        Expect.Equal(3.5 / 3, F.l1_loss(x, y));
        Expect.Equal([0.125, 2.5, 0], F.smooth_l1_loss(x, y, nn.Reduction.None));
        Expect.Equal([0.125, 4, 0], F.huber_loss(x, y, 2, nn.Reduction.None));
        double Cross(double logit, double target) => Math.Log(1 + Math.Exp(logit)) - target * logit;
        Expect.Equal([Cross(0.5, 0), Cross(-2, 1), Cross(1, 1)], F.binary_cross_entropy_with_logits(x, y, reduction: nn.Reduction.None));
        Expect.Equal([Cross(0.5, 0), Cross(-2, 1), Cross(1, 1)], F.binary_cross_entropy(x.sigmoid(), y, reduction: nn.Reduction.None));
        var logits = torch.tensor(new[,] { { 1.0, 2, 3 }, { 1, 1, 1 } });
        double first = Math.Log(Math.Exp(-2) + Math.Exp(-1) + 1);
        var classes = torch.tensor(new[] { 2L, 0 });
        Expect.Equal([first, Math.Log(3)], F.cross_entropy(logits, classes, reduction: nn.Reduction.None));
        Expect.Equal((first + Math.Log(3)) / 2, F.nll_loss(logits.log_softmax(1), classes));
        Tensor p = torch.tensor(new[] { 0.3, 0.7 }), q = torch.tensor(new[] { 0.5, 0.5 });
        double divergence = 0.3 * Math.Log(0.3 / 0.5) + 0.7 * Math.Log(0.7 / 0.5);
        Expect.Equal(divergence, F.kl_div(q.log(), p.log(), reduction: nn.Reduction.Sum));
        Expect.Equal(divergence, F.kl_div(q.log(), p, log_target: false, reduction: nn.Reduction.Sum));
        Expect.Equal(0.5 * Math.Log(4) + 0.125, F.gaussian_nll_loss(q[..1], q[..1] + 1, q[..1] * 8));
        Expect.Equal([0.6, 0.8], F.normalize(torch.tensor(new[,] { { 3.0, 4 } })));
        Expect.Equal(0.96, F.cosine_similarity(torch.tensor(new[,] { { 3.0, 4 } }), torch.tensor(new[,] { { 4.0, 3 } })));
    }

    [Fact]
    public void LinearAndEmbedding()
    {
        using var scope = NewDisposeScope();
        var w = torch.tensor(new[,] { { 1.0, 2 }, { 3, 4 }, { 5, 6 } });
        Expect.Equal([6, 12, 18], F.linear(torch.tensor(new[,] { { 1.0, 2 } }), w, torch.tensor(new[] { 1.0, 1, 1 })));
        Expect.Equal([5, 11, 17], F.linear(torch.tensor(new[,] { { 1.0, 2 } }), w));
        Expect.Equal([0, 1, 0, 1, 0, 0], F.one_hot(torch.tensor(new[] { 1L, 0 }), 3));
        using var embedding = nn.Embedding_from_pretrained(w);
        Expect.Equal([5, 6, 1, 2], embedding.call(torch.tensor(new[] { 2L, 0 })));
        Assert.False(embedding.weight.requires_grad);
    }

    [Fact]
    public void Normalizations()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[,] { { 1.0, 3 }, { 5, 11 } });
        Expect.Equal([-1, 1, -1, 1], F.layer_norm(x, [2], eps: 0));
        Expect.Equal([-1, -1, 1, 1], F.batch_norm(x, null, null, training: true, eps: 0));
        Expect.Equal([-1, 1, -1, 1], F.group_norm(x, 1, eps: 0));
        Tensor mean = zeros(2, float64), variance = ones(2, float64);
        F.batch_norm(x, mean, variance, training: true, momentum: 0.5);
        Expect.Equal([1.5, 3.5], mean);
        Expect.Equal([0.5 + 4, 0.5 + 16], variance);
    }

    [Fact]
    public void Convolutions()
    {
        using var scope = NewDisposeScope();
        var image = arange(9).to(float64).view(1, 1, 3, 3);
        var kernel = torch.tensor(new[] { 1.0, 0, 0, -1 }).view(1, 1, 2, 2);
        Expect.Equal([-4, -4, -4, -4], F.conv2d(image, kernel));
        Expect.Equal([-3, -3, -3, -3], F.conv2d(image, kernel, ones(1, float64)));
        Expect.Shape(F.conv2d(image, kernel, padding: [1, 1], strides: [2, 2]), 1, 1, 2, 2);
        Expect.Equal([0, -2, 3, -4], F.conv2d(image, kernel, padding: [1, 1], strides: [2, 2]), 10);
        Expect.Shape(F.conv2d_padding(image, kernel, padding: Padding.Same), 1, 1, 3, 3);
        Expect.Equal([0, 1, 0, 3, 4 - 0, -1, 0, -3, -4], F.conv_transpose2d(image[.., .., ..2, ..2], kernel));
        Expect.Equal([-1, -1], F.conv1d(arange(3).to(float64).view(1, 1, 3), torch.tensor(new[] { 1.0, -1 }).view(1, 1, 2)));
        Expect.Equal([4, 5, 7, 8], F.max_pool2d(image, 2, 1));
        Expect.Equal([2, 3, 5, 6], F.avg_pool2d(image, 2, 1));
        Expect.Equal(4, F.adaptive_avg_pool2d(image, 1));
        Expect.Equal([4, 5, 7, 8], F.max_pool2d_with_indices(image, [2, 2], [1, 1]).indices);
        Expect.Equal(8, F.adaptive_max_pool2d(image, [1, 1]));
        Expect.Equal([0, 0, 1, 1], F.interpolate(image[.., .., ..1, ..2], scale_factor: [1, 2]));
        Expect.Equal([0, 0.25, 0.75, 1], F.interpolate(image[.., .., ..1, ..2], [1, 4], mode: InterpolationMode.Bilinear));
        Expect.Equal([9, 0, 1, 2, 9], F.pad(image[0, 0, ..1], (1, 1), value: 9));
        Expect.Equal([1, 0, 1, 2, 1], F.pad(image[0, 0, ..1], [1, 1], PaddingModes.Reflect));
        Expect.Shape(F.pixel_shuffle(ones(1, 4, 2, 3), 2), 1, 1, 4, 6);
        Expect.Shape(F.unfold(image, 2), 1, 4, 4);
    }

    [Fact]
    public void AttentionIsAWeightedMean()
    {
        using var scope = NewDisposeScope();
        var x = randn(1, 3, 2, float64);
        var all = F.scaled_dot_product_attention(zeros_like(x), x, x);
        Assert.True(all.allclose(x.mean([1], keepdim: true).expand_as(x)));
        var causal = F.scaled_dot_product_attention(zeros_like(x), x, x, is_casual: true);
        Assert.True(causal[0, 0].allclose(x[0, 0]));
        Assert.True(causal[0, 1].allclose(x[0, ..2].mean([0])));
    }

    [Fact]
    public void DropoutKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        var dropped = F.dropout(ones(20_000), 0.25);
        Assert.Equal(1, dropped.mean().ToDouble(), 0.03);
        Assert.Equal([0, 4 / 3f], dropped.unique().output.data<float>().ToArray());
        Assert.True(F.dropout(ones(5), 0.25, training: false).Equals(ones(5)));
    }
}
