using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>The last touches of a new tensor.</summary>
    private static Tensor New(nint handle, bool requires_grad, string[] names = null)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Tensors with named dimensions are not part of this stand-in.");
        var made = Tensor.Made(handle);
        return requires_grad ? made.requires_grad_() : made;
    }

    private static Kind On(Device device, ScalarType? dtype)
    {
        device ??= get_default_device();
        if (device.type != DeviceType.CPU) InitializeDeviceType(device.type);
        return new Kind(dtype ?? _defaultType, device);
    }

    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null)
    {
        fixed (long* p = size) return New(Native.ts_zeros(new Ints(p, size.Length), On(device, dtype)), requires_grad, names);
    }

    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null)
    {
        fixed (long* p = size) return New(Native.ts_ones(new Ints(p, size.Length), On(device, dtype)), requires_grad, names);
    }

    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null)
    {
        fixed (long* p = size) return New(Native.ts_empty(new Ints(p, size.Length), On(device, dtype)), requires_grad, names);
    }

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null)
    {
        fixed (long* p = size, s = strides)
            return New(Native.ts_empty_strided(new Ints(p, size), new Ints(s, strides), On(device, dtype)), requires_grad, names);
    }

    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null)
    {
        dtype ??= is_integral(value.Type) ? ScalarType.Int64 : _defaultType;
        fixed (long* p = size) return New(Native.ts_full(new Ints(p, size.Length), value.Value, On(device, dtype)), requires_grad, names);
    }

    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null)
    {
        fixed (long* p = size) return New(Native.ts_rand(new Ints(p, size.Length), generator.HandleOrNone(), On(device, dtype)),
            requires_grad, names);
    }

    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null)
    {
        fixed (long* p = size) return New(Native.ts_randn(new Ints(p, size.Length), generator.HandleOrNone(), On(device, dtype)),
            requires_grad, names);
    }

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, Generator generator = null, string[] names = null) =>
        randn(size, dtype, device, false, generator, names).mul_((Scalar)std).add_((Scalar)mean).requires_grad_(requires_grad);

    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null)
    {
        var dims = size.Shape;
        fixed (long* p = dims)
            return New(Native.ts_randint(low, high, new Ints(p, dims), generator.HandleOrNone(), On(device, dtype ?? ScalarType.Int64)),
                requires_grad, names);
    }

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null, string[] names = null) =>
        randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, Generator generator = null, string[] names = null) =>
        randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        Generator generator = null) =>
        New(Native.ts_randperm(n, generator.HandleOrNone(), On(device, dtype ?? ScalarType.Int64)), requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false)
    {
        dtype ??= is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type) ? ScalarType.Int64 : _defaultType;
        return New(Native.ts_arange(start.Value, stop.Value, step.Value, On(device, dtype)), requires_grad);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        New(Native.ts_linspace(start, end, steps, On(device, dtype)), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false) =>
        New(Native.ts_logspace(start, end, steps, @base, On(device, dtype)), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null) =>
        New(Native.ts_eye(rows, columns < 0 ? rows : columns, On(device, dtype)), requires_grad, names);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null) =>
        New(Native.ts_tril_indices(row, col, offset, On(device, dtype)), false);

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null) =>
        New(Native.ts_triu_indices(row, col, offset, On(device, dtype)), false);

    // ---- from memory

    private static Tensor Copied<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> dims, ScalarType? dtype, Device device, bool requires_grad,
        string[] names = null) where T : unmanaged
    {
        long count = 1;
        foreach (long n in dims) count *= n;
        if (count > data.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {data.Length}");
        var type = TypeOf(typeof(T));
        fixed (T* p = data)
        fixed (long* d = dims)
            return New(Native.ts_from_data(p, (int)type, new Ints(d, dims.Length), On(device, dtype ?? type)), requires_grad, names);
    }

    private static ReadOnlySpan<T> Flat<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    internal static ScalarType TypeOf(Type type) =>
        type == typeof(float) ? ScalarType.Float32 : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64 : type == typeof(int) ? ScalarType.Int32 : type == typeof(short) ? ScalarType.Int16
        : type == typeof(byte) ? ScalarType.Byte : type == typeof(sbyte) ? ScalarType.Int8 : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(Half) ? ScalarType.Float16
        : throw new NotSupportedException($"The type {type.FullName} is not supported.");

    /// <summary>
    /// A tensor over the memory of the array itself: what is written to one is seen in the other, unless type or device have to change.
    /// </summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device device = null, bool requires_grad = false,
        string[] names = null)
    {
        var dims = new long[rawArray.Rank];
        for (int i = 0; i < dims.Length; i++) dims[i] = rawArray.GetLength(i);
        return Shared(rawArray, TypeOf(rawArray.GetType().GetElementType()), dims, 0, dtype, device, requires_grad, names);
    }

    public static Tensor from_array(Array rawArray, Device device = null) => from_array(rawArray, null, device ?? CPU);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device device = null) => from_array(data, dtype, device);
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var type = TypeOf(rawArray.GetType().GetElementType());
        if (count < 0) count = rawArray.LongLength - offset;
        if (offset < 0 || offset + count > rawArray.LongLength)
            throw new ArgumentException($"offset ({offset}) + count ({count}) exceed the length of the array ({rawArray.LongLength})");
        return Shared(rawArray, type, [count], offset, dtype, CPU, requires_grad, null);
    }

    private static Tensor Shared(Array array, ScalarType type, long[] dims, long offset, ScalarType? dtype, Device device,
        bool requires_grad, string[] names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Tensors with named dimensions are not part of this stand-in.");
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        Tensor shared;
        try
        {
            byte* data = (byte*)pin.AddrOfPinnedObject() + offset * type.ElementSize();
            fixed (long* d = dims) shared = Tensor.Made(Native.ts_from_blob(data, (int)type, new Ints(d, dims), &Release,
                (void*)GCHandle.ToIntPtr(pin)));
        }
        catch
        {
            pin.Free();
            throw;
        }
        if (type == (dtype ?? type) && (device is null || device.type == DeviceType.CPU)) return requires_grad ? shared.requires_grad_()
            : shared;
        using (shared) return New(Native.ts_to(shared.Handle, On(device, dtype ?? type), false, false), requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void Release(void* owner) => GCHandle.FromIntPtr((nint)owner).Free();
}
