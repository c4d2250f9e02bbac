using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>An objective with the weights that it moves and the optimizer that moves them. Most models have one; a GAN has two that take turns.</summary>
internal sealed class Player : IDisposable
{
    public Player(GenerativeNetwork network, Objective objective, TrainingPlan plan, Device device)
    {
        Objective = objective;
        Weights = new ParameterBuffer(Parameters(network, objective).Where(p => p.requires_grad), device);
        Update = WeightUpdate.Create(plan.Optimizer, Weights, plan.WeightDecay, plan.Momentum, objective.Beta1);
    }

    /// <summary>Whether all that the objective would move has been frozen: it asks for no gradient.</summary>
    public static bool IsFrozen(GenerativeNetwork network, Objective objective) => Parameters(network, objective).ToList() is { Count: > 0 } all && all.TrueForAll(p => !p.requires_grad);

    public Objective Objective { get; }

    public ParameterBuffer Weights { get; }

    public WeightUpdate Update { get; }

    /// <summary>Share of its own steps that are done.</summary>
    /// <param name="progress">Share of all steps that are done, 0 to below 1.</param>
    public double ProgressAt(double progress) => Math.Clamp((progress - Objective.Turn.From) / (Objective.Turn.To - Objective.Turn.From), 0, 1);

    /// <summary>One step: loss, gradients, clipping, update.</summary>
    /// <returns>The loss.</returns>
    public Tensor Move(Batch batch, TrainingStep step, double learningRate, double clipNorm, long stepsDone)
    {
        if (!Objective.WritesGradients) Weights.Gradients.zero_();
        var loss = Objective.Loss(batch, step);
        if (!Objective.WritesGradients) loss.backward();
        using var noGradient = no_grad();
        if (!double.IsPositiveInfinity(clipNorm)) Clip(clipNorm);
        Update.Step(learningRate * Objective.LearningRateScale, stepsDone);
        return loss;
    }

    // on a GPU without waiting for the norm: times min(1, clipNorm / norm)
    private void Clip(double clipNorm)
    {
        var norm = Weights.Gradients.norm();
        if (norm.device_type != TorchSharp.DeviceType.CPU) Weights.Gradients.mul_(norm.add_(1e-12).reciprocal_().mul_(clipNorm).clamp_max_(1));
        else if (norm.item<float>() is var length && length > clipNorm) Weights.Gradients.mul_(clipNorm / length);
    }

    private static IEnumerable<Parameter> Parameters(GenerativeNetwork network, Objective objective) =>
        network.named_parameters().Where(p => objective.Moves?.Invoke(p.Item1) ?? true).Select(p => p.Item2);

    public void Dispose()
    {
        Update.Dispose();
        Weights.Dispose();
    }
}
