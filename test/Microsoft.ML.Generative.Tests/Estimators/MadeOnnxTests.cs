using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Tests.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>The graphs of masked autoencoders of all shapes, with variables of all kinds.</summary>
public sealed class MadeOnnxTests : IDisposable
{
    private const int Rows = 1000, Conditions = 2;

    private static readonly NetworkInput Mixed = SpanConditionalsTests.Input((SpanKind.Continuous, 2), (SpanKind.Categorical, 3), (SpanKind.Binary, 2), (SpanKind.Categorical, 5));

    private readonly IDisposable _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    public static TheoryData<OrderWeights, int, int, bool, bool> Shapes()
    {
        var shapes = new TheoryData<OrderWeights, int, int, bool, bool>();
        foreach (var weights in Enum.GetValues<OrderWeights>())
            foreach (int orders in new[] { 1, 3 })
                foreach (int blocks in new[] { 0, 2 })
                {
                    shapes.Add(weights, orders, blocks, true, false);
                    shapes.Add(weights, orders, blocks, false, true);
                }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DensitiesAndDrawsAreTheNetworksOwn(OrderWeights weights, int orders, int blocks, bool direct, bool conditioned)
    {
        var options = new MadeOptions { OrderWeights = weights, Orders = orders, HiddenSizes = [24, 16], ResidualBlocks = blocks, DirectConnections = direct, MixtureComponents = 3, Activation = Activation.Tanh };
        var input = Mixed with { Mean = [5, -2, .. new float[10]], Scale = [0.5f, 3, .. Enumerable.Repeat(1f, 10)], ConditionSize = conditioned ? Conditions : 0 };
        using var network = new MadeNetwork(options, input, new Initializer(_generator, CPU));
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.add_(Normal([.. parameter.shape]) * 0.3);
            else parameter.mul_(1.5);   // far from where it starts, but not so far that layer upon layer makes the last digits large; what is masked stays 0
        var condition = conditioned ? Normal(Rows, Conditions) : null;

        const ulong Seed = 11;
        using var first = new Generator(Seed);
        var rows = network.Sample(Rows, condition, first);
        using var again = new Generator(Seed);
        var noise = cat(network.NoiseWidths.Select(width => empty(Rows, width).normal_(0, 1, again)).ToList(), 1);
        AssertClose(rows, Run(network, OnnxGraph.Sample, noise, condition, input.Features));

        var density = network.LogDensity(rows, condition);
        AssertClose(density, Run(network, OnnxGraph.LogDensity, rows, condition));
        network.eval();   // the weights are final: computed in another way
        AssertClose(density, network.LogDensity(rows, condition));
    }

    private static Tensor Run(MadeNetwork network, OnnxGraph kind, Tensor given, Tensor? condition, params long[] shape)
    {
        var graph = new OnnxGraphWriter("Made");
        var x = graph.Input("given", (int)given.shape[1]);
        graph.Output("result", network.Export(kind, x, condition is null ? null : graph.Input("condition", Conditions)), shape);
        using var stream = new MemoryStream();
        graph.WriteTo(stream, "1.0.0", new Dictionary<string, string>());
        using var session = new InferenceSession(stream.ToArray());
        using var results = session.Run(condition is null ? [Value("given", given)] : [Value("given", given), Value("condition", condition)]);
        var result = (DenseTensor<float>)results.Single().AsTensor<float>();
        return tensor(result.ToArray()).view(result.Dimensions.ToArray().Select(size => (long)size).ToArray());
    }

    private static NamedOnnxValue Value(string name, Tensor values) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values.ToFloats(), values.shape.Select(size => (int)size).ToArray()));

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        float[] before = expected.ToFloats(), after = actual.ToFloats();
        for (int i = 0; i < before.Length; i++)
            Assert.True(Math.Abs(before[i] - after[i]) <= 1e-5 * (1 + Math.Abs(before[i])), $"{i}: {after[i]} instead of {before[i]}");
    }

    private Tensor Normal(params long[] shape) => empty(shape).normal_(0, 1, _generator);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }
}
