using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Training;

/// <summary>What a model takes where the user leaves a training option open. A rule may depend on the number of rows and features.</summary>
internal sealed record TrainingDefaults
{
    private const int DefaultBatchSize = 128, Passes = 3, MostSteps = 20_000;

    public int BatchSize { get; init; } = DefaultBatchSize;

    public int Steps { get; init; } = 3000;

    /// <summary>Steps that see every row of a large table some times, and of a small one often enough.</summary>
    public static int StepsFor(long rows, int fewest) => (int)Math.Clamp(Passes * rows / DefaultBatchSize, fewest, MostSteps);

    public double LearningRate { get; init; } = 3e-3;

    public Optimizer Optimizer { get; init; } = Optimizer.AdamW;

    public double Momentum { get; init; } = 0.9;

    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.OneCycle;

    public double GradientClipNorm { get; init; } = double.PositiveInfinity;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay of the moving average of the weights, 0 for none.</summary>
    public double WeightAveraging { get; init; }

    /// <summary>Share of the steps that the moving average spans, where the user gives no decay: it is no slower than training, however short that is. 0 for <see cref="WeightAveraging"/>.</summary>
    public double AveragedShare { get; init; }

    public double ValidationFraction { get; init; }

    /// <summary>About how often training is measured, at most, where a measurement takes long.</summary>
    public long MostMeasurements { get; init; } = long.MaxValue;

    /// <summary>By default, training runs its course and the best weights are kept: the schedule finds the best near its end.</summary>
    public int Patience { get; init; } = int.MaxValue;
}

/// <summary>The training options with every gap filled: what the loop does.</summary>
internal sealed record TrainingPlan
{
    // measuring after every epoch of a table of 50 rows would take longer than the steps
    private const int FewestStepsBetweenMeasurements = 50;

    public TrainingPlan(TrainingOptions options, TrainingDefaults defaults, long rows)
    {
        Options = options;
        int batchSize = (int)Math.Min(rows, options.BatchSize ?? defaults.BatchSize);
        StepsPerEpoch = (rows + batchSize - 1) / batchSize;
        BatchSize = (int)((rows + StepsPerEpoch - 1) / StepsPerEpoch);   // even batches: no last one of a few rows
        Steps = options switch
        {
            { Epochs: { } epochs, Steps: { } steps } => Math.Min(epochs * StepsPerEpoch, steps),
            { Epochs: { } epochs } => epochs * StepsPerEpoch,
            { Steps: { } steps } => steps,
            _ => defaults.Steps,
        };
        EpochsPerMeasurement = Math.Max(1, Math.Max(FewestStepsBetweenMeasurements, Steps / defaults.MostMeasurements) / StepsPerEpoch);
        LearningRate = options.LearningRate ?? defaults.LearningRate;
        Optimizer = options.Optimizer ?? defaults.Optimizer;
        Momentum = options.Momentum ?? defaults.Momentum;
        Schedule = options.Schedule ?? defaults.Schedule;
        GradientClipNorm = options.GradientClipNorm ?? defaults.GradientClipNorm;
        WeightDecay = options.WeightDecay ?? defaults.WeightDecay;
        WeightAveraging = options.WeightAveraging ?? (defaults.AveragedShare > 0 ? Math.Max(0, 1 - 1 / (defaults.AveragedShare * Steps)) : defaults.WeightAveraging);
        Patience = options.Patience ?? defaults.Patience;
    }

    public TrainingOptions Options { get; }

    /// <summary>Whether the weights are those of a trained model.</summary>
    public bool StartsTrained { get; init; }

    /// <summary>Whether <see cref="GenerativeNetwork.Afterwards"/> is what is trained.</summary>
    public bool IsAfterwards { get; init; }

    public int BatchSize { get; }

    public long StepsPerEpoch { get; }

    public long Steps { get; }

    public long EpochsPerMeasurement { get; }

    public double LearningRate { get; }

    public Optimizer Optimizer { get; }

    public double Momentum { get; }

    public LearningRateSchedule Schedule { get; }

    public double GradientClipNorm { get; }

    public double WeightDecay { get; }

    public double WeightAveraging { get; }

    public int Patience { get; }
}
