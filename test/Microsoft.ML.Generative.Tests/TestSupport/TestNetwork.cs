using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests;

/// <summary>A network of one parameter per feature whose loss the test chooses.</summary>
internal sealed class TestNetwork : GenerativeNetwork
{
    private readonly Func<TestNetwork, Batch, TrainingStep, Tensor> _loss;

    public TestNetwork(int features, Func<TestNetwork, Batch, TrainingStep, Tensor> loss, double start = 0) : base("test", InputOf(features))
    {
        _loss = loss;
        Weights = this.Own("weights", new Initializer(new Generator(0), CPU).Constant(start, features));
    }

    public Parameter Weights { get; }

    public float[] Values => Weights.detach().ToFloats();

    public override IReadOnlyList<Objective> Objectives => [new Objective("test", (batch, step) => _loss(this, batch, step))];

    public override Tensor Prepare(Tensor x) => x;

    /// <summary>Learns the mean of the rows.</summary>
    public static TestNetwork OfMean(int features, double start = 0) => new(features, (n, batch, _) => (batch.X - n.Weights).square().mean(), start);

    public static NetworkInput InputOf(int features) =>
        new([new FeatureSpan("Features", 0, features, SpanKind.Continuous)], new float[features], Enumerable.Repeat(1f, features).ToArray(), 0, 100);
}

/// <summary>Keeps what training says.</summary>
internal sealed class TestLog : ITrainingLog
{
    public List<string> Lines { get; } = [];

    public List<TrainingProgress> Measurements { get; } = [];

    public void Info(string message) => Lines.Add(message);

    public void Warning(string message) => Lines.Add("warning: " + message);

    public void Progress(TrainingProgress progress) => Measurements.Add(progress);
}

/// <summary>Counts the tensors that live on this thread.</summary>
internal static class LiveTensors
{
    public static long Count => TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
