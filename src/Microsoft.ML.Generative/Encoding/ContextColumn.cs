namespace Microsoft.ML.Generative.Encoding;

/// <summary>A vector that a model is conditioned on: it is given, never drawn.</summary>
internal sealed class ContextColumn(VectorColumn column)
{
    public VectorColumn Column { get; } = column;

    /// <summary>Mean of every slot over the training rows.</summary>
    public float[] Mean { get; init; } = new float[column.Width];

    /// <summary>Standard deviation of every slot; 1 where it is constant.</summary>
    public float[] Scale { get; init; } = [.. Enumerable.Repeat(1f, column.Width)];

    public void Learn(FeatureStatistics statistics)
    {
        for (int i = 0; i < Column.Width; i++) (Mean[i], Scale[i]) = (statistics.Mean(i), statistics.Scale(i));
    }
}
