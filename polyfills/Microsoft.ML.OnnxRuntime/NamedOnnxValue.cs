using System.Buffers;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A tensor and the name of the input or output that it is for.</summary>
public class NamedOnnxValue
{
    internal NamedOnnxValue(string name, object value, OnnxValueType type)
    {
        Name = name;
        Value = value;
        ValueType = type;
    }

    public string Name { get; set; }

    public object Value { get; set; }

    public OnnxValueType ValueType { get; }

    public static NamedOnnxValue CreateFromTensor<T>(string name, Tensor<T> value) => new(name, value, OnnxValueType.ONNX_TYPE_TENSOR);

    public Tensor<T> AsTensor<T>() => Value as Tensor<T>;

    public IEnumerable<T> AsEnumerable<T>() => Value as IEnumerable<T>;

    internal OrtValue ToOrtValue() => Value switch
    {
        Tensor<float> t => Wrap(t),
        Tensor<double> t => Wrap(t),
        Tensor<long> t => Wrap(t),
        Tensor<int> t => Wrap(t),
        Tensor<uint> t => Wrap(t),
        Tensor<ulong> t => Wrap(t),
        Tensor<short> t => Wrap(t),
        Tensor<ushort> t => Wrap(t),
        Tensor<byte> t => Wrap(t),
        Tensor<sbyte> t => Wrap(t),
        Tensor<bool> t => Wrap(t),
        Tensor<string> t => OrtValue.CreateFromStringTensor(t),
        _ => throw new OnnxRuntimeException(ErrorCode.NotImplemented, $"A value of {Value?.GetType()} is not supported; tensors of numbers and texts are."),
    };

    private static OrtValue Wrap<T>(Tensor<T> tensor) where T : unmanaged
    {
        var dense = tensor as DenseTensor<T> ?? tensor.ToDenseTensor();
        var shape = Array.ConvertAll(dense.Dimensions.ToArray(), size => (long)size);
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, dense.Buffer, shape);
    }
}

/// <summary>A result, whose tensor lies in the library's memory until it is disposed.</summary>
public class DisposableNamedOnnxValue : NamedOnnxValue, IDisposable
{
    private OrtValue _value;

    internal DisposableNamedOnnxValue(string name, OrtValue value) : base(name, View(value), value.OnnxType)
    {
        _value = value;
        ElementType = value.GetTensorTypeAndShape().ElementDataType;
    }

    public TensorElementType ElementType { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _value?.Dispose();
        _value = null;
    }

    private static object View(OrtValue value)
    {
        if (!value.IsTensor) throw new OnnxRuntimeException(ErrorCode.NotImplemented, $"A result of {value.OnnxType} is not supported; tensors are.");
        var info = value.GetTensorTypeAndShape();
        int[] shape = Array.ConvertAll(info.Shape, size => checked((int)size));
        return info.ElementDataType switch
        {
            TensorElementType.Float => new DenseTensor<float>(new ValueMemory<float>(value).Memory, shape),
            TensorElementType.Double => new DenseTensor<double>(new ValueMemory<double>(value).Memory, shape),
            TensorElementType.Int64 => new DenseTensor<long>(new ValueMemory<long>(value).Memory, shape),
            TensorElementType.Int32 => new DenseTensor<int>(new ValueMemory<int>(value).Memory, shape),
            TensorElementType.UInt32 => new DenseTensor<uint>(new ValueMemory<uint>(value).Memory, shape),
            TensorElementType.UInt64 => new DenseTensor<ulong>(new ValueMemory<ulong>(value).Memory, shape),
            TensorElementType.Int16 => new DenseTensor<short>(new ValueMemory<short>(value).Memory, shape),
            TensorElementType.UInt16 => new DenseTensor<ushort>(new ValueMemory<ushort>(value).Memory, shape),
            TensorElementType.UInt8 => new DenseTensor<byte>(new ValueMemory<byte>(value).Memory, shape),
            TensorElementType.Int8 => new DenseTensor<sbyte>(new ValueMemory<sbyte>(value).Memory, shape),
            TensorElementType.Bool => new DenseTensor<bool>(new ValueMemory<bool>(value).Memory, shape),
            TensorElementType.String => new DenseTensor<string>(value.GetStringTensorAsArray(), shape),
            _ => throw new OnnxRuntimeException(ErrorCode.NotImplemented, $"A tensor of {info.ElementDataType} is not supported."),
        };
    }

    private sealed unsafe class ValueMemory<T> : MemoryManager<T> where T : unmanaged
    {
        private readonly OrtValue _value;
        private readonly T* _data;
        private readonly int _length;

        public ValueMemory(OrtValue value)
        {
            _value = value;
            var span = value.GetTensorMutableDataAsSpan<T>();
            fixed (T* data = span) _data = data;   // the library's memory does not move
            _length = span.Length;
        }

        public override Memory<T> Memory => CreateMemory(_length);

        public override Span<T> GetSpan()
        {
            _ = _value.Handle;   // throws where the value is gone
            return new Span<T>(_data, _length);
        }

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            _ = _value.Handle;
            return new MemoryHandle(_data + elementIndex);
        }

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}

/// <summary>Values that are disposed together.</summary>
public interface IDisposableReadOnlyCollection<T> : IReadOnlyCollection<T>, IReadOnlyList<T>, IDisposable
{
}

internal sealed class DisposableList<T>(int capacity) : List<T>(capacity), IDisposableReadOnlyCollection<T> where T : IDisposable
{
    public void Dispose()
    {
        foreach (var item in this) item.Dispose();
        Clear();
    }
}
