namespace Microsoft.ML.Generative;

/// <summary>Why training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All planned steps were done.</summary>
    Completed,

    /// <summary>The loss on the held-out rows got no better.</summary>
    EarlyStopped,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled,

    /// <summary>The loss became infinite or not a number; the best weights from before are kept.</summary>
    Diverged,
}

/// <summary>What a fit did.</summary>
/// <param name="End">Why training ended.</param>
/// <param name="Epochs">Passes over the rows done.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="TrainingRows">Rows learnt from.</param>
/// <param name="ValidationRows">Rows held out.</param>
/// <param name="BestLoss">Loss of the weights that were kept: on the held-out rows, or on the training rows without any.</param>
/// <param name="BestStep">Step of the weights that were kept.</param>
/// <param name="Device">Device that was used, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Elapsed">Time that training took.</param>
public sealed record TrainingReport(
    TrainingEnd End, int Epochs, long Steps, long TrainingRows, long ValidationRows, double BestLoss, long BestStep, string Device, TimeSpan Elapsed);
