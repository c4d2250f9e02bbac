using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative.Training;

/// <summary>Training, or loading, as seen in <c>MLContext.Log</c>: a line when it begins, after each measurement and when it ends.</summary>
internal sealed class ChannelLog : ITrainingLog, IDisposable
{
    private readonly IChannel _channel;

    public ChannelLog(MLContext context, string model, string activity = "Training")
    {
        _channel = ((IHostEnvironment)context).Register("Generative." + model, seed: 0).Start(activity);
    }

    public void Info(string message) => _channel.Info(MessageSensitivity.None, message);

    public void Warning(string message) => _channel.Warning(MessageSensitivity.None, message);

    public void Progress(TrainingProgress progress)
    {
        string validation = progress.ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation {loss:G6}") : "";
        Info(string.Create(CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch}, step {progress.Step} of {progress.PlannedSteps}: loss {progress.Loss:G6}{validation}, learning rate {progress.LearningRate:G3}, {progress.Elapsed.TotalSeconds:F1} s"));
    }

    public void Dispose() => _channel.Dispose();
}
