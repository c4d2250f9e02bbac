namespace Microsoft.ML.Trainers.FastTree;

/// <summary>
/// The features of the training rows, column by column, each value replaced by the number of its bin. Bounds lie half-way between
/// neighbouring values; a feature with more different values than bins gets bins of about the same number of rows.
/// </summary>
internal sealed class BinnedFeatures
{
    private readonly byte[][] _bins;
    private readonly float[][] _upperBounds;

    /// <param name="columns">The values of each feature.</param>
    /// <param name="maximumBinCount">At most 255.</param>
    public BinnedFeatures(float[][] columns, int maximumBinCount)
    {
        _bins = new byte[columns.Length][];
        _upperBounds = new float[columns.Length][];
        Offsets = new int[columns.Length + 1];
        for (int f = 0; f < columns.Length; f++)
        {
            float[] bounds = _upperBounds[f] = FindBounds(columns[f], maximumBinCount);
            _bins[f] = [.. columns[f].Select(value => (byte)FirstAtLeast(bounds, value))];
            Offsets[f + 1] = Offsets[f] + BinCount(f);
        }
    }

    public int Count => _bins.Length;

    /// <summary>Where the bins of each feature start in an array that has those of all features, and the length of that array.</summary>
    public int[] Offsets { get; }

    public int BinCount(int feature) => _upperBounds[feature].Length + 1;

    public ReadOnlySpan<byte> Bins(int feature) => _bins[feature];

    /// <summary>Values up to this are in the bin or before it.</summary>
    public float UpperBound(int feature, int bin) => _upperBounds[feature][bin];

    // the bounds between the bins: one fewer than there are bins
    private static float[] FindBounds(float[] values, int maximumBinCount)
    {
        float[] sorted = [.. values];
        Array.Sort(sorted);
        List<(float Value, int Count)> distinct = [];
        foreach (float value in sorted)
            if (distinct.Count > 0 && distinct[^1].Value == value) distinct[^1] = (value, distinct[^1].Count + 1);
            else distinct.Add((value, 1));

        List<float> bounds = [];
        int rowsLeft = sorted.Length, rowsInBin = 0;
        for (int i = 0; i < distinct.Count - 1; i++)
        {
            rowsInBin += distinct[i].Count;
            int binsLeft = maximumBinCount - bounds.Count, valuesLeft = distinct.Count - 1 - i;
            if (binsLeft == 1) break;
            bool full = (long)rowsInBin * binsLeft >= rowsLeft;
            if (!full && valuesLeft > binsLeft - 1) continue;
            bounds.Add(Between(distinct[i].Value, distinct[i + 1].Value));
            rowsLeft -= rowsInBin;
            rowsInBin = 0;
        }
        return [.. bounds];
    }

    private static float Between(float low, float high)
    {
        float middle = low / 2 + high / 2;
        return middle >= low && middle < high ? middle : low;
    }

    private static int FirstAtLeast(float[] bounds, float value)
    {
        int low = 0, high = bounds.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (bounds[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
