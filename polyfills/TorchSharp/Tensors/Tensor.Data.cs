using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements; those of a tensor on another device are copied to the CPU first.</summary>
        /// <exception cref="ArgumentException">The element type of the tensor is another.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return data<T>()[i];
        }

        private void ValidateType(Type type)
        {
            if (TypeOf(type) != dtype) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        public unsafe Scalar ToScalar()
        {
            double floating;
            long integer;
            int kind;
            Done(Native.ts_item(Handle, &floating, &integer, &kind));
            return new Scalar(kind == 1 ? Num.Of(floating) : new Num(integer, kind));
        }

        public bool is_nonzero()
        {
            if (numel() != 1) throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");
            return ToScalar().ToBoolean();
        }

        private unsafe byte* Bytes(out long length)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            length = NumberOfElements * ElementSize;
            byte* data = (byte*)Native.ts_data(Handle);
            if (data == null && length > 0) Native.Throw();
            return data;
        }

        /// <summary>The memory of a contiguous tensor on the CPU: a view, valid as long as the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                byte* data = Bytes(out long length);
                if (length > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                return new Span<byte>(data, (int)length);
            }
            set
            {
                byte* data = Bytes(out long length);
                if (length != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>(data, value.Length));
            }
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            byte* data = Bytes(out long length);
            for (long at = 0; at < length; at += bufferSize) stream.Write(new ReadOnlySpan<byte>(data + at,
                (int)Math.Min(bufferSize, length - at)));
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            byte* data = Bytes(out long length);
            for (long at = 0; at < length; at += bufferSize) stream.ReadExactly(new Span<byte>(data + at,
                (int)Math.Min(bufferSize, length - at)));
            GC.KeepAlive(this);
        }

        // ---- elsewhere, or of another type

        private Tensor To(ScalarType type, Device device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var moved = Made(Native.ts_to(Handle, On(device, type), nonBlocking, copy), this);
            if (disposeAfter) Dispose();
            return moved;
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(dtype, device, copy, disposeAfter, non_blocking);
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            To(dtype, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(dtype, new Device(device), copy, disposeAfter, non_blocking);
        public Tensor to(Tensor other, bool non_blocking = false) => To(other.dtype, other.device, false, false, non_blocking);

        public Tensor cpu() => To(dtype, CPU, false, false, false);

        public Tensor cuda(Device device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA) throw new ArgumentException("Not a CUDA device.", nameof(device));
            return To(dtype, device ?? new Device(DeviceType.CUDA), false, false, non_blocking);
        }

        public Tensor type(ScalarType dtype) => to_type(dtype);
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor contiguous() => Made(Native.ts_contiguous(Handle), this);
        public Tensor clone() => Made(Native.ts_clone(Handle), this);
        public Tensor alias() => Made(Native.ts_alias(Handle), this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Done(Native.ts_copy_(Handle, source.Handle, nonBlocking), source);

        /// <summary>Shares the memory, shape and strides of the source from now on.</summary>
        public Tensor set_(Tensor source) => Done(Native.ts_set_(Handle, source.Handle), source);

        public Tensor pin_memory() => Made(Native.ts_pin_memory(Handle), this);
        public bool is_pinned() => Native.ts_is_pinned(Handle);
    }
}
