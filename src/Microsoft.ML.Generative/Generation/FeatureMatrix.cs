using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Rows of features in memory, each padded with zeros to a whole number of vector registers.</summary>
internal sealed class FeatureMatrix(int rows, int columns)
{
    // distances of rows within two blocks of this size are computed while both are in the cache
    private const int BlockBytes = 1 << 16;

    private readonly float[] _values = new float[(long)rows * Stride(columns)];

    public int Rows => rows;

    public int Columns => columns;

    public Span<float> this[int row] => _values.AsSpan(row * Stride(columns), columns);

    /// <summary>Reads a vector column.</summary>
    /// <exception cref="InvalidOperationException">The rows are more than memory can hold together, or other ones than were counted.</exception>
    public static FeatureMatrix Read(IDataView view, DataViewSchema.Column features, long rows)
    {
        int columns = ((VectorDataViewType)features.Type).Size;
        if (rows * Stride(columns) > Array.MaxLength)
        {
            throw new InvalidOperationException($"{rows} rows of {columns} features are more than one array can hold. "
                + "Oversample a sample of the rows, or use a generative model, which streams.");
        }
        var matrix = new FeatureMatrix((int)rows, columns);
        using var cursor = view.GetRowCursor([features]);
        var getter = cursor.GetGetter<VBuffer<float>>(features);
        VBuffer<float> value = default;
        int read = 0;
        for (; read < matrix.Rows && cursor.MoveNext(); read++)
        {
            getter(ref value);
            value.CopyTo(matrix[read]);
        }
        if (read < matrix.Rows) throw new InvalidOperationException("The input had fewer rows when it was read a second time. Cache it with Data.Cache.");
        return matrix;
    }

    /// <summary>Finds the rows nearest to each row, itself left out, nearest first; of equally distant ones the first.</summary>
    /// <returns>rows × count numbers of rows.</returns>
    public int[] NearestNeighbours(int count)
    {
        var nearest = new int[rows * count];
        int blockRows = Math.Max(1, BlockBytes / sizeof(float) / Stride(columns));
        int blocks = (rows + blockRows - 1) / blockRows;
        Parallel.For(0, blocks, block =>
        {
            int first = block * blockRows, end = Math.Min(first + blockRows, rows);
            var distances = new float[(end - first) * count];
            distances.AsSpan().Fill(float.PositiveInfinity);
            for (int other = 0; other < rows; other += blockRows)
            {
                for (int row = first; row < end; row++)
                {
                    var rowDistances = distances.AsSpan((row - first) * count, count);
                    var rowNearest = nearest.AsSpan(row * count, count);
                    for (int candidate = other; candidate < Math.Min(other + blockRows, rows); candidate++)
                    {
                        float distance = SquaredDistance(row, candidate);
                        if (candidate != row && distance < rowDistances[^1]) Insert(rowDistances, rowNearest, distance, candidate);
                    }
                }
            }
        });
        return nearest;
    }

    private static void Insert(Span<float> distances, Span<int> nearest, float distance, int row)
    {
        int at = distances.Length - 1;
        for (; at > 0 && distances[at - 1] > distance; at--)
        {
            distances[at] = distances[at - 1];
            nearest[at] = nearest[at - 1];
        }
        distances[at] = distance;
        nearest[at] = row;
    }

    private float SquaredDistance(int row, int other)
    {
        int stride = Stride(columns);
        var a = new ReadOnlySpan<float>(_values, row * stride, stride);
        var b = new ReadOnlySpan<float>(_values, other * stride, stride);
        var sum = Vector<float>.Zero;
        for (int i = 0; i < stride; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(a[i..]) - new Vector<float>(b[i..]);
            sum += difference * difference;
        }
        return Vector.Sum(sum);
    }

    private static int Stride(int columns) => (columns + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
}
