namespace Microsoft.ML.Generative;

/// <summary>How training goes, after a measurement.</summary>
/// <param name="Epoch">Passes over the rows done, from 1.</param>
/// <param name="Step">Steps done.</param>
/// <param name="PlannedSteps">Steps planned.</param>
/// <param name="Loss">Mean training loss since the last measurement.</param>
/// <param name="ValidationLoss">Loss on the held-out rows; null without any.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="Elapsed">Time since training began.</param>
public sealed record TrainingProgress(
    int Epoch, long Step, long PlannedSteps, double Loss, double? ValidationLoss, double LearningRate, TimeSpan Elapsed);
