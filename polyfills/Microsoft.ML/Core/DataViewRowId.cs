using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit number that tells the rows of a view apart, whatever order they come in.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    // the constants of the 128-bit MurmurHash3 (Appleby, public domain), of which each step below is one round
    private const ulong First = 0x87c37b91114253d5;
    private const ulong Second = 0x4cf5ad432745937f;

    /// <summary>The lower half.</summary>
    public readonly ulong Low;

    /// <summary>The upper half.</summary>
    public readonly ulong High;

    /// <param name="low">The lower half.</param>
    /// <param name="high">The upper half.</param>
    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>An identifier for another row made from this one.</summary>
    public DataViewRowId Fork() => Round(1, 0);

    /// <summary>Another identifier than <see cref="Fork"/> gives.</summary>
    public DataViewRowId Next() => Round(0, 0);

    /// <summary>An identifier for the pair of both rows.</summary>
    public DataViewRowId Combine(DataViewRowId other)
    {
        other = other.Fork();
        return Round(other.Low, other.High);
    }

    /// <inheritdoc/>
    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <inheritdoc/>
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";

    private DataViewRowId Round(ulong k1, ulong k2)
    {
        ulong low = Low ^ (BitOperations.RotateLeft(k1 * First, 31) * Second);
        low = ((BitOperations.RotateLeft(low, 27) + High) * 5) + 0x52dce729;
        ulong high = High ^ (BitOperations.RotateLeft(k2 * Second, 33) * First);
        high = ((BitOperations.RotateLeft(high, 31) + low) * 5) + 0x38495ab5;
        return new(low, high);
    }
}
