using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Persistence.Onnx.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Persistence.Onnx;

public sealed class OnnxGraphWriterTests
{
    private const int Width = 6;

    /// <summary>What the graph does, and what libtorch does, to x and y of (batch, 6).</summary>
    private static readonly Dictionary<string, (Func<OnnxValue, OnnxValue, OnnxValue> Build, Func<Tensor, Tensor, Tensor> Compute, long[] Shape)> Operators = new()
    {
        ["+"] = ((x, y) => x + y, (x, y) => x + y, [Width]),
        ["+ number"] = ((x, _) => x + 1.5f, (x, _) => x + 1.5f, [Width]),
        ["-"] = ((x, y) => x - y, (x, y) => x - y, [Width]),
        ["- number"] = ((x, _) => x - 1.5f, (x, _) => x - 1.5f, [Width]),
        ["number -"] = ((x, _) => 1.5f - x, (x, _) => 1.5f - x, [Width]),
        ["negative"] = ((x, _) => -x, (x, _) => -x, [Width]),
        ["*"] = ((x, y) => x * y, (x, y) => x * y, [Width]),
        ["* number"] = ((x, _) => x * 1.5f, (x, _) => x * 1.5f, [Width]),
        ["/"] = ((x, y) => x / y, (x, y) => x / y, [Width]),
        ["/ number"] = ((x, _) => x / 1.5f, (x, _) => x / 1.5f, [Width]),
        ["number /"] = ((x, _) => 1.5f / x, (x, _) => 1.5f / x, [Width]),
        ["Relu"] = ((x, _) => x.Relu(), (x, _) => nn.functional.relu(x), [Width]),
        ["LeakyRelu"] = ((x, _) => x.LeakyRelu(0.2f), (x, _) => nn.functional.leaky_relu(x, 0.2), [Width]),
        ["Silu"] = ((x, _) => x.Silu(), (x, _) => nn.functional.silu(x), [Width]),
        ["Gelu"] = ((x, _) => x.Gelu(), (x, _) => x * 0.5f * (1 + (x / MathF.Sqrt(2)).erf()), [Width]),
        ["Sigmoid"] = ((x, _) => x.Sigmoid(), (x, _) => x.sigmoid(), [Width]),
        ["Tanh"] = ((x, _) => x.Tanh(), (x, _) => x.tanh(), [Width]),
        ["Softplus"] = ((x, _) => x.Softplus(), (x, _) => nn.functional.softplus(x), [Width]),
        ["Softplus far out"] = ((x, _) => (x * 100f).Softplus(), (x, _) => nn.functional.softplus(x * 100f), [Width]),
        ["Softmax"] = ((x, _) => x.Softmax(), (x, _) => nn.functional.softmax(x, -1), [Width]),
        ["LogSoftmax"] = ((x, _) => x.LogSoftmax(), (x, _) => nn.functional.log_softmax(x, -1), [Width]),
        ["Abs"] = ((x, _) => x.Abs(), (x, _) => x.abs(), [Width]),
        ["Exp"] = ((x, _) => x.Exp(), (x, _) => x.exp(), [Width]),
        ["Floor"] = ((x, _) => x.Floor(), (x, _) => x.floor(), [Width]),
        ["Log"] = ((x, _) => x.Abs().Log(), (x, _) => x.abs().log(), [Width]),
        ["Pow"] = ((x, _) => x.Abs().Pow(1.7f), (x, _) => x.abs().pow(1.7f), [Width]),
        ["Sqrt"] = ((x, _) => x.Abs().Sqrt(), (x, _) => x.abs().sqrt(), [Width]),
        ["Minimum"] = ((x, y) => x.Minimum(y), (x, y) => where(x < y, x, y), [Width]),
        ["Maximum"] = ((x, y) => x.Maximum(y), (x, y) => where(x < y, y, x), [Width]),
        ["Clamp"] = ((x, _) => x.Clamp(-0.5f, 1), (x, _) => x.clamp(-0.5f, 1), [Width]),
        ["Sum"] = ((x, _) => x.Sum(1), (x, _) => x.sum(1), []),
        ["Sum, dimension kept"] = ((x, _) => x.Sum(-1, keepDimension: true), (x, _) => x.sum(1, keepdim: true), [1]),
        ["Mean"] = ((x, _) => x.Mean(1), (x, _) => x.mean([1L]), []),
        ["Max"] = ((x, _) => x.Max(1), (x, _) => x.amax([1L]), []),
        ["LogSumExp"] = ((x, _) => (x * 100f).LogSumExp(1, keepDimension: true), (x, _) => (x * 100f).logsumexp(1, keepdim: true), [1]),
        ["Greater, Select"] = ((x, y) => x.Greater(y).Select(x, -y), (x, y) => where(x > y, x, -y), [Width]),
        ["Greater, ToFloat"] = ((x, y) => x.Greater(y).ToFloat(), (x, y) => (x > y).to_type(ScalarType.Float32), [Width]),
        ["CumulativeSum"] = ((x, _) => x.CumulativeSum(-1), (x, _) => x.cumsum(-1), [Width]),
        ["Equal, ToFloat"] = ((x, _) => x.Floor().Equal(x.Graph.Scalar(0)).ToFloat(), (x, _) => x.floor().eq(0).to_type(ScalarType.Float32), [Width]),
        ["OneHotMaximum"] = ((x, _) => x.OneHotMaximum(Width), (x, _) => nn.functional.one_hot(x.argmax(1), Width).to_type(ScalarType.Float32), [Width]),
        ["Narrow"] = ((x, _) => x.Narrow(1, 2, 3), (x, _) => x.narrow(1, 2, 3), [3]),
        ["Gather"] = ((x, _) => x.Gather(1, 5, 0, 0), (x, _) => x.index_select(1, tensor([5L, 0L, 0L])), [3]),
        ["Concatenate"] = ((x, y) => x.Concatenate(1, y, x), (x, y) => cat([x, y, x], 1), [3 * Width]),
        ["Reshape, Transpose"] = ((x, _) => x.Reshape(0, 2, 3).Transpose(0, 2, 1), (x, _) => x.reshape(-1, 2, 3).transpose(1, 2), [3, 2]),
        ["Unsqueeze, Expand"] = ((x, _) => x.Unsqueeze(1).Expand(1, 4, 1), (x, _) => x.unsqueeze(1).expand(-1, 4, -1), [4, Width]),
        ["Squeeze"] = ((x, _) => x.Sum(1, keepDimension: true).Squeeze(1), (x, _) => x.sum(1), []),
        ["MatMul"] = ((x, y) => x.Unsqueeze(1).MatMul(y.Unsqueeze(2)), (x, y) => x.unsqueeze(1).matmul(y.unsqueeze(2)), [1, 1]),
        ["Constant"] = ((x, _) => x * x.Graph.Constant([1, 2, 3, 4, 5, 6], Width), (x, _) => x * tensor(new float[] { 1, 2, 3, 4, 5, 6 }), [Width]),
    };

