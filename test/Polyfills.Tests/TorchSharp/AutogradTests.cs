using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Polyfills.Tests.Torch;

public class AutogradTests
{
    [Fact]
    public void GradientOfASmallNetworkIsThatOfFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(4, 3, float64, generator: generator);
        var w = randn(2, 3, float64, generator: generator).requires_grad_();
        var b = randn(2, float64, generator: generator).requires_grad_();
        Tensor Loss() => F.linear(x, w, b).tanh().square().sum();

        Loss().backward();

        foreach (var (parameter, gradient) in new[] { (w, w.grad!), (b, b.grad!) })
            for (long i = 0; i < parameter.numel(); i++)
            {
                const double step = 1e-6;
                double At(double shift)
                {
                    using var off = no_grad();
                    using var element = parameter.flatten()[i];
                    element.add_((Scalar)shift);
                    double loss = Loss().ToDouble();
                    element.sub_((Scalar)shift);
                    return loss;
                }
                Assert.Equal((At(step) - At(-step)) / (2 * step), gradient.flatten()[i].ToDouble(), 1e-6);
            }
    }

    [Fact]
    public void AParameterMadeOfAViewSharesItsMemory()
    {
        using var scope = NewDisposeScope();
        var buffer = zeros(6);
        var parameter = new Parameter(buffer.narrow(0, 2, 4).view(2, 2));

        buffer.fill_(3);
        using (no_grad()) parameter.add_(1);

        Assert.Equal([3f, 3, 4, 4, 4, 4], buffer.data<float>().ToArray());
        Assert.True(parameter.is_leaf);
        Assert.True(parameter.requires_grad);
    }

    [Fact]
    public void BackwardAddsIntoAGradientThatIsAView()
    {
        using var scope = NewDisposeScope();
        Tensor values = ones(6), gradients = zeros(6);
        var a = new Parameter(values.narrow(0, 0, 2));
        var b = new Parameter(values.narrow(0, 2, 4).view(2, 2));
        a.grad = gradients.narrow(0, 0, 2);
        b.grad = gradients.narrow(0, 2, 4).view(2, 2);

        (a.sum() * 2 + (b * b * 3).sum()).backward();
        (a.sum() * 2).backward();

        Assert.Equal([4f, 4, 6, 6, 6, 6], gradients.data<float>().ToArray());
        gradients.zero_();
        Assert.Equal(0, b.grad!.sum().ToSingle());
    }

    [Fact]
    public void AnErrorOfLibtorchIsAnException()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => zeros(2, 3).matmul(zeros(4, 5)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
        Assert.Throws<ExternalException>(() => zeros(2).add_(zeros(3)));
        Assert.Throws<ExternalException>(() => zeros(1L << 40, 1L << 20));
    }
}
