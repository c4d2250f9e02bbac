using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Estimators.Flow;

/// <summary>Every bijection and every base gives in ONNX Runtime the numbers that it gives here; what flows have in common with other models, their suite checks.</summary>
public sealed class FlowOnnxTests
{
    public static TheoryData<string> Names => FlowTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void GraphsGiveTheNumbersOfTheModel(string name)
    {
        var ml = new MLContext(1);
        using var scope = NewDisposeScope();
        var options = FlowTests.All[name] with { Warp = true, Training = new TrainingOptions { Steps = 1 } };
        using var model = ml.Generative.TrainFlow(options).Fit(Rows.View(ml, 100));
        using var inference = inference_mode();
        using var generator = new Generator(3);
        var network = (FlowNetwork)model.Model.Network;
        FlowTests.DrawParameters(network, generator);

        var x = randn(300, Rows.Features, generator: generator) * 3;
        AssertClose(network.LogDensity(x, null), Run(ml, model, OnnxGraph.LogDensity, "Features", x));
        AssertClose(network.Encode(x, null), Run(ml, model, OnnxGraph.Encode, "Features", x));

        using var first = new Generator(7);
        using var second = new Generator(7);
        var noise = cat(network.NoiseWidths.Select(width => empty(300, width).normal_(0, 1, second)).ToList(), 1);
        AssertClose(network.Sample(300, null, first), Run(ml, model, OnnxGraph.Sample, "noise", noise));
    }

    private static Tensor Run(MLContext ml, GenerativeTransformer model, OnnxGraph graph, string input, Tensor values)
    {
        using var stream = new MemoryStream();
        ml.Generative.ExportOnnx(model, stream, graph);
        using var session = new InferenceSession(stream.ToArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(values.ToFloats(), values.shape.Select(size => (int)size).ToArray()))]);
        return tensor(results.Single().AsEnumerable<float>().ToArray());
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        float error = ((expected.view(-1) - actual) / (1 + expected.view(-1).abs())).abs().max().item<float>();
        Assert.True(error < 1e-3, $"off by {error}");
    }
}
