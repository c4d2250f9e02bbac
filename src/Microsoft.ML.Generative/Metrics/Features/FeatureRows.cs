using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The features of all rows in memory, in an order of their own: what is drawn from them by a seed does not depend on the order of the view.</summary>
internal sealed class FeatureRows
{
    private readonly float[][] _rows;

    public FeatureRows(FeatureReader reader)
    {
        Table = reader.Table;
        _rows = [.. reader.Rows()];
        Array.Sort(_rows, (a, b) => a.AsSpan().SequenceCompareTo(b));
    }

    private FeatureRows(string table, float[][] rows) => (Table, _rows) = (table, rows);

    public string Table { get; }

    public int Count => _rows.Length;

    /// <exception cref="ArgumentException">The rows are fewer than <paramref name="fewest"/>.</exception>
    public void Require(int fewest, string metric)
    {
        if (Count < fewest) throw new ArgumentException($"There {(Count == 1 ? "is 1 row" : $"are {Count} rows")} in {Table}; {metric} needs {fewest} or more.");
    }

    /// <summary>All rows, or that many of them at random.</summary>
    public FeatureRows AtMost(int rows, Random random)
    {
        if (Count <= rows) return this;
        float[][] drawn = [.. _rows];
        random.Shuffle(drawn);
        return new(Table, drawn[..rows]);
    }

    /// <summary>(rows, d), Double.</summary>
    public Tensor ToTensor() => ToTensor(_rows);

    /// <summary>(rows, d), Double.</summary>
    /// <exception cref="InvalidOperationException">They are more than an array holds.</exception>
    public static Tensor ToTensor(float[][] rows)
    {
        int size = rows[0].Length;
        if ((long)rows.Length * size > Array.MaxLength) throw new InvalidOperationException($"{rows.Length} rows of {size} features are more than one array can hold. Compare a sample of the rows.");
        var values = new double[rows.Length * size];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < size; j++) values[i * size + j] = rows[i][j];
        return tensor(values, [rows.Length, size]);
    }

    /// <summary>Some of the rows at a time.</summary>
    public IEnumerable<float[][]> Batches(int size) => _rows.Chunk(size);
}
