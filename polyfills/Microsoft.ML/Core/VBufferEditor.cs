using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes editors of vectors.</summary>
public static class VBufferEditor
{
    /// <summary>An editor of the vector as it is.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) => destination.Edit();

    /// <summary>An editor for a vector that takes over the arrays of <paramref name="destination"/>, in which old values may stand.</summary>
    /// <param name="destination">Whose arrays are reused.</param>
    /// <param name="newLogicalLength">The length.</param>
    /// <param name="valuesCount">The number of values; null for a dense vector.</param>
    /// <param name="maxValuesCapacity">The most that an array may grow to.</param>
    /// <param name="keepOldOnResize">Whether a new array gets the old values.</param>
    /// <param name="requireIndicesOnDense">Whether there shall be indices for a dense vector too.</param>
    public static VBufferEditor<T> Create<T>(scoped ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
        => destination.Edit(newLogicalLength, valuesCount, maxValuesCapacity, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>Write access to the arrays of a vector, until <see cref="Commit"/>.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    /// <summary>The values.</summary>
    public readonly Span<T> Values;

    /// <summary>Their indices, ascending; empty for a dense vector.</summary>
    public readonly Span<int> Indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool indicesOnDense, bool newValues, bool newIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count != length || indicesOnDense ? indices.AsSpan(0, count) : default;
        CreatedNewValues = newValues;
        CreatedNewIndices = newIndices;
    }

    /// <summary>Whether the values had to be allocated.</summary>
    public bool CreatedNewValues { get; }

    /// <summary>Whether the indices had to be allocated.</summary>
    public bool CreatedNewIndices { get; }

    /// <summary>The vector.</summary>
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    /// <summary>The vector with fewer values than were asked for.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Contracts.CheckParam(physicalValuesCount <= Values.Length, nameof(physicalValuesCount),
            "Cannot be greater than the number of values that the editor was created with.");
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