    public static TheoryData<string> OperatorNames => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(OperatorNames))]
    public void An_operator_does_in_ONNX_Runtime_what_it_does_in_libtorch(string name)
    {
        var (build, compute, shape) = Operators[name];
        using var scope = NewDisposeScope();
        var graph = new OnnxGraphWriter(name);
        graph.Output("result", build(graph.Input("x", Width), graph.Input("y", Width)), shape);

        using var generator = new Generator(17);
        foreach (var rows in new[] { 1, 7, 1000 })
        {
            var x = randn(rows, Width, generator: generator);
            var y = randn(rows, Width, generator: generator);
            AssertClose(compute(x, y), Run(Write(graph), ("x", x), ("y", y)));
        }
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Sigmoid)]
    public void A_network_of_layers_gives_the_same_numbers(Activation activation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(17);
        var weight1 = randn(16, Width, requires_grad: true, generator: generator);
        var bias1 = randn(16, generator: generator);
        var weight2 = randn(3, 16, generator: generator);
        var graph = new OnnxGraphWriter("network");
        graph.Output("y", graph.Input("x", Width).Linear(weight1, bias1).Activate(activation).Linear(weight2), 3);

        var x = randn(1000, Width, generator: generator);
        var expected = nn.functional.linear(activation.Apply(nn.functional.linear(x, weight1, bias1)), weight2);

        AssertClose(expected, Run(Write(graph), ("x", x)));
    }

    [Fact]
    public void The_file_says_what_made_it_and_what_it_takes()
    {
        var graph = new OnnxGraphWriter("Vae.Sample");
        graph.Output("row", graph.Input("noise", 2) * 2f, 2);
        var bytes = Write(graph, new() { ["model"] = "Vae", ["synthetic"] = "true" });

        var model = ModelProto.Parser.ParseFrom(bytes);
        Assert.Equal(8, model.IrVersion);
        Assert.Equal(17, Assert.Single(model.OpsetImport).Version);
        using var session = new InferenceSession(bytes);
        Assert.Equal("Microsoft.ML.Generative", session.ModelMetadata.ProducerName);
        Assert.Equal("Vae.Sample", session.ModelMetadata.GraphName);
        Assert.Equal("Vae", session.ModelMetadata.CustomMetadataMap["model"]);
        Assert.Equal("true", session.ModelMetadata.CustomMetadataMap["synthetic"]);
        Assert.Equal([-1, 2], session.InputMetadata["noise"].Dimensions);
        Assert.Equal(["batch", ""], session.InputMetadata["noise"].SymbolicDimensions);
        Assert.Equal([-1, 2], session.OutputMetadata["row"].Dimensions);
    }

    [Fact]
    public void What_is_used_twice_is_stored_once_and_the_same_graph_makes_the_same_bytes()
    {
        using var weight = ones(Width, Width);
        byte[] Bytes()
        {
            var graph = new OnnxGraphWriter("twice");
            graph.Output("y", (graph.Input("x", Width).Linear(weight) * 2f).Linear(weight) * 2f, Width);
            return Write(graph);
        }

        Assert.Equal(2, ModelProto.Parser.ParseFrom(Bytes()).Graph.Initializer.Count);
        Assert.Equal(Bytes(), Bytes());
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var weight = ones(Width, Width, requires_grad: true);
        var before = LiveTensors.Count;
        var graph = new OnnxGraphWriter("leak");
        graph.Output("y", graph.Input("x", Width).Linear(weight), Width);
        Write(graph);
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void What_makes_no_graph_is_refused()
    {
        var graph = new OnnxGraphWriter("g");
        var x = graph.Input("x", Width);
        Assert.Equal("The graph 'g' has no output.", Assert.Throws<InvalidOperationException>(() => Write(graph)).Message);
        Assert.StartsWith("The name 'x' is empty, or taken already in the graph 'g'.", Assert.Throws<ArgumentException>(() => graph.Output("x", x, Width)).Message);
        Assert.StartsWith("The name '' is empty", Assert.Throws<ArgumentException>(() => graph.Input("", 1)).Message);
        Assert.StartsWith("The value 'x' is of another graph.", Assert.Throws<ArgumentException>(() => new OnnxGraphWriter("h").Input("y", Width) + x).Message);
    }

    private static byte[] Write(OnnxGraphWriter graph, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        graph.WriteTo(stream, "1.0.0", metadata ?? []);
        return stream.ToArray();
    }

    private static DenseTensor<float> Run(byte[] model, params (string Name, Tensor Value)[] inputs)
    {
        using var session = new InferenceSession(model);
        var values = inputs.Where(input => session.InputMetadata.ContainsKey(input.Name)).Select(input => NamedOnnxValue.CreateFromTensor(
            input.Name, new DenseTensor<float>(input.Value.data<float>().ToArray(), input.Value.shape.Select(size => (int)size).ToArray())));
        using var results = session.Run(values.ToList());
        return (DenseTensor<float>)results.Single().AsTensor<float>().Clone();
    }

    private static void AssertClose(Tensor expected, DenseTensor<float> actual)
    {
        Assert.Equal(expected.shape, actual.Dimensions.ToArray().Select(size => (long)size));
        var numbers = expected.detach().contiguous().data<float>().ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            var difference = MathF.Abs(numbers[i] - actual.Buffer.Span[i]);
            Assert.True(difference <= 1e-5f * MathF.Max(1, MathF.Abs(numbers[i])), $"{i}: {numbers[i]} in libtorch, {actual.Buffer.Span[i]} in ONNX Runtime");
        }
    }
}
