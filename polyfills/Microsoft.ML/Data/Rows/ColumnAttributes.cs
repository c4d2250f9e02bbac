using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Names the column of a member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute : Attribute
{
    /// <param name="name">The name of the column.</param>
    public ColumnNameAttribute(string name) => Name = name;

    internal string Name { get; }
}

/// <summary>Leaves a member out.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute
{
    /// <summary>Leaves the member out.</summary>
    public NoColumnAttribute()
    {
    }
}

/// <summary>Says how long the vectors of a member are.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    /// <summary>The length may differ from row to row.</summary>
    public VectorTypeAttribute()
    {
    }

    /// <param name="size">The length; 0 when it may differ from row to row.</param>
    public VectorTypeAttribute(int size)
        : this([size])
    {
    }

    /// <param name="dimensions">The shape; 0 for what may differ from row to row.</param>
    public VectorTypeAttribute(params int[] dimensions)
    {
        Contracts.CheckParam(dimensions.All(size => size >= 0), nameof(dimensions), "Should contain only non-negative values");
        Dimensions = dimensions;
    }

    internal int[] Dimensions { get; } = [];
}

/// <summary>Says that the values of an unsigned member are keys, counted from 0; they are held from 1 on, and what is too large is missing.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    /// <summary>Not supported: a key needs a count.</summary>
    public KeyTypeAttribute() => throw new NotSupportedException("Using KeyType without the Count parameter is not supported");

    /// <param name="count">The number of keys.</param>
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}
