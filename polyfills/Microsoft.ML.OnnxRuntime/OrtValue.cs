using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A value that goes into a graph or comes out of it, in memory that the library can see.</summary>
public unsafe class OrtValue : IDisposable
{
    private nint _handle;
    private MemoryHandle _pinned;

    internal OrtValue(nint handle, MemoryHandle pinned = default)
    {
        _handle = handle;
        _pinned = pinned;
    }

    ~OrtValue() => Dispose(disposing: false);

    public OnnxValueType OnnxType
    {
        get
        {
            int type;
            Native.Check(Native.GetValueType(Handle, &type));
            return (OnnxValueType)type;
        }
    }

    public bool IsTensor
    {
        get
        {
            int isTensor;
            Native.Check(Native.IsTensor(Handle, &isTensor));
            return isTensor != 0;
        }
    }

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(OrtValue));

    public static OrtValue CreateTensorValueFromMemory<T>(T[] data, long[] shape) where T : unmanaged =>
        CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(), shape);

    public static OrtValue CreateTensorValueFromMemory<T>(OrtMemoryInfo memoryInfo, Memory<T> memory, long[] shape) where T : unmanaged
    {
        var pinned = memory.Pin();
        try
        {
            nint value = Wrap(memoryInfo, pinned.Pointer, (long)memory.Length * sizeof(T), shape, TensorElementTypes.Of(typeof(T)));
            return new OrtValue(value, pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    public static OrtValue CreateTensorValueWithData(OrtMemoryInfo memInfo, TensorElementType elementType, long[] shape, nint dataBufferPtr, long bufferLengthInBytes) =>
        new(Wrap(memInfo, (void*)dataBufferPtr, bufferLengthInBytes, shape, elementType));

    public static OrtValue CreateAllocatedTensorValue(OrtAllocator allocator, TensorElementType elementType, long[] shape)
    {
        nint value;
        fixed (long* sizes = shape)
            Native.Check(Native.CreateTensorAsOrtValue(allocator.Pointer, sizes, (nuint)shape.Length, (int)elementType, &value));
        return new OrtValue(value);
    }

    public static OrtValue CreateFromStringTensor(Tensor<string> tensor)
    {
        var value = CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.String, Array.ConvertAll(tensor.Dimensions.ToArray(), size => (long)size));
        var texts = new nint[(int)tensor.Length];
        try
        {
            for (int i = 0; i < texts.Length; i++) texts[i] = Marshal.StringToCoTaskMemUTF8(tensor.GetValue(i) ?? "");
            fixed (nint* utf8 = texts) Native.Check(Native.FillStringTensor(value.Handle, (byte**)utf8, (nuint)texts.Length));
            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
        finally
        {
            foreach (nint text in texts) Marshal.FreeCoTaskMem(text);
        }
    }

    public string[] GetStringTensorAsArray()
    {
        var texts = new string[checked((int)GetTensorTypeAndShape().ElementCount)];
        nuint length;
        Native.Check(Native.GetStringTensorDataLength(Handle, &length));
        var bytes = new byte[(int)length];
        var starts = new nuint[texts.Length];
        fixed (byte* content = bytes)
        fixed (nuint* offsets = starts)
            Native.Check(Native.GetStringTensorContent(Handle, content, length, offsets, (nuint)starts.Length));
        for (int i = 0; i < texts.Length; i++)
        {
            int start = (int)starts[i], end = i + 1 < texts.Length ? (int)starts[i + 1] : bytes.Length;
            texts[i] = Encoding.UTF8.GetString(bytes, start, end - start);
        }
        return texts;
    }

    public OrtTensorTypeAndShapeInfo GetTensorTypeAndShape()
    {
        nint info;
        Native.Check(Native.GetTensorTypeAndShape(Handle, &info));
        try
        {
            return new OrtTensorTypeAndShapeInfo(info);
        }
        finally
        {
            Native.ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    public ReadOnlySpan<T> GetTensorDataAsSpan<T>() where T : unmanaged => GetTensorMutableDataAsSpan<T>();

    public Span<T> GetTensorMutableDataAsSpan<T>() where T : unmanaged
    {
        var info = GetTensorTypeAndShape();
        if (info.ElementDataType != TensorElementTypes.Of(typeof(T)))
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"The tensor has elements of {info.ElementDataType}, not of {typeof(T)}.");
        void* data;
        Native.Check(Native.GetTensorMutableData(Handle, &data));
        return new Span<T>(data, checked((int)info.ElementCount));
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_handle == 0) return;
        Native.ReleaseValue(_handle);
        _handle = 0;
        _pinned.Dispose();
    }

    private static nint Wrap(OrtMemoryInfo memoryInfo, void* data, long bytes, long[] shape, TensorElementType type)
    {
        nint value;
        fixed (long* sizes = shape)
            Native.Check(Native.CreateTensorWithDataAsOrtValue(memoryInfo.Pointer, data, (nuint)bytes, sizes, (nuint)shape.Length, (int)type, &value));
        return value;
    }
}

/// <summary>Type and shape of a tensor.</summary>
public unsafe struct OrtTensorTypeAndShapeInfo
{
    internal OrtTensorTypeAndShapeInfo(nint info)
    {
        int type;
        nuint rank;
        Native.Check(Native.GetTensorElementType(info, &type));
        Native.Check(Native.GetDimensionsCount(info, &rank));
        ElementDataType = (TensorElementType)type;
        Shape = new long[rank];
        fixed (long* sizes = Shape) Native.Check(Native.GetDimensions(info, sizes, rank));
        ElementCount = 1;
        foreach (long size in Shape) ElementCount = Math.Max(0, size) * ElementCount;
    }

    public TensorElementType ElementDataType { get; }

    public bool IsString => ElementDataType == TensorElementType.String;

    public int DimensionsCount => Shape.Length;

    public long ElementCount { get; }

    public long[] Shape { get; }
}
