using System.Diagnostics;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The one training loop. A model gives its objectives; everything else is here.</summary>
internal sealed class TrainingLoop : IDisposable
{
    // held-out rows in a batch; and how many there have to be, some of them several times, so that the noise in the loss averages out
    private const int MeasuredRows = 1024, FewestMeasuredRows = 256;

    private readonly GenerativeNetwork _network;
    private readonly TrainingPlan _plan;
    private readonly ITrainingRows _rows;
    private readonly ITrainingRows? _validation;
    private readonly TrainingStep _step;
    private readonly IMonitored? _monitored;
    private readonly Player[] _players;
    private Player[] _atTurn = [];
    private long _turnEnds;   // where in the plan others are at turn
    private readonly WeightSnapshot _weights;
    private readonly ITrainingLog _log;
    private readonly long _seed;
    private readonly long _fingerprint;
    private readonly Stopwatch _watch = new();

    /// <param name="fingerprint">Of the rows and the options: a checkpoint of others is refused.</param>
    public TrainingLoop(
        GenerativeNetwork network, TrainingPlan plan, ITrainingRows rows, ITrainingRows? validation, Device device, long seed, long fingerprint, ITrainingLog log)
    {
        _network = network;
        _plan = plan;
        _rows = rows;
        _validation = validation;
        _seed = seed;
        _fingerprint = fingerprint;
        _log = log;
        _step = new TrainingStep(new Generator((ulong)seed, device), device) { StartedTrained = plan.StartsTrained };
        _monitored = network as IMonitored;
        _players = (plan.IsAfterwards ? network.Afterwards!.Objectives : network.Objectives).Where(objective => !Player.IsFrozen(network, objective)).Select(objective => new Player(network, objective, plan, device)).ToArray();
        _weights = new WeightSnapshot(network, _players.Select(p => p.Weights).ToList(), plan.WeightAveraging);
    }

    /// <summary>Trains until the planned steps are done, nothing gets better, the user cancels, or the loss breaks down; leaves the best weights in the network.</summary>
    public TrainingReport Run()
    {
        var state = Resume() ?? new TrainingState();
        _watch.Start();
        _plan.Options.CancellationToken.ThrowIfCancellationRequested();
        while (state.End is null)
        {
            TakeTurns(state);
            double loss = TrainUntilMeasurement(state, out bool cancelled);
            bool finite = Judge(state, loss, out double? validationLoss);
            state.End = !finite ? TrainingEnd.Diverged
                : cancelled ? TrainingEnd.Cancelled
                : state.Position >= _plan.Steps ? (state.Skipped > 0 ? TrainingEnd.EarlyStopped : TrainingEnd.Completed)
                : _validation is not null && ++state.MeasurementsSinceBest > _plan.Patience && !SkipTurn(state) ? TrainingEnd.EarlyStopped
                : null;

            Report(state, loss, validationLoss);
            if (state.End is null) WriteCheckpoint(state);
        }
        return Finish(state);
    }

    // measures the weights, and keeps them if they are the best; false if the loss has broken down
    private bool Judge(TrainingState state, double loss, out double? validationLoss)
    {
        bool finite = double.IsFinite(loss);
        validationLoss = finite && _validation is not null ? Measure() : null;
        finite &= double.IsFinite(validationLoss ?? 0);
        double judged = validationLoss ?? loss;
        if (finite && (_validation is null || judged < state.BestLoss)) state.Improve(judged, _weights);
        return finite;
    }

    // those that begin now build on the best weights of those before, and the averages of both start there
    private void TakeTurns(TrainingState state)
    {
        _atTurn = AtTurn(state.Position);
        _turnEnds = _players.SelectMany(player => new[] { StepOf(player.Objective.Turn.From), StepOf(player.Objective.Turn.To) }).Where(step => step > state.Position).DefaultIfEmpty(_plan.Steps).Min();
        var before = state.Position == 0 ? [] : AtTurn(state.Position - 1);
        if (before.SequenceEqual(_atTurn)) return;
        if (state.Position > 0)
        {
            if (_weights.HasBest) _weights.RestoreBest();
            state.EndTurn(AreJudgedBySamples(before));
            _log.Info($"Now {string.Join(", ", _atTurn.Select(player => player.Objective.Name))}.");
        }
        _step.Generator.manual_seed(RandomSeeds.Of(_seed, -2, state.Position));
        foreach (var player in _atTurn.Except(before)) player.Objective.Begin?.Invoke(_step);
        _weights.StartAverage();
    }

    private long StepOf(double progress) => (long)Math.Ceiling(progress * _plan.Steps - 1e-6);

    // where all of those at turn are frozen, the next one
    private Player[] AtTurn(long position) =>
        _players.Where(player => StepOf(player.Objective.Turn.From) <= position && position < StepOf(player.Objective.Turn.To)).ToArray() is { Length: > 0 } atTurn ? atTurn
        : [_players.FirstOrDefault(player => StepOf(player.Objective.Turn.From) > position) ?? _players[^1]];

    // what is left of a turn in which nothing gets better; false for the last one
    private bool SkipTurn(TrainingState state)
    {
        if (_turnEnds >= _plan.Steps) return false;
        state.Skipped += _turnEnds - state.Position;
        return true;
    }

    private bool AreJudgedBySamples(Player[] players) => _monitored is not null && players[^1].Objective.IsJudgedBySamples;

