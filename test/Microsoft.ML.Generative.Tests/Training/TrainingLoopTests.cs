using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Training;

public sealed class TrainingLoopTests
{
    private static RowsInMemory Table(int rows, int features = 3, int seed = 5)
    {
        using var generator = new Generator((ulong)seed);
        return new RowsInMemory(randn(rows, features, generator: generator).add_(2), ConditionLayout.None, false);
    }

    private static TrainingReport Train(
        GenerativeNetwork network, TrainingOptions options, ITrainingRows? rows = null, ITrainingRows? validation = null, TestLog? log = null, TrainingDefaults? defaults = null)
    {
        using var own = rows is null ? Table(200) : null;
        rows ??= own!;
        var plan = new TrainingPlan(options, defaults ?? new TrainingDefaults { Schedule = LearningRateSchedule.Constant, WeightDecay = 0 }, rows.Count);
        using var loop = new TrainingLoop(network, plan, rows, validation, CPU, seed: 1, fingerprint: 2, log ?? new TestLog());
        return loop.Run();
    }

    [Fact]
    public void LearnsTheMeanOfTheRows()
    {
        using var rows = Table(500);
        using var network = TestNetwork.OfMean(3);
        var report = Train(network, new TrainingOptions { Epochs = 200, LearningRate = 0.05, BatchSize = 500 }, rows);

        var mean = rows.Batches(500, null).Select(b => b.X.mean([0L]).ToFloats()).Single();
        for (int i = 0; i < 3; i++) Assert.Equal(mean[i], network.Values[i], 2);
        Assert.Equal(TrainingEnd.Completed, report.End);
        Assert.Equal(200, report.Epochs);
        Assert.Equal(200, report.Steps);
    }

    [Fact]
    public void SameSeedGivesSameWeightsWhateverTheGlobalGeneratorDoes()
    {
        float[] Weights(long globalSeed)
        {
            manual_seed(globalSeed);
            // a loss with noise, so that the generator matters
            using var network = new TestNetwork(3, (n, b, s) => (b.X + empty_like(b.X).normal_(0, 1, s.Generator) - n.Weights).square().mean());
            Train(network, new TrainingOptions { Epochs = 5, LearningRate = 0.05, BatchSize = 32 });
            return network.Values;
        }
        Assert.Equal(Weights(1), Weights(2));
    }

    [Fact]
    public void TheGlobalGeneratorIsLeftAlone()
    {
        manual_seed(7);
        float expected = randn(1).item<float>();
        manual_seed(7);
        using var network = new TestNetwork(3, (n, b, s) => (b.X + empty_like(b.X).normal_(0, 1, s.Generator) - n.Weights).square().mean());
        Train(network, new TrainingOptions { Epochs = 2 });
        Assert.Equal(expected, randn(1).item<float>());
    }

    [Fact]
    public void EarlyStoppingRestoresTheBestWeights()
    {
        // held-out rows at 1, training rows at 2: from 0 on the way to 2 the weights pass their best at 1
        using var rows = new RowsInMemory(full(100, 1, 2f), ConditionLayout.None, false);
        using var validation = new RowsInMemory(full(10, 1, 1f), ConditionLayout.None, false);
        using var network = TestNetwork.OfMean(1);
        var report = Train(network, new TrainingOptions { Epochs = 1000, BatchSize = 4, LearningRate = 0.005, Patience = 3, Optimizer = Optimizer.Sgd }, rows, validation);

        Assert.Equal(TrainingEnd.EarlyStopped, report.End);
        Assert.True(report.Epochs < 1000);
        Assert.True(report.BestStep < report.Steps);
        Assert.Equal(report.BestLoss, Math.Pow(network.Values[0] - 1, 2), 4);
    }

    [Fact]
    public void ALossThatBreaksDownKeepsTheWeightsFromBefore()
    {
        var log = new TestLog();
        using var network = new TestNetwork(3, (n, b, s) => s.Step < 60 ? (b.X - n.Weights).square().mean() : n.Weights.sum() * float.NaN);
        var report = Train(network, new TrainingOptions { Epochs = 100, BatchSize = 100, LearningRate = 0.01 }, log: log);

        Assert.Equal(TrainingEnd.Diverged, report.End);
        Assert.Equal(50, report.BestStep);   // measured every 25 epochs of 2 steps
        Assert.All(network.Values, v => Assert.True(float.IsFinite(v) && v > 0));
        Assert.Contains(log.Lines, line => line.StartsWith("warning: The loss became NaN in epoch 50; the weights of step 50 are kept.", StringComparison.Ordinal));
    }

    [Fact]
    public void ALossThatBreaksDownAtOnceIsAnError()
    {
        using var network = new TestNetwork(3, (n, b, s) => n.Weights.sum() * float.NaN);
        var error = Assert.Throws<InvalidOperationException>(() => Train(network, new TrainingOptions { Epochs = 3 }));
        Assert.Equal("The loss became NaN in epoch 3, before there were weights worth keeping. Lower TrainingOptions.LearningRate or GradientClipNorm, "
                     + "and check the features for extreme values.", error.Message);
    }

    [Fact]
    public void CancellingKeepsTheBestSoFar()
    {
        using var source = new CancellationTokenSource();
        using var network = new TestNetwork(3, (n, b, s) =>
        {
            if (s.Step == 40) source.Cancel();
            return (b.X - n.Weights).square().mean();
        });
        var report = Train(network, new TrainingOptions { Epochs = 1000, BatchSize = 100, LearningRate = 0.01, CancellationToken = source.Token });
        Assert.Equal(TrainingEnd.Cancelled, report.End);
        Assert.Equal(41, report.Steps);
        Assert.All(network.Values, v => Assert.NotEqual(0, v));
    }

