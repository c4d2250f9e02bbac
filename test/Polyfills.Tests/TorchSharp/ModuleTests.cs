using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Polyfills.Tests.Torch;

public class ModuleTests
{
    private sealed class Net : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "first")] private readonly Linear _first = Linear(3, 4);
        [ComponentName(Name = "rest")] private readonly ModuleList<Linear> _rest = ModuleList(Linear(4, 4), Linear(4, 2, hasBias: false));
        [ComponentName(Name = "scale")] private readonly Parameter _scale = Parameter(ones(2));
        [ComponentName(Name = "offset")] private readonly Tensor _offset = zeros(2);

        public Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            x = _first.call(x).relu();
            foreach (var layer in _rest) x = layer.call(x);
            return (x * _scale + _offset).MoveToOuterDisposeScope();
        }
    }

    private static readonly string[] Names = ["scale", "first.weight", "first.bias", "rest.0.weight", "rest.0.bias", "rest.1.weight"];

    [Fact]
    public void FieldsAreFoundByName()
    {
        using var net = new Net();
        Assert.Equal(Names.Order(), net.named_parameters().Select(p => p.name).Order());
        Assert.Equal(["offset"], net.named_buffers().Select(b => b.name));
        Assert.Equal(["first", "rest", "rest.0", "rest.1"], net.named_modules().Select(m => m.name));
        Assert.Equal([.. Names.Append("offset").Order()], net.state_dict().Keys.Order());
        Assert.True(net.has_parameter("rest.1.weight"));
        Assert.Equal([2L, 4], net.get_parameter("rest.1.weight").shape);
        Assert.Null(net.get_parameter("rest.2.weight"));
        Assert.Equal(6, net.parameters().Count());
    }

    [Fact]
    public void TheStateGoesFromOneToAnother()
    {
        using Net one = new(), other = new();
        using var x = randn(5, 3);
        using var expected = one.call(x);
        other.load_state_dict(one.state_dict());
        using var actual = other.call(x);
        Assert.True(expected.Equals(actual));
        var part = one.state_dict();
        part.Remove("scale");
        Assert.Throws<InvalidOperationException>(() => other.load_state_dict(part));
        Assert.Equal(["scale"], other.load_state_dict(part, strict: false).missing_keys);
    }

    [Fact]
    public void ModesReachTheChildren()
    {
        using var net = Sequential(("a", Linear(2, 2)), ("b", Dropout(0.5)));
        Assert.True(net.training);
        net.eval();
        Assert.All(net.children(), child => Assert.False(child.training));
        using var x = ones(3, 2);
        using Tensor y = net.call(x), z = net.call(x);
        Assert.True(y.Equals(z));
        net.train();
        Assert.All(net.children(), child => Assert.True(child.training));
        Assert.Equal(["a.weight", "a.bias"], net.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void DisposingLeavesNothing()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var net = Sequential(Linear(2, 3), BatchNorm1d(3), ReLU(), Linear(3, 1), Embedding(2, 2), LayerNorm(4),
            Conv2d(1, 1, 3))) Assert.NotNull(net);
        using (var net = GRU(2, 3)) Assert.NotNull(net);
        using (var net = new Net())
        using (var x = ones(1, 3))
        using (net.call(x)) { }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void GradientsAreZeroedOrForgotten()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 1);
        net.call(ones(3, 2)).sum().backward();
        Expect.Equal([3, 3], net.weight.grad!);
        net.zero_grad(set_to_none: false);
        Expect.Equal([0, 0], net.weight.grad!);
        net.zero_grad();
        Assert.Null(net.weight.grad);
    }

    [Fact]
    public void ToAnotherTypeReplacesWhatTheModuleHolds()
    {
        using var net = new Net();
        net.to(float64);
        Assert.All(net.parameters(), p => Assert.Equal(ScalarType.Float64, p.dtype));
        Assert.All(net.parameters(), p => Assert.True(p.is_leaf && p.requires_grad));
        using var x = ones(1, 3, float64);
        using var y = net.call(x);
        Assert.Equal(ScalarType.Float64, y.dtype);
        Assert.Equal(6, net.parameters().Count());
    }

    [Fact]
    public void HooksSeeWhatPasses()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 2);
        var seen = new List<string>();
        net.register_forward_pre_hook((_, x) => { seen.Add("before"); return x * 0; });
        var remover = net.register_forward_hook((_, _, y) => { seen.Add("after"); return y; });
        Expect.Equal(Expect.Values(net.bias), net.call(ones(1, 2))[0]);
        remover.remove();
        net.call(ones(1, 2));
        Assert.Equal(["before", "after", "before"], seen);
    }

    [Fact]
    public void BatchNormFollowsTheStatisticsWhileTraining()
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm1d(1, momentum: 0.5);
        var x = torch.tensor(new[,] { { 1f }, { 3 } });
        Expect.Equal([-1, 1], norm.call(x), 1e-4);
        Expect.Equal([1], norm.running_mean.alias());
        Expect.Equal([1.5], norm.running_var.alias());
        Expect.Equal(1, norm.num_batches_tracked.alias());
        norm.eval();
        Expect.Equal([0, 2 / Math.Sqrt(1.5)], norm.call(x), 1e-4);
        Assert.Equal(["running_mean", "running_var", "num_batches_tracked"], norm.named_buffers().Select(b => b.name));
        Assert.Throws<ArgumentException>(() => norm.call(ones(2)));
    }

    [Fact]
    public void ImagesGoThroughConvolutionsAndBack()
    {
        using var scope = NewDisposeScope();
        using var down = Sequential(Conv2d(1, 4, 3, stride: 2, padding: 1), GroupNorm(2, 4), SiLU(),
            Conv2d(4, 8, 3, Padding.Same, padding_mode: PaddingModes.Reflect), MaxPool2d(2));
        using var up = Sequential(ConvTranspose2d(8, 4, 4, stride: 2, padding: 1), Upsample(scale_factor: [2, 2]), Conv2d(4, 1, 1),
            Sigmoid());
        var hidden = down.call(rand(2, 1, 8, 8));
        Assert.Equal([2L, 8, 2, 2], hidden.shape);
        var image = up.call(hidden);
        Assert.Equal([2L, 1, 8, 8], image.shape);
        image.sum().backward();
        Assert.All(down.parameters().Concat(up.parameters()), p => Assert.True(p.grad!.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void ARecurrentLayerIsItsCellStepByStep()
    {
        using var scope = NewDisposeScope();
        using var layer = GRU(2, 3, batchFirst: true);
        using var cell = GRUCell(2, 3);
        foreach (string name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" })
            using (no_grad()) cell.get_parameter(name).copy_(layer.get_parameter(name + "_l0"));
        var x = randn(4, 5, 2);
        var (all, last) = layer.call(x);
        Tensor? h = null;
        for (int i = 0; i < 5; i++) h = cell.call(x[.., i], h!);
        Assert.True(last[0].allclose(h, atol: 1e-6));
        Assert.True(all[.., 4].allclose(h, atol: 1e-6));
        using var plain = RNN(2, 3, nonLinearity: NonLinearities.ReLU);
        using var step = RNNCell(2, 3, NonLinearities.ReLU);
        using var memoryLayer = LSTM(2, 3);
        using var memoryStep = LSTMCell(2, 3);
        foreach (string name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" })
            using (no_grad())
            {
                step.get_parameter(name).copy_(plain.get_parameter(name + "_l0"));
                memoryStep.get_parameter(name).copy_(memoryLayer.get_parameter(name + "_l0"));
            }
        Assert.True(plain.call(x[..1]).Item1[0].allclose(step.call(x[0], zeros(5, 3)), atol: 1e-6));
        var (nextHidden, nextMemory) = memoryStep.call(x[0]);
        Assert.True(memoryLayer.call(x[..1]).Item2[0].allclose(nextHidden, atol: 1e-6));
        Assert.True(memoryLayer.call(x[..1]).Item3[0].allclose(nextMemory, atol: 1e-6));
        using var lstm = LSTM(2, 3, numLayers: 2, bidirectional: true);
        var (output, hidden, memory) = lstm.call(randn(5, 4, 2));
        Assert.Equal(([5L, 4, 6], [4L, 4, 3], [4L, 4, 3]), (output.shape, hidden.shape, memory.shape), Shapes);
    }

    private static readonly IEqualityComparer<(long[], long[], long[])> Shapes = EqualityComparer<(long[], long[], long[])>.Create(
        (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3));

    [Fact]
    public void TheFirstWeightsHaveTheSpreadThatIsAskedFor()
    {
        using var scope = NewDisposeScope();
        double Deviation(Action<Tensor> fill, params long[] size)
        {
            var t = empty(size);
            fill(t);
            Assert.Equal(0, t.mean().ToDouble(), 0.01);
            return t.std().ToDouble();
        }
        Assert.Equal(Math.Sqrt(2 / 100.0), Deviation(t => init.kaiming_normal_(t, nonlinearity: init.NonlinearityType.ReLU), 400, 100),
            0.005);
        Assert.Equal(Math.Sqrt(1 / 300.0), Deviation(t => init.kaiming_uniform_(t, Math.Sqrt(5)), 400, 100), 0.002);
        Assert.Equal(Math.Sqrt(2 / 500.0), Deviation(t => init.xavier_uniform_(t), 400, 100), 0.002);
        Assert.Equal(Math.Sqrt(2 / 500.0), Deviation(t => init.xavier_normal_(t), 400, 100), 0.002);
        Assert.Equal(0.8796, Deviation(t => init.trunc_normal_(t), 400, 100), 0.01);
        var orthogonal = init.orthogonal_(empty(3, 5));
        Assert.True(orthogonal.matmul(orthogonal.T).allclose(eye(3), atol: 1e-5));
        Assert.Throws<NotSupportedException>(() => init.normal_(empty(2), generator: new Generator(1)));
    }

    [Fact]
    public void AllParametersAtOnce()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 1);
        (net.call(ones(1, 2)) * 3).sum().backward();
        Assert.Equal(Math.Sqrt(27), nn.utils.clip_grad_norm_(net.parameters(), 1), 1e-5);
        Expect.Equal([1 / Math.Sqrt(3), 1 / Math.Sqrt(3)], net.weight.grad!, 1e-5);
        nn.utils.clip_grad_value_(net.parameters(), 0.1);
        Expect.Equal([0.1, 0.1], net.weight.grad!, 1e-6);
        nn.utils.vector_to_parameters(torch.tensor(new[] { 1f, 2, 3 }), net.parameters());
        Expect.Equal([1, 2, 3], nn.utils.parameters_to_vector(net.parameters()));
    }
}
