using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in the order of its dimensions, whatever its strides are.</summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>, IDisposable where T : unmanaged
{
    private torch.Tensor _tensor;              // keeps the memory alive
    private T* _data;
    private readonly long[] _shape, _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.numel();
        _data = (T*)Native.ts_data(tensor.Handle);
        if (_data == null && Count > 0) Native.Throw();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T[] ToArray()
    {
        var array = new T[Count];
        if (Count > 0 || _shape.Length > 1) CopyTo(array.AsSpan());
        return array;
    }

    public Array ToNDArray()
    {
        if (_shape.Length == 0) return new[] { _data[0] };
        var array = Array.CreateInstance(typeof(T), _shape);
        var index = new long[_shape.Length];
        for (long i = 0; i < Count; i++)
        {
            array.SetValue(_data[Offset(i)], index);
            for (int d = index.Length - 1; d >= 0 && ++index[d] == _shape[d]; d--) index[d] = 0;
        }
        return array;
    }

    /// <summary>One index counts through all elements; else there is one for each dimension.</summary>
    public T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long n = Common(array.Length, arrayIndex, tensorIndex);
        if (_contiguous) new ReadOnlySpan<T>(_data + tensorIndex, (int)n).CopyTo(array[arrayIndex..]);
        else for (long i = 0; i < n; i++) array[arrayIndex + (int)i] = _data[Offset(tensorIndex + i)];
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long n = Common(array.Length, arrayIndex, tensorIndex);
        if (_contiguous) array.Slice(arrayIndex, (int)n).CopyTo(new Span<T>(_data + tensorIndex, (int)n));
        else for (long i = 0; i < n; i++) _data[Offset(tensorIndex + i)] = array[arrayIndex + (int)i];
        GC.KeepAlive(_tensor);
    }

    // as much as both have; as in the real package, nothing can be copied out of or into an empty tensor
    private long Common(int length, int arrayIndex, long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return Math.Max(0, Math.Min(length - arrayIndex, Count - tensorIndex));
    }

    private long Offset(long index)
    {
        if (_contiguous) return index;
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            index = Math.DivRem(index, _shape[d], out long at);
            offset += at * _strides[d];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] >= Count) throw new IndexOutOfRangeException();
            if (indices[0] < 0)
                throw new ArgumentOutOfRangeException(nameof(indices), $"{indices[0]} in a collection of {Count} elements.");
            return Offset(indices[0]);
        }
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            if (indices[d] < 0 || indices[d] >= _shape[d])
                throw new IndexOutOfRangeException($"{indices[d]} >= {_shape[d]} in dimension {d}.");
            offset += indices[d] * _strides[d];
        }
        return offset;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T At(long i) => _data[Offset(i)];

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) =>
        left.Count == right.Count && left.SequenceEqual(right);
    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);
    public override bool Equals(object obj) => obj is TensorAccessor<T> other && this == other;
    public override int GetHashCode() => base.GetHashCode();

    public void Dispose()
    {
        _tensor = null;
        _data = null;
    }
}
