using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The condition as a denoiser reads it: its numbers, then whether it is given (classifier-free guidance, Ho and Salimans, 2022, needs to know rows without it).</summary>
internal static class ConditionInput
{
    /// <summary>How many numbers it is.</summary>
    public static int WidthOf(NetworkInput input) => input.ConditionSize == 0 ? 0 : input.ConditionSize + 1;

    public static Tensor? Given(Tensor? condition) => condition is null ? null : cat([condition, ones(condition.shape[0], 1, device: condition.device)], 1);

    public static OnnxValue? Given(OnnxValue? condition) => condition?.Concatenate(1, condition.Narrow(1, 0, 1) * 0f + 1f);

    /// <summary>That nothing is given.</summary>
    public static Tensor Nothing(Tensor condition) => zeros(condition.shape[0], condition.shape[1] + 1, device: condition.device);

    /// <summary>In training: nothing for some rows.</summary>
    /// <param name="dropout">Their share.</param>
    public static Tensor? Learnt(Tensor? condition, double dropout, TrainingStep step)
    {
        if (condition is null || dropout == 0 || step.Validating) return Given(condition);
        var isGiven = empty(condition.shape[0], 1, device: condition.device).bernoulli_(1 - dropout, step.Generator);
        return cat([condition * isGiven, isGiven], 1);
    }

    /// <summary>(1 + w)·conditional − w·unconditional (Ho and Salimans, 2022, equation 6).</summary>
    public static Tensor Guide(Tensor conditional, Tensor unconditional, double weight) => conditional * (1 + weight) - unconditional * weight;
}
