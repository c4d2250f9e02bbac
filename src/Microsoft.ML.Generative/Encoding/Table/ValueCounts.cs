using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>How often each value of a column occurs. There is a limit to the values counted: whenever it is reached, every row counted so far is forgotten with a chance
/// of one half, as are the rows to come, so that what is left is a random part of the rows.</summary>
internal sealed class ValueCounts<T>(int mostValues, IEqualityComparer<T>? comparer, Func<T, T>? own = null) where T : notnull
{
    private readonly Dictionary<T, long> _counts = new(comparer);
    private readonly Random _random = new(17);   // the same rows give the same counts
    private int _halvings;

    /// <summary>Rows that have a value.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that have none.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows that each counted row stands for.</summary>
    public double RowsPerCount => Rows == 0 ? 1 : (double)Rows / Counted;

    /// <summary>Rows that are counted.</summary>
    public long Counted { get; private set; }

    /// <summary>How many different values are counted.</summary>
    public int Distinct => _counts.Count;

    /// <summary>The values counted, and how often each is.</summary>
    public IEnumerable<KeyValuePair<T, long>> Values => _counts;

    public void AddMissing() => Missing++;

    public void Add(T value)
    {
        Rows++;
        if (_halvings > 0 && _random.NextInt64(1L << _halvings) != 0) return;
        Counted++;
        if (_counts.ContainsKey(value))
        {
            CollectionsMarshal.GetValueRefOrNullRef(_counts, value)++;
            return;
        }
        _counts.Add(own is null ? value : own(value), 1);
        while (_counts.Count > mostValues) Halve();
    }

    private void Halve()
    {
        _halvings++;
        Counted = 0;
        foreach (var (value, count) in _counts)
        {
            long kept = Half(count);
            Counted += kept;
            if (kept == 0) _counts.Remove(value);
            else _counts[value] = kept;
        }
    }

    // a binomial draw, 62 coins at a time
    private long Half(long count)
    {
        long kept = 0;
        for (; count >= 62; count -= 62) kept += BitOperations.PopCount((ulong)_random.NextInt64(1L << 62));
        return kept + BitOperations.PopCount((ulong)_random.NextInt64(1L << (int)count));
    }
}
