using System.Numerics;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>How far rows are from the training row that is closest to them (distance to closest record, DCR).</summary>
/// <remarks>
/// The distance is √Σ d², over the columns: for numbers d is the difference in standard deviations of the training rows (1 in a column that is constant in them), for categories it is 1 if
/// they differ, and so it is between a number and a missing one. Rows that copy are nearer to the training rows than other real rows are; so the ratio of
/// the medians is well under 1 (Zhao et al., 2021, have the distance; held-out rows give it a scale). Every row is compared with every training row, in blocks that the cache holds.
/// </remarks>
internal sealed class ClosestRecord
{
    private const int BlockRows = 512;     // rows of a block times columns should stay in the first cache
    private const int QueriesAtOnce = 64;

    private readonly ComparedTable _training;
    private readonly (double Mean, double Deviation)[] _scales;
    private readonly float[][] _columns;   // of the training rows, in units of the distance, filled up to whole blocks

    public ClosestRecord(ComparedTable training)
    {
        _training = training;
        _scales = [.. training.Columns.Select(c => c is NumberColumn numbers ? Moments.Of(numbers.Values) : (0, 1))];
        _columns = Encode(training);
    }

    /// <summary>The distance of each row to the training row closest to it.</summary>
    public double[] Distances(ComparedTable rows)
    {
        _ = ComparedTable.Pair(_training, rows);
        var queries = Encode(rows);
        var distances = new double[rows.Rows];
        Parallel.For(0, (rows.Rows + QueriesAtOnce - 1) / QueriesAtOnce, part =>
        {
            int first = part * QueriesAtOnce, end = Math.Min(first + QueriesAtOnce, rows.Rows);
            Span<float> nearest = stackalloc float[QueriesAtOnce], block = stackalloc float[BlockRows];
            nearest.Fill(float.PositiveInfinity);
            for (int start = 0; start < _training.Rows; start += BlockRows)
            {
                for (int query = first; query < end; query++)
                {
                    SquaredDistances(queries, query, start, block);
                    foreach (float squared in block[..Math.Min(BlockRows, _training.Rows - start)])
                        if (squared < nearest[query - first]) nearest[query - first] = squared;
                }
            }
            for (int query = first; query < end; query++) distances[query] = Math.Sqrt(nearest[query - first]);
        });
        return distances;
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private void SquaredDistances(float[][] queries, int query, int start, Span<float> sums)
    {
        sums.Clear();
        for (int c = 0; c < _columns.Length; c++)
        {
            float value = queries[c][query];
            var own = new Vector<float>(value);
            var training = _columns[c].AsSpan(start, BlockRows);
            bool categories = _training.Columns[c] is CategoryColumn;
            for (int i = 0; i < BlockRows; i += Vector<float>.Count)
            {
                var other = new Vector<float>(training[i..]);
                var difference = own - other;
                var squared = categories ? Vector.ConditionalSelect(Vector.Equals(own, other), Vector<float>.Zero, Vector<float>.One)
                    : float.IsNaN(value) ? Vector.ConditionalSelect(Vector.Equals(other, other), Vector<float>.One, Vector<float>.Zero)
                    : Vector.ConditionalSelect(Vector.Equals(other, other), difference * difference, Vector<float>.One);
                (new Vector<float>(sums[i..]) + squared).CopyTo(sums[i..]);
            }
        }
    }

    private float[][] Encode(ComparedTable table)
    {
        int length = (table.Rows + BlockRows - 1) / BlockRows * BlockRows;
        return [.. table.Columns.Select((column, c) =>
        {
            var values = new float[length];
            var (mean, deviation) = _scales[c];
            for (int i = 0; i < table.Rows; i++)
                values[i] = column is NumberColumn numbers ? (float)((numbers.Values[i] - mean) / deviation) : ((CategoryColumn)column).Codes[i];
            return values;
        })];
    }
}
