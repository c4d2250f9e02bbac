using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What a network is built for: the layout of its rows and their first two moments.</summary>
/// <param name="Spans">Layout of the features, without gaps.</param>
/// <param name="Mean">Mean of every feature over the training rows (0 where the feature is not standardised).</param>
/// <param name="Scale">Standard deviation of every feature (1 where it is constant or not standardised).</param>
/// <param name="ConditionSize">Width of the condition, 0 for none.</param>
/// <param name="Rows">How many rows there are to learn from: a rule for sizes or steps may depend on it.</param>
internal sealed record NetworkInput(IReadOnlyList<FeatureSpan> Spans, float[] Mean, float[] Scale, int ConditionSize, long Rows)
{
    public int Features => Mean.Length;

    /// <summary>Correlation of the features, features × features row by row, for networks that ask for it.</summary>
    public float[]? Correlation { get; init; }

    /// <summary>Mean of every feature over the training rows, whatever its kind, for biases to start from; null for a network that is filled from a file.</summary>
    public float[]? Average { get; init; }

    /// <summary>Of every feature that held whole numbers only, their range; null for others. Null altogether where a network is made to load weights into.</summary>
    public IReadOnlyList<WholeNumbers?>? WholeNumbers { get; init; }

    /// <summary>What the tokens of a table stand for, in the order of their spans; empty for rows of numbers.</summary>
    public IReadOnlyList<TokenColumn> TokenColumns { get; init; } = [];

    /// <summary>Names of the features: <c>column.slot</c>, with the name of the slot, or its number.</summary>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>Whether there are several continuous features, and not too many, so that their correlation is of use.</summary>
    public bool CanBeWhitened => Features <= InputTransform.MostWhitenedFeatures && Spans.Where(s => s.Kind == SpanKind.Continuous).Sum(s => s.Width) >= 2;
}

/// <summary>A model: its parameters, and the losses that train them. What else it can do, it says by the interfaces of Capabilities.cs.</summary>
internal abstract class GenerativeNetwork : nn.Module
{
    protected GenerativeNetwork(string name, NetworkInput input) : base(name) => Input = input;

    public NetworkInput Input { get; }

    /// <summary>What a training step minimises, in this order: one objective for most models, one per player for a GAN.</summary>
    public abstract IReadOnlyList<Objective> Objectives { get; }

    /// <summary>What is trained once the weights that <see cref="Objectives"/> move are final, and moves these again, all together; null for nothing. (What has weights of its own has a <see cref="Objective.Turn"/>.)</summary>
    public virtual TrainingStage? Afterwards => null;

    /// <summary>What is to be done to rows before the losses see them, and does not depend on the weights: training does it to many rows at once.</summary>
    /// <returns>(rows, features), x itself where there is nothing to do.</returns>
    public abstract Tensor Prepare(Tensor x);
}

/// <summary>One thing that a training step minimises, over all parameters or over some of them.</summary>
/// <param name="Name">What the loss is called in the log.</param>
/// <param name="Loss">Mean loss over the batch of prepared rows, a scalar with a graph; or, if <see cref="WritesGradients"/>, the figure to report.</param>
internal sealed record Objective(string Name, Func<Batch, TrainingStep, Tensor> Loss)
{
    /// <summary>Which parameters it moves, by their names; null for all. Objectives must not share parameters.</summary>
    public Func<string, bool>? Moves { get; init; }

    /// <summary>It moves on every so-manieth batch only (a generator may wait for its critic).</summary>
    public int BatchesPerStep { get; init; } = 1;

    /// <summary>Multiplies the learning rate (two time-scale updates).</summary>
    public double LearningRateScale { get; init; } = 1;

    /// <summary>Its learning rate does not follow the schedule: it stays, and what counts is the moving average of the weights.</summary>
    public bool KeepsLearningRate { get; init; }

    /// <summary>The part of the training in which it moves, as shares of the steps; 0 to 1 for all of it. The schedule of the learning rate spans that part, and it is what is measured there.
    /// Whatever begins after the start begins with the best weights until then (layers that are learnt one after the other, an encoder of what a generator draws).</summary>
    public (double From, double To) Turn { get; init; } = (0, 1);

    /// <summary>What is done before its first step: a layer that starts from what those below have learnt.</summary>
    public Action<TrainingStep>? Begin { get; init; }

    /// <summary>Its loss says nothing of how good the weights are: those are kept of which samples are best (<see cref="IMonitored"/>).</summary>
    public bool IsJudgedBySamples { get; init; }

    /// <summary>Decay of the mean gradient that AdamW follows: less for players, whose losses change with each other's steps.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The loss puts the gradients of all parameters that it moves in the place of those of the step before by itself (contrastive divergence), or needs none (counting): no backward pass.
    /// Frozen parameters have no gradient to put anything into.</summary>
    public bool WritesGradients { get; init; }
}

/// <summary>Objectives that are trained together, after others.</summary>
/// <param name="Defaults">Their own training: of the user's options only the number of steps bounds it.</param>
internal sealed record TrainingStage(IReadOnlyList<Objective> Objectives, TrainingDefaults Defaults);

/// <summary>Where training stands, for losses that depend on it, and the generator that their noise comes from.</summary>
internal sealed class TrainingStep(Generator generator, Device device)
{
    public Generator Generator { get; } = generator;

    public Device Device { get; } = device;

    /// <summary>Steps done so far.</summary>
    public long Step { get; internal set; }

    /// <summary>Share of the planned steps of the objective at turn that are done, 0 to 1.</summary>
    public double Progress { get; internal set; }

    /// <summary>Whether training began with the weights of a trained model: no warm-up, which would undo them.</summary>
    public bool StartedTrained { get; init; }

    /// <summary>Whether the loss is measured rather than minimised: no dropout, no warm-up, no input noise that hides the rows.</summary>
    public bool Validating { get; internal set; }
}
