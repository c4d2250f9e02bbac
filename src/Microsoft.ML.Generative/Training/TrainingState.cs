namespace Microsoft.ML.Generative.Training;

/// <summary>How far training has come: with the weights and the optimizers' state, all that it takes to go on.</summary>
internal sealed class TrainingState
{
    public int Epoch { get; set; }

    public long Step { get; set; }

    public double LastLoss { get; set; } = double.PositiveInfinity;

    public double LearningRate { get; set; }

    /// <summary>How many objectives have begun (see <see cref="Networks.Objective.Turn"/>).</summary>
    public int Begun { get; set; }

    public double BestLoss { get; set; } = double.PositiveInfinity;

    public long BestStep { get; set; }

    public int MeasurementsSinceBest { get; set; }

    /// <summary>Why training ended; null while it goes on.</summary>
    public TrainingEnd? End { get; set; }

    public void Improve(double loss, WeightSnapshot weights)
    {
        weights.Keep();
        BestLoss = loss;
        BestStep = Step;
        MeasurementsSinceBest = -1;   // this measurement itself counts up to 0
    }
}
