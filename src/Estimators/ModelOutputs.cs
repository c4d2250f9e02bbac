using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The columns that a model adds, by what its network can do, and how each is computed.</summary>
internal static class ModelOutputs
{
    /// <param name="columns">Names of the columns of a table, in the order of their tokens.</param>
    public static IReadOnlyList<OutputColumn> Of(GenerativeOptions options, int features, int latentSize, IReadOnlyList<string> columns)
    {
        var outputs = new List<OutputColumn>();
        bool Can<TCapability>() => typeof(TCapability).IsAssignableFrom(options.NetworkType);
        if (Can<IScorer>())
        {
            outputs.Add(new OutputColumn(options.ScoreColumnName, NumberDataViewType.Single, 1));
            outputs.Add(new OutputColumn(options.PredictedLabelColumnName, BooleanDataViewType.Instance, 1));
        }
        if (Can<ILogDensity>()) outputs.Add(new OutputColumn(options.LogDensityColumnName, NumberDataViewType.Single, 1));
        if (Can<IReconstructor>()) outputs.Add(Vector(options.ReconstructionColumnName, features));
        if (Can<IEncoder>()) outputs.Add(Vector(options.LatentColumnName, latentSize));
        if (Can<IColumnScorer>())
            outputs.Add(Vector(options.ColumnScoresColumnName, columns.Count) with { Annotations = SlotNames.ToAnnotations(columns) });
        return outputs;
    }

    /// <summary>Computes the outputs that have an array in <paramref name="results"/>, in the order of <see cref="Of"/>.</summary>
    public static void Compute(GenerativeNetwork network, Batch batch, float threshold, float[]?[] results)
    {
        int next = 0;
        float[]? Next() => results[next++];
        if (network is IScorer scorer)
        {
            var (scores, flags) = (Next(), Next());
            if (scores is not null || flags is not null)
            {
                var score = scorer.Score(batch.X, batch.Condition);   // (batch,)
                Copy(score, scores);
                if (flags is not null) Copy(score.gt(threshold).to(float32), flags);
            }
        }
        if (network is ILogDensity density && Next() is { } densities) Copy(density.LogDensity(batch.X, batch.Condition), densities);
        if (network is IReconstructor reconstructor && Next() is { } rows) Copy(reconstructor.Reconstruct(batch.X, batch.Condition), rows);
        if (network is IEncoder encoder && Next() is { } codes) Copy(encoder.Encode(batch.X, batch.Condition), codes);
        if (network is IColumnScorer columnScorer && Next() is { } shares) Copy(columnScorer.ColumnScores(batch.X, batch.Condition), shares);
    }

    private static void Copy(Tensor values, float[]? destination)
    {
        if (destination is not null) values.CopyTo(destination);
    }

    private static OutputColumn Vector(string name, int size) => new(name, new VectorDataViewType(NumberDataViewType.Single, size), size);
}
