using Microsoft.ML.Generative;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace MLGenerative.Bench.Speed;

/// <summary>A plain perceptron that learns to give its input back: what a training step costs without anything of a model.</summary>
internal sealed class Perceptron : GenerativeNetwork
{
    private readonly DenseStack _hidden;
    private readonly Dense _output;

    public Perceptron(NetworkInput input, IReadOnlyList<int> hiddenSizes, Initializer initializer) : base("perceptron", input)
    {
        register_module("hidden", _hidden = new DenseStack(input.Features, hiddenSizes, Activation.Silu, dropout: 0, initializer));
        register_module("output", _output = new Dense(_hidden.OutputSize, input.Features, initializer));
    }

    public override Tensor Prepare(Tensor x) => x;

    public override IReadOnlyList<Objective> Objectives => [new Objective("squared error", Loss)];

    private Tensor Loss(Batch batch, TrainingStep step) => nn.functional.mse_loss(_output.forward(_hidden.Call(batch.X, step)), batch.X);

    /// <summary>Seconds per step of the engine's training loop, after some steps to warm up.</summary>
    public static double SecondsPerStep(int rows, int batchSize, int steps, int[] sizes)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        int features = sizes[0];
        var input = new NetworkInput([new FeatureSpan("Features", 0, features, SpanKind.Continuous)], new float[features], [.. Enumerable.Repeat(1f, features)], 0, rows);
        using var network = new Perceptron(input, sizes[1..^1], new Initializer(generator, CPU));
        using var data = new RowsInMemory(randn(rows, features, generator: generator), ConditionLayout.None, balanceLabels: false);
        Train(Math.Max(20, steps / 10));
        return Train(steps) / steps;

        double Train(int count)
        {
            var options = new TrainingOptions { BatchSize = batchSize, Steps = count, LearningRate = 1e-3, Schedule = LearningRateSchedule.Constant, WeightDecay = 0.01 };
            using var loop = new TrainingLoop(network, new TrainingPlan(options, new TrainingDefaults(), rows), data, validation: null, CPU, seed: 0, fingerprint: 0, new NoLog());
            return loop.Run().Elapsed.TotalSeconds;
        }
    }

    private sealed class NoLog : ITrainingLog
    {
        public void Info(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Progress(TrainingProgress progress)
        {
        }
    }
}
