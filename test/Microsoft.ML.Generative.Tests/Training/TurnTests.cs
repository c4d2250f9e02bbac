using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using Microsoft.ML.Generative.Tests.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Training;

/// <summary>Objectives that are trained one after the other (<see cref="Objective.Turn"/>).</summary>
public sealed class TurnTests
{
    private const double Share = 0.7;

    private static TrainingReport Train(Successors network, TrainingOptions options, bool validate = false, TestLog? log = null, LearningRateSchedule schedule = LearningRateSchedule.Constant)
    {
        using var rows = new RowsInMemory(full(200, 1, 2f), ConditionLayout.None, false);
        using var validation = validate ? new RowsInMemory(full(10, 1, 1f), ConditionLayout.None, false) : null;
        var plan = new TrainingPlan(options, new TrainingDefaults { Schedule = schedule, WeightDecay = 0, Optimizer = Optimizer.Sgd, Momentum = 0, BatchSize = 2 }, rows.Count);
        using var loop = new TrainingLoop(network, plan, rows, validation, CPU, seed: 1, fingerprint: 2, log ?? new TestLog());
        return loop.Run();
    }

    [Fact]
    public void ATurnEndsWithinAnEpochAtItsStep()
    {
        using var network = new Successors();
        var log = new TestLog();
        var report = Train(network, new TrainingOptions { Epochs = 1, LearningRate = 0.01 }, log: log);
        Assert.Equal(100, report.Steps);
        Assert.Equal(70, network.FirstSteps);
        Assert.Equal([.. Enumerable.Range(0, 30).Select(i => i / 30.0)], network.SecondProgress.Select(progress => Math.Round(progress, 10)), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Contains("Now second.", log.Lines);
        Assert.Single(log.Measurements);
    }

    [Fact]
    public void TheNextBeginsWithTheBestWeightsAndTheAverageOfThem()
    {
        // held-out rows at 1, rows to learn from at 2: the first passes its best at 1
        using var network = new Successors();
        Train(network, new TrainingOptions { Steps = 1000, LearningRate = 0.005, WeightAveraging = 0.5 }, validate: true);
        float seen = network.FirstSeenBySecond!.Value;
        Assert.InRange(seen, 0.5, 1.5);
        Assert.Equal(seen, network.First.item<float>());
    }

    [Fact]
    public void PatienceEndsATurnAndThenTraining()
    {
        using var network = new Successors();
        var report = Train(network, new TrainingOptions { Steps = 10_000, LearningRate = 0.005, Patience = 2 }, validate: true);
        Assert.Equal(TrainingEnd.EarlyStopped, report.End);
        Assert.InRange(network.FirstSteps, 100, 2000);
        Assert.Equal(0, network.SecondProgress[0]);
        Assert.Equal(network.FirstSteps + network.SecondProgress.Count, report.Steps);
    }

    [Fact]
    public void GoingOnFromACheckpointInEitherTurnGivesTheSameNumbers()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions Options(string? path) => new() { Steps = 1000, LearningRate = 0.005, WeightAveraging = 0.5, CheckpointPath = path };
        using var whole = new Successors();
        Train(whole, Options(null), validate: true);
        foreach (long cut in new[] { 650, 850 })
        {
            using (var interrupted = new Successors { PowerCutAt = cut }) Assert.Throws<IOException>(() => { Train(interrupted, Options(folder["c"]), validate: true); });
            using var resumed = new Successors();
            Train(resumed, Options(folder["c"]), validate: true);
            Assert.True(resumed.FirstSteps < whole.FirstSteps);
            Assert.Equal((whole.First.item<float>(), whole.Second.item<float>()), (resumed.First.item<float>(), resumed.Second.item<float>()));
        }
    }

    [Fact]
    public void CancelledBeforeTheLastTurnItSaysWhatIsLeft()
    {
        using var source = new CancellationTokenSource();
        using var network = new Successors { AtStep = step => { if (step == 50) source.Cancel(); } };
        var log = new TestLog();
        Train(network, new TrainingOptions { Steps = 1000, LearningRate = 0.005, CancellationToken = source.Token }, log: log);
        Assert.Contains("warning: Cancelled before second was trained.", log.Lines);
    }

    [Fact]
    public void OneThatKeepsItsLearningRateTakesNoNoticeOfTheSchedule()
    {
        (float, float) Learnt(bool keeps, LearningRateSchedule schedule)
        {
            using var network = new Successors { KeepsLearningRate = keeps };
            Train(network, new TrainingOptions { Steps = 300, LearningRate = 0.005 }, schedule: schedule);
            return (network.First.item<float>(), network.Second.item<float>());
        }
        var constant = Learnt(keeps: false, LearningRateSchedule.Constant);
        Assert.Equal(constant, Learnt(keeps: true, LearningRateSchedule.Cosine));
        Assert.NotEqual(constant, Learnt(keeps: false, LearningRateSchedule.Cosine));
    }

    /// <summary>The first learns the mean of the rows, the second that of the first.</summary>
    private sealed class Successors : GenerativeNetwork
    {
        public Successors() : base("successors", TestNetwork.InputOf(1))
        {
            var initializer = new Initializer(new Generator(0), CPU);
            First = this.Own("first", initializer.Constant(0, 1));
            Second = this.Own("second", initializer.Constant(0, 1));
        }

        public TorchSharp.Modules.Parameter First { get; }

        public TorchSharp.Modules.Parameter Second { get; }

        public Action<long>? AtStep { get; init; }

        public bool KeepsLearningRate { get; init; }

        public long PowerCutAt { get; init; } = long.MaxValue;

        public long FirstSteps { get; private set; }

        public List<double> SecondProgress { get; } = [];

        public float? FirstSeenBySecond { get; private set; }

        public override Tensor Prepare(Tensor x) => x;

        public override IReadOnlyList<Objective> Objectives =>
        [
            new Objective("first", (batch, step) =>
            {
                Count(step, () => FirstSteps++);
                return (batch.X - First).square().mean();
            }) { Moves = name => name == "first", Turn = (0, Share), KeepsLearningRate = KeepsLearningRate },
            new Objective("second", (_, step) =>
            {
                Count(step, () => SecondProgress.Add(step.Progress));
                FirstSeenBySecond ??= First.item<float>();
                return (First.detach() - Second).square().sum();
            }) { Moves = name => name == "second", Turn = (Share, 1), KeepsLearningRate = KeepsLearningRate },
        ];

        private void Count(TrainingStep step, Action count)
        {
            if (step.Validating) return;
            if (step.Step == PowerCutAt) throw new IOException("power cut");
            AtStep?.Invoke(step.Step);
            count();
        }
    }
}
