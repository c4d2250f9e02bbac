namespace Microsoft.ML.Generative.Generation;

/// <summary>Draws rows on the lines between neighbouring rows of a class.</summary>
internal sealed class SmoteSource : ISampleSource
{
    private readonly FeatureMatrix _rows;
    private readonly int _seed;
    private readonly int _neighbours;
    private readonly int[] _nearest;
    private readonly int[] _order;

    /// <param name="rows">The rows of the class, two at least.</param>
    /// <param name="neighbours">How many of the nearest rows of each to draw towards, if there are as many.</param>
    /// <param name="seed">Seed of the draws.</param>
    public SmoteSource(FeatureMatrix rows, int neighbours, int seed)
    {
        _rows = rows;
        _seed = seed;
        _neighbours = Math.Min(neighbours, rows.Rows - 1);
        _nearest = rows.NearestNeighbours(_neighbours);
        _order = Permutation(rows.Rows, seed);
    }

    public int Width => _rows.Columns;

    int ISampleSource.BatchRows => BatchRows;

    private const int BatchRows = 1024;

    public void Generate(long batch, int rows, float[] destination)
    {
        var random = new BatchRandom(_seed, batch);
        for (int i = 0; i < rows; i++)
        {
            // the rows of the class take turns, in an order that does not depend on how they were sorted
            int start = _order[(batch * BatchRows + i) % _order.Length];
            int end = _nearest[start * _neighbours + random.Next(_neighbours)];
            float along = random.NextSingle();
            Span<float> a = _rows[start], b = _rows[end], drawn = destination.AsSpan(i * Width, Width);
            for (int j = 0; j < drawn.Length; j++) drawn[j] = a[j] + along * (b[j] - a[j]);
        }
    }

    private static int[] Permutation(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var random = new BatchRandom(seed, -1);   // the number of no batch
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
