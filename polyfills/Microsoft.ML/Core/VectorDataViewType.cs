using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Vectors of primitive values, held as <see cref="VBuffer{T}"/>.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    /// <param name="itemType">The type of one value.</param>
    /// <param name="size">The number of values; 0 when it may differ from row to row.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : base(BufferOf(itemType))
    {
        Contracts.CheckParam(size >= 0, nameof(size));
        ItemType = itemType;
        Size = size;
        Dimensions = [size];
    }

    /// <param name="itemType">The type of one value.</param>
    /// <param name="dimensions">The shape; 0 for what may differ from row to row.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, dimensions?.ToImmutableArray() ?? [])
    {
    }

    /// <param name="itemType">The type of one value.</param>
    /// <param name="dimensions">The shape; 0 for what may differ from row to row.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(BufferOf(itemType))
    {
        Contracts.CheckParam(dimensions.Length > 0, nameof(dimensions));
        Contracts.CheckParam(dimensions.All(d => d >= 0), nameof(dimensions));
        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (product, d) => checked(product * d));
    }

    /// <summary>The type of one value.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The shape.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>The number of values; 0 when it may differ from row to row.</summary>
    public int Size { get; }

    /// <summary>Whether every row has the same number of values.</summary>
    public bool IsKnownSize => Size > 0;

    /// <inheritdoc/>
    public override bool Equals(DataViewType other)
        => other == this
            || (other is VectorDataViewType vector && ItemType.Equals(vector.ItemType) && Dimensions.AsSpan().SequenceEqual(vector.Dimensions.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => Dimensions.Aggregate(ItemType.GetHashCode(), HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Dimensions.Length == 1)
            return Size > 0 ? $"Vector<{ItemType}, {Size}>" : $"Vector<{ItemType}>";
        return $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d > 0 ? d.ToString() : "*"))}>";
    }

    private static Type BufferOf(PrimitiveDataViewType itemType)
        => typeof(VBuffer<>).MakeGenericType(Contracts.CheckValue(itemType, nameof(itemType)).RawType);
}
