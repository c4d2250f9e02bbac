using System.Globalization;
using Microsoft.ML.Generative.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The state of training in a file, from which it goes on to the same numbers.</summary>
internal static class TrainingCheckpoint
{
    public static void Write(string path, long fingerprint, TrainingState state, WeightSnapshot weights, IEnumerable<WeightUpdate> updates) =>
        Checkpoint.Write(path, new Dictionary<string, string>
        {
            ["fingerprint"] = Text(fingerprint),
            ["epoch"] = Text(state.Epoch),
            ["step"] = Text(state.Step),
            ["skipped"] = Text(state.Skipped),
            ["lastLoss"] = Text(state.LastLoss),
            ["bestLoss"] = Text(state.BestLoss),
            ["bestStep"] = Text(state.BestStep),
            ["measurementsSinceBest"] = Text(state.MeasurementsSinceBest),
            ["samplesLoss"] = Text(state.OfSamples?.Loss ?? double.NaN),
            ["samplesStep"] = Text(state.OfSamples?.Step ?? 0),
        }, Tensors(weights, updates));

    /// <exception cref="InvalidDataException">The file is damaged, or of another fit.</exception>
    public static TrainingState Read(string path, long fingerprint, WeightSnapshot weights, IEnumerable<WeightUpdate> updates)
    {
        var (values, tensors) = Checkpoint.Read(path);
        try
        {
            string Value(string name) => values.TryGetValue(name, out string? value) ? value : throw new InvalidDataException($"Checkpoint {path} lacks '{name}'. Delete it to start anew.");
            if (Value("fingerprint") != Text(fingerprint))
                throw new InvalidDataException($"Checkpoint {path} is of a fit with other rows, options or another model. Delete it to start anew, or name another CheckpointPath.");
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            foreach (var (name, tensor) in Tensors(weights, updates))
            {
                if (!tensors.TryGetValue(name, out var saved) || !saved.shape.SequenceEqual(tensor.shape))
                    throw new InvalidDataException($"Checkpoint {path} lacks '{name}' of shape ({string.Join(", ", tensor.shape)}). Delete it to start anew.");
                tensor.copy_(saved);
            }
            weights.HasBest = true;
            return new TrainingState
            {
                Epoch = int.Parse(Value("epoch"), CultureInfo.InvariantCulture),
                Step = long.Parse(Value("step"), CultureInfo.InvariantCulture),
                Skipped = long.Parse(Value("skipped"), CultureInfo.InvariantCulture),
                LastLoss = double.Parse(Value("lastLoss"), CultureInfo.InvariantCulture),
                BestLoss = double.Parse(Value("bestLoss"), CultureInfo.InvariantCulture),
                BestStep = long.Parse(Value("bestStep"), CultureInfo.InvariantCulture),
                MeasurementsSinceBest = int.Parse(Value("measurementsSinceBest"), CultureInfo.InvariantCulture),
                OfSamples = double.Parse(Value("samplesLoss"), CultureInfo.InvariantCulture) is var loss && double.IsNaN(loss) ? null : (loss, long.Parse(Value("samplesStep"), CultureInfo.InvariantCulture)),
            };
        }
        finally
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(WeightSnapshot weights, IEnumerable<WeightUpdate> updates) =>
        weights.State.Concat(updates.SelectMany((update, i) => update.State.Select(s => ($"objective.{i}.{s.Name}", s.Tensor))));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