    // some epochs, or what is left of the planned steps; the mean loss of the last objective, since it is at turn
    private double TrainUntilMeasurement(TrainingState state, out bool cancelled)
    {
        using var scope = NewDisposeScope();
        var total = zeros(1, device: _step.Device);
        long steps = 0;
        cancelled = false;
        for (long i = 0; i < _plan.EpochsPerMeasurement && state.Position < _plan.Steps && !cancelled; i++)
        {
            // the order and the noise of an epoch depend on the seed and its number alone: going on from a checkpoint gives the same numbers
            _step.Generator.manual_seed(RandomSeeds.Of(_seed, state.Epoch));
            using var order = new Generator((ulong)RandomSeeds.Of(_seed, state.Epoch, 1));
            foreach (var batch in _rows.Batches(_plan.BatchSize, order, _network.Prepare))
            {
                if (cancelled = _plan.Options.CancellationToken.IsCancellationRequested) break;
                if (state.Position == _turnEnds)
                {
                    if (steps > 0) Judge(state, total.item<float>() / steps, out _);
                    TakeTurns(state);
                    // other noise than that of the measurement
                    _step.Generator.manual_seed(RandomSeeds.Of(_seed, state.Epoch, 2));
                    using var noGradient = no_grad();
                    total.zero_();
                    steps = 0;
                }
                using (var stepScope = NewDisposeScope())
                {
                    TakeStep(batch, state, total);
                    steps++;
                }
                if (state.Position >= _plan.Steps) break;
            }
            state.Epoch++;
        }
        return steps == 0 ? state.LastLoss : state.LastLoss = total.item<float>() / steps;
    }

    private void TakeStep(Batch batch, TrainingState state, Tensor total)
    {
        _step.Step = state.Step;
        foreach (var player in _atTurn)
        {
            _step.Progress = player.ProgressAt(state.Position / (double)_plan.Steps);
            double learningRate = state.LearningRate = _plan.LearningRate * (player.Objective.KeepsLearningRate ? 1 : _plan.Schedule.At(_step.Progress));
            if (state.Step % player.Objective.BatchesPerStep != 0) continue;
            var loss = player.Move(batch, _step, learningRate, _plan.GradientClipNorm, state.Step / player.Objective.BatchesPerStep);
            using var noGradient = no_grad();
            if (player == _atTurn[^1]) total.add_(loss);
        }
        state.Step++;
        _weights.Average(state.Step);
    }

    // the loss of the weights that would be kept, over all held-out rows, always with the same noise
    private double Measure()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var averaged = _weights.UseAverage();
        _step.Generator.manual_seed(RandomSeeds.Of(_seed, -1));
        if (AreJudgedBySamples(_atTurn)) return _monitored!.Measure(_validation!.Batches(MeasuredRows, null, _network.Prepare), _step.Generator);
        _step.Validating = true;
        var total = zeros(1, device: _step.Device);
        long passes = Math.Max(1, FewestMeasuredRows / _validation!.Count);
        for (long pass = 0; pass < passes; pass++)
            foreach (var batch in _validation.Batches(MeasuredRows, null, _network.Prepare))
            {
                using var batchScope = NewDisposeScope();
                total.add_(_atTurn[^1].Objective.Loss(batch, _step), batch.Rows);
            }
        _step.Validating = false;
        return total.item<float>() / (passes * _validation.Count);
    }

    private void Report(TrainingState state, double loss, double? validationLoss)
    {
        var progress = new TrainingProgress(state.Epoch, state.Step, _plan.Steps, loss, validationLoss, state.LearningRate, _watch.Elapsed);
        _log.Progress(progress);
        _plan.Options.Progress?.Report(progress);
    }

    private TrainingReport Finish(TrainingState state)
    {
        if (!_weights.HasBest)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The loss became {state.LastLoss} in epoch {state.Epoch}, before there were weights worth keeping. ")
                + "Lower TrainingOptions.LearningRate or GradientClipNorm, and check the features for extreme values.");
        _weights.RestoreBest();
        if (_plan.Options.CheckpointPath is { } path) File.Delete(path);
        if (state.End == TrainingEnd.Diverged)
            _log.Warning(FormattableString.Invariant($"The loss became {state.LastLoss} in epoch {state.Epoch}; the weights of step {state.BestStep} are kept. Lower the learning rate."));
        if (state.End == TrainingEnd.Cancelled && _players.Where(player => StepOf(player.Objective.Turn.From) > state.Position).Select(player => player.Objective.Name).ToList() is { Count: > 0 } left)
            _log.Warning($"Cancelled before {string.Join(", ", left)} was trained.");
        var (bestLoss, bestStep) = state.OfSamples ?? (state.BestLoss, state.BestStep);
        return new TrainingReport(
            state.End!.Value, state.Epoch, state.Step, _rows.Count, _validation?.Count ?? 0, bestLoss, bestStep, _step.Device.ToString(), _watch.Elapsed);
    }

    private TrainingState? Resume()
    {
        if (_plan.Options.CheckpointPath is not { } path || !File.Exists(path)) return null;
        var state = TrainingCheckpoint.Read(path, _fingerprint, _weights, _players.Select(p => p.Update));
        _log.Info($"Going on from {path}: epoch {state.Epoch}, step {state.Step}.");
        return state;
    }

    private void WriteCheckpoint(TrainingState state)
    {
        if (_plan.Options.CheckpointPath is { } path) TrainingCheckpoint.Write(path, _fingerprint, state, _weights, _players.Select(p => p.Update));
    }

    public void Dispose()
    {
        foreach (var player in _players) player.Dispose();
        _weights.Dispose();
        _step.Generator.Dispose();
    }
}
