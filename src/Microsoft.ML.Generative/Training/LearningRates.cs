namespace Microsoft.ML.Generative.Training;

internal static class LearningRates
{
    private const double WarmUp = 0.3, Start = 1.0 / 25;

    /// <summary>Learning rate as a share of the highest one.</summary>
    /// <param name="progress">Share of the steps that are done, 0 to 1.</param>
    public static double At(this LearningRateSchedule schedule, double progress) => schedule switch
    {
        LearningRateSchedule.Constant => 1,
        LearningRateSchedule.Cosine => HalfCosine(1, 0, progress),
        LearningRateSchedule.OneCycle => progress < WarmUp ? HalfCosine(Start, 1, progress / WarmUp) : HalfCosine(1, 0, (progress - WarmUp) / (1 - WarmUp)),
        _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "no such schedule"),
    };

    private static double HalfCosine(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * Math.Min(1, share))) / 2;
}
