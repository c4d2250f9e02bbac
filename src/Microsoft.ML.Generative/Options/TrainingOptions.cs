using System.Text.Json.Serialization;

namespace Microsoft.ML.Generative;

/// <summary>The rule by which weights are moved along their gradient.</summary>
public enum Optimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>RMSProp (Hinton, 2012).</summary>
    RmsProp,

    /// <summary>Stochastic gradient descent with heavy-ball momentum.</summary>
    Sgd,
}

/// <summary>How the learning rate changes while training.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays as it is.</summary>
    Constant,

    /// <summary>It falls from its full value to 0 along half a cosine (Loshchilov and Hutter, 2017).</summary>
    Cosine,

    /// <summary>It rises from 1/25 over the first 30 % of the steps, then falls to 0 along a cosine (Smith and Topin, 2019).</summary>
    OneCycle,
}

/// <summary>How a network is trained. Options marked null by default are chosen by the model, by a rule that its page documents.</summary>
public sealed record TrainingOptions
{
    /// <summary>Rows per step, 1 or more. Default: null, the model's own.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Most passes over the training rows, 1 or more. Default: null, the model's own.</summary>
    public int? Epochs { get; init; }

    /// <summary>Most steps, 1 or more; where <see cref="Epochs"/> is given too, whichever is less. Default: null, the model's own.</summary>
    public int? Steps { get; init; }

    /// <summary>Highest learning rate, above 0 and up to 10. Default: null, the model's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Default: null, the model's own: AdamW for most.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>Share of its velocity that <see cref="Optimizer.Sgd"/> keeps from step to step, from 0 to below 1; ignored by others. Default: null, the model's own: 0.9 for most.</summary>
    public double? Momentum { get; init; }

    /// <summary>Default: null, the model's own.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Longest gradient that is not shortened (2-norm over all weights), above 0; infinity for none. Default: null, the model's own.</summary>
    public double? GradientClipNorm { get; init; }

    /// <summary>Share of each weight matrix that decays per step and unit of learning rate, 0 to 1; biases never decay. Default: null, the model's own.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Share of hidden units that are dropped in a step, from 0 up to 0.9. Default: null, the model's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>Decay of the moving average of the weights that is used in the end, from 0 (none) to below 1. Default: null, the model's own.</summary>
    public double? WeightAveraging { get; init; }

    /// <summary>Share of the rows that is held out to choose the best weights, from 0 (none) up to 0.5. Default: null, the model's own.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>Measurements on the held-out rows without a better one before training stops, 1 or more; ignored without held-out rows.
    /// Default: null, the model's own.</summary>
    public int? Patience { get; init; }

    /// <summary>For a model with a label: draw every label equally often, however rare. Default: false.</summary>
    public bool BalanceLabels { get; init; }

    /// <summary>Bytes of training rows kept in memory; more are streamed through a shuffle buffer of this size. At least 1 MiB. Default: 2 GiB.</summary>
    public long MemoryBudget { get; init; } = 2L << 30;

    /// <summary>File that holds the state of training after each epoch. If it is there when a fit starts, the fit goes on from it, to the same numbers
    /// as if it had never stopped, given the same seed; it is deleted when the fit ends. Default: null, none is written.</summary>
    [JsonIgnore]
    public string? CheckpointPath { get; init; }

    /// <summary>Is told after every measurement how training goes; called on the thread that fits.</summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends training at the next step and keeps the best weights so far. Cancelled before the first step: <see cref="OperationCanceledException"/>.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    internal void Validate(OptionFaults faults)
    {
        faults.Require(BatchSize is null or >= 1, BatchSize, "1 or more");
        faults.Require(Epochs is null or >= 1, Epochs, "1 or more");
        faults.Require(Steps is null or >= 1, Steps, "1 or more");
        faults.Require(LearningRate is null or (> 0 and <= 10), LearningRate, "above 0 and up to 10");
        faults.Require(Optimizer is null || Enum.IsDefined(Optimizer.Value), Optimizer, "a value of the enumeration");
        faults.Require(Momentum is null or (>= 0 and < 1), Momentum, "from 0 to below 1");
        faults.Require(Schedule is null || Enum.IsDefined(Schedule.Value), Schedule, "a value of the enumeration");
        faults.Require(GradientClipNorm is null or > 0, GradientClipNorm, "above 0");
        faults.Require(WeightDecay is null or (>= 0 and <= 1), WeightDecay, "from 0 to 1");
        faults.Require(Dropout is null or (>= 0 and <= 0.9), Dropout, "from 0 to 0.9");
        faults.Require(WeightAveraging is null or (>= 0 and < 1), WeightAveraging, "from 0 to below 1");
        faults.Require(ValidationFraction is null or (>= 0 and <= 0.5), ValidationFraction, "from 0 to 0.5");
        faults.Require(Patience is null or >= 1, Patience, "1 or more");
        faults.Require(MemoryBudget >= 1 << 20, MemoryBudget, "1048576 or more");
        faults.Require(CheckpointPath != "", CheckpointPath, "the path of a file, or null");
    }
}
