namespace Microsoft.ML.Generative.Persistence;

/// <summary>What a model file says of the fit besides the weights.</summary>
/// <param name="Seed">Seed of the fit, and of samples that are given none.</param>
/// <param name="Threshold">Score above which a row is flagged.</param>
/// <param name="LabelShares">Share of each label in the training rows; empty without a label.</param>
/// <param name="Report">What the fit did.</param>
internal sealed record FitDocument(int Seed, float Threshold, double[] LabelShares, TrainingReport Report)
{
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public void Check(int labels)
    {
        if (float.IsNaN(Threshold)) throw new InvalidDataException("its threshold is not a number");
        if (LabelShares.Length != labels) throw new InvalidDataException($"it has {LabelShares.Length} shares for {labels} labels");
        if (LabelShares.Any(share => share is not (>= 0 and <= 1)) || (labels > 0 && Math.Abs(LabelShares.Sum() - 1) > 1e-3))
            throw new InvalidDataException("the shares of its labels are not from 0 to 1, or do not add up to 1");
        if (!Enum.IsDefined(Report.End) || Report is not { Epochs: >= 0, Steps: >= 0, TrainingRows: >= 0, ValidationRows: >= 0, BestStep: >= 0 } || Report.Elapsed < TimeSpan.Zero)
            throw new InvalidDataException("its training report has a number below 0 or an end that there is not");
    }
}
