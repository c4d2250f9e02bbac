namespace Microsoft.ML.Generative.Training;

/// <summary>How far training has come: with the weights and the optimizers' state, all that it takes to go on.</summary>
internal sealed class TrainingState
{
    public int Epoch { get; set; }

    public long Step { get; set; }

    /// <summary>Planned steps that are left out, since a turn ended before its time (see <see cref="Networks.Objective.Turn"/>).</summary>
    public long Skipped { get; set; }

    /// <summary>Where in the plan training is.</summary>
    public long Position => Step + Skipped;

    public double LastLoss { get; set; } = double.PositiveInfinity;

    public double LearningRate { get; set; }

    public double BestLoss { get; set; } = double.PositiveInfinity;

    public long BestStep { get; set; }

    public int MeasurementsSinceBest { get; set; }

    /// <summary>Best discrepancy of samples, and the step it was reached at; null as long as the turn in which samples are judged lasts, and without one.</summary>
    public (double Loss, long Step)? OfSamples { get; set; }

    /// <summary>Why training ended; null while it goes on.</summary>
    public TrainingEnd? End { get; set; }

    /// <summary>What is measured from now on is something else.</summary>
    /// <param name="bySamples">Whether it was samples.</param>
    public void EndTurn(bool bySamples)
    {
        if (bySamples) OfSamples = (BestLoss, BestStep);
        BestLoss = double.PositiveInfinity;
        MeasurementsSinceBest = 0;
    }

    public void Improve(double loss, WeightSnapshot weights)
    {
        weights.Keep();
        BestLoss = loss;
        BestStep = Step;
        MeasurementsSinceBest = -1;   // this measurement itself counts up to 0
    }
}
