using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Categories, held as 1, 2, …, <see cref="Count"/>; 0 is a missing one.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    /// <param name="type">byte, ushort, uint or ulong.</param>
    /// <param name="count">The number of categories, at least 1 and at most what <paramref name="type"/> can hold.</param>
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
            throw Contracts.ExceptParam(nameof(type), "Type is not valid, it must be Byte, UInt16, UInt32, or UInt64.");
        if (count == 0 || count > Largest(type))
            throw Contracts.ExceptParam(nameof(count),
                $"The cardinality of a {nameof(KeyDataViewType)} must not exceed {type.Name}.MaxValue and must be strictly positive, but got {count}.");
        Count = count;
    }

    /// <param name="type">byte, ushort, uint or ulong.</param>
    /// <param name="count">The number of categories, at least 1.</param>
    public KeyDataViewType(Type type, int count)
        : this(type, count > 0 ? (ulong)count
            : throw Contracts.ExceptParam(nameof(count), $"The cardinality of a {nameof(KeyDataViewType)} must be strictly positive."))
    {
    }

    /// <summary>The number of categories.</summary>
    public ulong Count { get; }

    /// <summary>Whether categories can be held as <paramref name="type"/>.</summary>
    public static bool IsValidDataType(Type type)
        => type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    /// <inheritdoc/>
    public override bool Equals(DataViewType other)
        => other == this || (other is KeyDataViewType key && key.RawType == RawType && key.Count == Count);

    /// <inheritdoc/>
    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    /// <inheritdoc/>
    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static ulong Largest(Type type)
        => type == typeof(uint) ? uint.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(byte) ? byte.MaxValue : ulong.MaxValue;
}