    [Fact]
    public void CancelledBeforeTheFirstStepThrows()
    {
        using var network = TestNetwork.OfMean(3);
        Assert.Throws<OperationCanceledException>(() => Train(network, new TrainingOptions { CancellationToken = new CancellationToken(true) }));
    }

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.RmsProp)]
    [InlineData(Optimizer.Sgd)]
    public void GoingOnFromACheckpointGivesTheSameNumbers(Optimizer optimizer)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        TrainingOptions Options(CancellationToken token) => new()
        {
            Epochs = 100, BatchSize = 64, LearningRate = 0.01, Optimizer = optimizer, CheckpointPath = path, CancellationToken = token, WeightAveraging = 0.99,
        };
        TestNetwork Network(Action<long>? atStep) => new(3, (n, b, s) =>
        {
            atStep?.Invoke(s.Step);
            return (b.X + empty_like(b.X).normal_(0, 1, s.Generator) - n.Weights).square().mean();
        });

        using var whole = Network(null);
        Train(whole, Options(default));

        using (var interrupted = Network(step => { if (step == 200) throw new IOException("power cut"); }))
            Assert.Throws<IOException>(() => Train(interrupted, Options(default)));
        Assert.True(File.Exists(path));
        using var resumed = Network(null);
        var log = new TestLog();
        Train(resumed, Options(default), log: log);

        Assert.Contains(log.Lines, line => line.StartsWith("Going on from", StringComparison.Ordinal));
        Assert.Equal(whole.Values, resumed.Values);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void TwoPlayersMoveOnlyTheirOwnWeights()
    {
        using var network = new TwoPlayers();
        Train(network, new TrainingOptions { Steps = 100, LearningRate = 0.01 });
        Assert.True(network.First.item<float>() > 0.5, "the first player climbs in every step");
        Assert.Equal(network.First.item<float>() / 4, -network.Second.item<float>(), 2);   // the other way, on every fourth batch
    }

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.RmsProp)]
    [InlineData(Optimizer.Sgd)]
    public void FrozenWeightsStayAndTakeNoState(Optimizer optimizer)
    {
        using var network = new TwoMatrices();
        network.First.requires_grad = false;
        var options = new TrainingOptions { Steps = 10, Optimizer = optimizer, WeightDecay = 0.5, WeightAveraging = 0.5, LearningRate = 0.1 };
        using (var player = new Player(network, network.Objectives[0], new TrainingPlan(options, new TrainingDefaults(), 200), CPU))
            Assert.All(player.Update.State.Where(s => s.Tensor.numel() > 1), s => Assert.Equal(9, s.Tensor.numel()));
        Train(network, options);
        Assert.All(network.First.detach().ToFloats(), value => Assert.Equal(0.5f, value));
        Assert.All(network.Second.detach().ToFloats(), value => Assert.NotEqual(0.5f, value));
    }

    [Fact]
    public void APlayerWhoseWeightsAreAllFrozenIsLeftOut()
    {
        using var network = new TwoPlayers();
        network.Second.requires_grad = false;
        var report = Train(network, new TrainingOptions { Steps = 100, LearningRate = 0.01 });
        Assert.True(network.First.item<float>() > 0.5);
        Assert.Equal(0, network.Second.item<float>());
        Assert.True(report.BestLoss < 0, "the loss of the player that is left, which falls from 0");
    }

    [Fact]
    public void LeavesNoTensorsBehind()
    {
        using var rows = Table(200);
        using var network = TestNetwork.OfMean(3);
        Train(network, new TrainingOptions { Epochs = 1 }, rows, rows);
        long before = LiveTensors.Count;
        Train(network, new TrainingOptions { Epochs = 30, BatchSize = 50, WeightAveraging = 0.9, GradientClipNorm = 1 }, rows, rows);
        Assert.Equal(before, LiveTensors.Count);
    }

    private sealed class TwoMatrices : GenerativeNetwork
    {
        public TwoMatrices() : base("two", TestNetwork.InputOf(3))
        {
            var initializer = new Initializer(new Generator(0), CPU);
            First = this.Own("first", initializer.Constant(0.5, 3, 3));
            Second = this.Own("second", initializer.Constant(0.5, 3, 3));
        }

        public TorchSharp.Modules.Parameter First { get; }

        public TorchSharp.Modules.Parameter Second { get; }

        public override Tensor Prepare(Tensor x) => x;

        public override IReadOnlyList<Objective> Objectives => [new Objective("product", (batch, _) => (batch.X.mm(First).mm(Second) - batch.X).square().mean())];
    }

    private sealed class TwoPlayers : GenerativeNetwork
    {
        public TwoPlayers() : base("two", TestNetwork.InputOf(3))
        {
            var initializer = new Initializer(new Generator(0), CPU);
            First = this.Own("first", initializer.Constant(0, 1));
            Second = this.Own("second", initializer.Constant(0, 1));
        }

        public TorchSharp.Modules.Parameter First { get; }

        public TorchSharp.Modules.Parameter Second { get; }

        public override Tensor Prepare(Tensor x) => x;

        public override IReadOnlyList<Objective> Objectives =>
        [
            new Objective("first", (_, _) => -First.sum()) { Moves = name => name == "first" },
            new Objective("second", (_, _) => Second.sum() + First.sum()) { Moves = name => name == "second", BatchesPerStep = 4 },
        ];
    }
}
