namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch: this object holds one count of its reference. What it can do is in the files beside this one.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        internal nint handle;
        internal DisposeScope OwningDisposeScope;
        internal Tensor PreviousInScope, NextInScope;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            long total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount) _peakCount = total;
            if (register) DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0) return;
            DisposeScopeManager.OfThread.Disposing(this);
            // a tensor that is finalized while a scope owns it is garbage together with that scope
            if (disposing) OwningDisposeScope?.Remove(this);
            Interlocked.Decrement(ref _totalCount);
            Native.ts_dispose(handle);
            handle = 0;
        }

        /// <summary>
        /// Tensors alive in the process. As in the real package it grows by one with every Parameter for good: compare <see
        /// cref="DisposeScopeManager.Statistics"/> instead.
        /// </summary>
        public static long TotalCount => _totalCount;
        public static long PeakCount => _peakCount;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == 0;

        public string name { get; set; }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref _totalCount);
            nint taken = Handle;
            handle = 0;
            return taken;
        }

        internal nint MoveHandle()
        {
            nint taken = Handle;
            handle = 0;
            GC.SuppressFinalize(this);
            return taken;
        }

        // ---- dispose scopes

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        // ---- what it is

        public ScalarType dtype => (ScalarType)Native.ts_dtype(Handle);
        public long Dimensions => Native.ts_dim(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => Native.ts_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => Native.ts_element_size(Handle);
        public long element_size() => ElementSize;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* p = sizes) Native.ts_sizes(handle, p);
                return sizes;
            }
        }

        public long[] size() => shape;

        public unsafe long size(int dim)
        {
            int n = (int)Dimensions, i = dim < 0 ? dim + n : dim;
            if (i < 0 || i >= n) throw new ArgumentOutOfRangeException(nameof(dim), $"Dimension {dim} of a tensor that has {n}.");
            long* sizes = stackalloc long[n];
            Native.ts_sizes(handle, sizes);
            return sizes[i];
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides) Native.Check(Native.ts_strides(handle, p));
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + (int)Dimensions : dim];
        public long storage_offset() => Native.ts_storage_offset(Handle);
        public bool is_contiguous() => Native.ts_is_contiguous(Handle);
        public bool is_sparse => Native.ts_is_sparse(Handle);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);

        public DeviceType device_type => (DeviceType)Native.ts_device_type(Handle);
        public int device_index => Native.ts_device_index(Handle);
        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;

        public override string ToString() =>
            $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        // ---- results of native calls: the operands must outlive the call, which the collector can't see

        internal static Tensor Made(nint result, Tensor a, Tensor b = null, Tensor c = null)
        {
            if (result == 0) Native.Throw();
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            GC.KeepAlive(c);
            return new Tensor(result);
        }

        internal static Tensor Made(nint result)
        {
            if (result == 0) Native.Throw();
            return new Tensor(result);
        }

        private Tensor Done(bool ok, Tensor a = null, Tensor b = null)
        {
            if (!ok) Native.Throw();
            GC.KeepAlive(this);
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            return this;
        }

        internal static unsafe Tensor[] All(Many made)
        {
            if (made.Length < 0) Native.Throw();
            var tensors = new Tensor[made.Length];
            for (int i = 0; i < tensors.Length; i++) tensors[i] = made.Pointer[i] == 0 ? null : new Tensor(made.Pointer[i]);
            return tensors;
        }

        internal static void Fill(ReadOnlySpan<Tensor> tensors, Span<nint> handles)
        {
            for (int i = 0; i < tensors.Length; i++) handles[i] = tensors[i].Handle;
        }

        internal static void KeepAlive(ReadOnlySpan<Tensor> tensors)
        {
            foreach (var t in tensors) GC.KeepAlive(t);
        }
    }

    internal static nint HandleOrNone(this Tensor tensor) => tensor is null ? 0 : tensor.Handle;
}
