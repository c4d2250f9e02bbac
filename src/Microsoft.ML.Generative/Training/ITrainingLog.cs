namespace Microsoft.ML.Generative.Training;

/// <summary>Where training says how it goes.</summary>
internal interface ITrainingLog
{
    void Info(string message);

    void Warning(string message);

    void Progress(TrainingProgress progress);
}
