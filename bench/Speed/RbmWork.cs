using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace MLGenerative.Bench.Speed;

/// <summary>Fits of restricted Boltzmann machines to made-up bits, through ML.NET as a user would do it.</summary>
internal static class RbmWork
{
    /// <summary>Epochs that are timed together: single ones of some hundredths of a second differ too much.</summary>
    public const int Epochs = 10;

    /// <summary>Processor time, so that what else the machine does counts little: how much more a fit takes with so many epochs more.</summary>
    public static double SecondsPerEpoch(int rows, int features, int hidden, int batchSize)
    {
        var ml = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        var random = new Random(1);
        var bits = Enumerable.Range(0, rows).Select(_ => new Row { Features = [.. Enumerable.Range(0, features).Select(_ => random.NextDouble() < 0.2 ? 1f : 0)] }).ToList();
        var view = ml.Data.LoadFromEnumerable(bits, schema);
        return (Fit(1 + Epochs) - Fit(1)) / Epochs;

        double Fit(int epochs)
        {
            var options = new RbmOptions
            {
                HiddenSize = hidden, Learning = new() { Chains = batchSize }, Annealing = new() { Steps = 1, Chains = 2, MostChains = 2 }, Sampling = new() { BurnIn = 0 },
                Training = new() { Epochs = epochs, BatchSize = batchSize, ValidationFraction = 0 },
            };
            var started = Environment.CpuUsage.TotalTime;
            using var model = ml.Generative.TrainRbm(options).Fit(view);
            return (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
