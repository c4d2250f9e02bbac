using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, whose arrays are reused from row to row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    /// <summary>The number of values, those that a sparse vector leaves out included.</summary>
    public readonly int Length;

    /// <summary>A dense vector.</summary>
    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam((values?.Length ?? 0) >= length, nameof(values));
        Length = _count = length;
        _values = values;
        _indices = indices;
    }

    /// <summary>A vector with <paramref name="count"/> values, at ascending <paramref name="indices"/>; dense when that is all of them.</summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(0 <= count && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    /// <summary>Whether all values are there.</summary>
    public bool IsDense => _count == Length;

    /// <summary>The values that are there.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>Where those values stand; empty for a dense vector.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    /// <summary>The value at <paramref name="index"/>.</summary>
    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(0 <= index && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        int at = GetIndices().BinarySearch(index);
        return at < 0 ? default : _values[at];
    }

    /// <summary>The value at <paramref name="index"/>.</summary>
    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    /// <summary>Copies to another vector, which keeps its arrays.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies to another vector, which becomes dense.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Copies a part to another vector.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex));
        Contracts.CheckParam(0 <= length && sourceIndex <= Length - length, nameof(length));
        int first = sourceIndex, count = length;
        if (!IsDense)
        {
            first = LowerBound(GetIndices(), sourceIndex);
            count = LowerBound(GetIndices(), sourceIndex + length) - first;
        }
        var editor = VBufferEditor.Create(ref destination, length, count);
        _values.AsSpan(first, count).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    /// <summary>Copies all values, with default ones where a sparse vector has none.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies all values, with <paramref name="defaultValue"/> where a sparse vector has none.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Contracts.CheckParam(0 <= destinationIndex && destinationIndex <= destination.Length - Length, nameof(destination),
            "Not large enough to hold these values.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    /// <summary>Makes a dense vector of a part of an array.</summary>
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        int size = source?.Length ?? 0;
        Contracts.CheckParam(0 <= length && length <= size, nameof(length));
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= size - length, nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>The values with their indices; with <paramref name="all"/> those too that a sparse vector leaves out.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (IsDense || !all)
        {
            for (int i = 0; i < _count; i++)
                yield return new(IsDense ? i : _indices[i], _values[i]);
            yield break;
        }
        for (int slot = 0, next = 0; slot < Length; slot++)
            yield return new(slot, next < _count && _indices[next] == slot ? _values[next++] : default);
    }

    /// <summary>All values in order.</summary>
    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    /// <summary>The values that are there.</summary>
    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> Edit(int length, int? valuesCount, int? maxCapacity, bool keepOld, bool indicesOnDense)
    {
        Contracts.CheckParam(length >= 0, nameof(length), "Must be non-negative.");
        Contracts.CheckParam(valuesCount is null or >= 0, nameof(valuesCount), "If specified, must be non-negative.");
        Contracts.CheckParam(valuesCount == null || valuesCount <= length, nameof(valuesCount), "If specified, must be no greater than the length.");
        int count = valuesCount ?? length;
        var values = Resized(_values, count, maxCapacity, keepOld);
        var indices = count == length && !indicesOnDense ? _indices : Resized(_indices, count, maxCapacity, keepOld);
        return new(length, count, values, indices, indicesOnDense, values != _values, indices != _indices);
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, null, false, false);

    // grows by doubling, so that a caller who asks for a little more every time doesn't allocate every time
    private static TItem[] Resized<TItem>(TItem[] old, int size, int? maxCapacity, bool keepOld)
    {
        int oldSize = old?.Length ?? 0;
        if (oldSize >= size)
            return old;
        long capacity = Math.Max(size, Math.Min(Math.Max(2L * oldSize, size), maxCapacity ?? Array.MaxLength));
        var made = new TItem[oldSize == 0 ? size : (int)capacity];
        if (keepOld && oldSize > 0)
            Array.Copy(old, made, oldSize);
        return made;
    }

    private static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        int at = sorted.BinarySearch(value);
        return at < 0 ? ~at : at;
    }
}
