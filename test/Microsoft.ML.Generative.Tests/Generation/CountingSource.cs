using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Tests.Generation;

/// <summary>A source whose rows say where they come from: batch, row in the batch, and their product with the seed.</summary>
internal sealed class CountingSource(int batchRows, int seed = 1) : ISampleSource
{
    private readonly Lock _lock = new();

    /// <summary>Number and rows of every batch that was drawn.</summary>
    public List<(long Batch, int Rows)> Drawn { get; } = [];

    public int Width => 3;

    public int BatchRows => batchRows;

    public void Generate(long batch, int rows, float[] destination)
    {
        lock (_lock) Drawn.Add((batch, rows));
        for (int i = 0; i < rows; i++)
        {
            destination[3 * i] = batch;
            destination[3 * i + 1] = i;
            destination[3 * i + 2] = (i + batch) * seed % 2;
        }
    }
}
