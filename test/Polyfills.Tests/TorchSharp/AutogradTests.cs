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

    [Fact]
    public void ModesSwitchTheRecordingOffAndEndWithTheirDispose()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
        using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
        Assert.Throws<ExternalException>(() => x.add_(1));      // a leaf that is recorded
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void GradGivesGradientsWithoutStoringThem()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(3.0, requires_grad: true);
        var unused = torch.tensor(1.0, requires_grad: true);
        var y = x * x * x;
        var first = autograd.grad([y], [x], retain_graph: true, create_graph: true)[0];
        Assert.Equal(27, first.ToDouble());
        Assert.Equal(18, autograd.grad([first], [x])[0].ToDouble());
        Assert.Null(x.grad);
        Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [unused]));
        Assert.Null(autograd.grad([x * 2], [unused], allow_unused: true)[0]);
        var two = stack([x, 2 * x]);
        two.backward([torch.tensor(new[] { 1.0, 10 })]);
        Assert.Equal(21, x.grad!.ToDouble());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void AnInnerGradientIsKeptWhenAskedFor()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = x * 2;
        y.retain_grad();
        y.square().sum().backward();
        Expect.Equal([4, 4], y.grad!);
        Assert.False(y.is_leaf);
        Assert.Throws<ExternalException>(() => x.grad = zeros(3));
    }

    [Fact]
    public void AnomalyModeFindsTheOperationThatMadeNaN()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, requires_grad: true);
        using (autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled);
            var error = Assert.Throws<ExternalException>(() => (x.sqrt() * 0).sum().backward());
            Assert.Contains("SqrtBackward", error.Message);
        }
        Assert.False(AnomalyMode.IsEnabled);
    }

    [Fact]
    public void AStepOnTheFlatBufferMovesEveryParameter()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor values = randn(9, generator: generator) * 0.3, gradients = zeros(9), mean = zeros(9), square = zeros(9),
            weight = torch.tensor(0.1f);
        var w = new Parameter(values.narrow(0, 0, 6).view(2, 3));
        var b = new Parameter(values.narrow(0, 6, 2));
        var s = new Parameter(values.narrow(0, 8, 1));
        foreach (var (p, at) in new[] { (w, 0L), (b, 6), (s, 8) }) p.grad = gradients.narrow(0, at, p.numel()).view_as(p);
        var x = randn(64, 3, generator: generator);
        var y = x.narrow(1, 0, 2) * 2 - 1;
        double Loss() => Error().ToDouble();
        Tensor Error() => F.mse_loss(F.linear(x, w, b) * s.exp(), y);
        double before = Loss();
        for (int i = 1; i <= 300; i++)
        {
            using var step = NewDisposeScope();
            gradients.zero_();
            Error().backward();
            using var off = no_grad();
            mean.lerp_(gradients, weight);
            square.mul_(0.999).addcmul_(gradients, gradients, 0.001);
            values.addcdiv_(mean, square.sqrt().add_(1e-8), -0.03 * Math.Sqrt(1 - Math.Pow(0.999, i)) / (1 - Math.Pow(0.9, i)));
        }
        Assert.True(Loss() < 0.01 * before, $"from {before} to {Loss()}");
    }
}
