using System.Collections;

namespace Microsoft.ML.OnnxRuntime.Tensors;

/// <summary>What tensors of all types share.</summary>
public class TensorBase
{
    protected TensorBase(Type primitiveType) => PrimitiveType = primitiveType;

    internal Type PrimitiveType { get; }
}

/// <summary>A tensor in managed memory, row by row.</summary>
public abstract class Tensor<T> : TensorBase, IList<T>, IReadOnlyList<T>
{
    private readonly int[] _dimensions;
    private readonly int[] _strides;

    protected Tensor(int length) : this([length], reverseStride: false) { }

    protected Tensor(ReadOnlySpan<int> dimensions, bool reverseStride) : base(typeof(T))
    {
        if (reverseStride) throw new NotSupportedException("Tensors are stored row by row here.");
        _dimensions = dimensions.ToArray();
        _strides = new int[dimensions.Length];
        long length = 1;
        for (int i = dimensions.Length - 1; i >= 0; i--)
        {
            if (dimensions[i] < 0) throw new ArgumentOutOfRangeException(nameof(dimensions), "Dimensions must be 0 or more.");
            _strides[i] = (int)length;
            length = checked((int)(length * dimensions[i]));
        }
        Length = length;
    }

    public long Length { get; }

    public int Rank => _dimensions.Length;

    public ReadOnlySpan<int> Dimensions => _dimensions;

    public ReadOnlySpan<int> Strides => _strides;

    public bool IsFixedSize => true;

    public bool IsReadOnly => false;

    public bool IsReversedStride => false;

    int ICollection<T>.Count => (int)Length;

    int IReadOnlyCollection<T>.Count => (int)Length;

    public virtual T this[params int[] indices]
    {
        get => this[indices.AsSpan()];
        set => this[indices.AsSpan()] = value;
    }

    public virtual T this[ReadOnlySpan<int> indices]
    {
        get => GetValue(Offset(indices));
        set => SetValue(Offset(indices), value);
    }

    T IList<T>.this[int index] { get => GetValue(index); set => SetValue(index, value); }

    T IReadOnlyList<T>.this[int index] => GetValue(index);

    public abstract Tensor<T> Clone();

    public abstract Tensor<TResult> CloneEmpty<TResult>(ReadOnlySpan<int> dimensions);

    public abstract Tensor<T> Reshape(ReadOnlySpan<int> dimensions);

    public abstract T GetValue(int index);

    public abstract void SetValue(int index, T value);

    public virtual void Fill(T value)
    {
        for (int i = 0; i < Length; i++) SetValue(i, value);
    }

    public virtual DenseTensor<T> ToDenseTensor()
    {
        var result = new DenseTensor<T>(Dimensions);
        CopyTo(result.Buffer.Span);
        return result;
    }

    protected virtual bool Contains(T item) => IndexOf(item) >= 0;

    protected virtual int IndexOf(T item)
    {
        for (int i = 0; i < Length; i++)
            if (EqualityComparer<T>.Default.Equals(GetValue(i), item)) return i;
        return -1;
    }

    protected virtual void CopyTo(T[] array, int arrayIndex) => CopyTo(array.AsSpan(arrayIndex));

    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => CopyTo(array, arrayIndex);
    bool ICollection<T>.Contains(T item) => Contains(item);
    int IList<T>.IndexOf(T item) => IndexOf(item);
    void ICollection<T>.Add(T item) => throw new InvalidOperationException("A tensor's size is fixed.");
    void ICollection<T>.Clear() => Fill(default);
    bool ICollection<T>.Remove(T item) => throw new InvalidOperationException("A tensor's size is fixed.");
    void IList<T>.Insert(int index, T item) => throw new InvalidOperationException("A tensor's size is fixed.");
    void IList<T>.RemoveAt(int index) => throw new InvalidOperationException("A tensor's size is fixed.");

    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        for (int i = 0; i < Length; i++) yield return GetValue(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    private void CopyTo(Span<T> destination)
    {
        for (int i = 0; i < Length; i++) destination[i] = GetValue(i);
    }

    private int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank) throw new ArgumentException($"{indices.Length} indices were given for a tensor of rank {Rank}.", nameof(indices));
        int offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)_dimensions[i]) throw new IndexOutOfRangeException();
            offset += indices[i] * _strides[i];
        }
        return offset;
    }
}

/// <summary>A tensor in one piece of memory.</summary>
public class DenseTensor<T> : Tensor<T>
{
    public DenseTensor(int length) : base(length) => Buffer = new T[length];

    public DenseTensor(ReadOnlySpan<int> dimensions, bool reverseStride = false) : base(dimensions, reverseStride) => Buffer = new T[Length];

    public DenseTensor(Memory<T> memory, ReadOnlySpan<int> dimensions, bool reverseStride = false) : base(dimensions, reverseStride)
    {
        if (memory.Length != Length)
            throw new ArgumentException($"Length of {nameof(memory)} ({memory.Length}) must match product of {nameof(dimensions)} ({Length}).");
        Buffer = memory;
    }

    public Memory<T> Buffer { get; }

    public override T GetValue(int index) => Buffer.Span[index];

    public override void SetValue(int index, T value) => Buffer.Span[index] = value;

    public override Tensor<T> Clone() => new DenseTensor<T>(Buffer.ToArray(), Dimensions);

    public override Tensor<TResult> CloneEmpty<TResult>(ReadOnlySpan<int> dimensions) => new DenseTensor<TResult>(dimensions);

    public override Tensor<T> Reshape(ReadOnlySpan<int> dimensions) => new DenseTensor<T>(Buffer, dimensions);

    protected override void CopyTo(T[] array, int arrayIndex) => Buffer.Span.CopyTo(array.AsSpan(arrayIndex));

    protected override int IndexOf(T item) => base.IndexOf(item);
}
