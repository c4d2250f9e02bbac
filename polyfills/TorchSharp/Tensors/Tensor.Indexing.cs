namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        // ---- index expressions: t[2], t[0, .., 1..3], t[mask]

        public Tensor index(params TensorIndex[] indices)
        {
            var native = stackalloc Index[indices.Length];
            for (int i = 0; i < indices.Length; i++) native[i] = indices[i].Native;
            var made = Made(Native.ts_index(Handle, native, indices.Length), this);
            GC.KeepAlive(indices);
            return made;
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var native = stackalloc Index[indices.Length];
            for (int i = 0; i < indices.Length; i++) native[i] = indices[i].Native;
            Done(Native.ts_index_put_(Handle, native, indices.Length, value.Handle), value);
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            var native = stackalloc Index[indices.Length];
            for (int i = 0; i < indices.Length; i++) native[i] = indices[i].Native;
            Done(Native.ts_index_put_scalar_(Handle, native, indices.Length, value.Value));
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));
        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            if (!accumulate) return index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));
            var handles = Array.ConvertAll(indices, t => t.Handle);
            fixed (nint* p = handles) Done(Native.ts_index_accumulate_(Handle, new Ins(p, handles.Length), value.Handle), value);
            KeepAlive(indices);
            return this;
        }

        public Tensor this[params TensorIndex[] indices] { get => index(indices); set => index_put_(value, indices); }
        public Tensor this[params Tensor[] indices] { get => index(indices); set => index_put_(value, indices); }
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, i => (TensorIndex)i));
            set => index_put_(value, Array.ConvertAll(indices, i => (TensorIndex)i));
        }
        public Tensor this[long i1] { get => select(0, i1); set => index_put_(value, (TensorIndex)i1); }
        public Tensor this[long i1, long i2]
        {
            get => index((TensorIndex)i1, (TensorIndex)i2);
            set => index_put_(value, (TensorIndex)i1, (TensorIndex)i2);
        }
        public Tensor this[long i1, long i2, long i3]
        {
            get => index((TensorIndex)i1, (TensorIndex)i2, (TensorIndex)i3);
            set => index_put_(value, (TensorIndex)i1, (TensorIndex)i2, (TensorIndex)i3);
        }
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index((TensorIndex)i1, (TensorIndex)i2, (TensorIndex)i3, (TensorIndex)i4);
            set => index_put_(value, (TensorIndex)i1, (TensorIndex)i2, (TensorIndex)i3, (TensorIndex)i4);
        }

        // ---- by a tensor of indices along one dimension

        public Tensor index_select(long dim, Tensor index) => Made(Native.ts_index_select(Handle, dim, index.Handle), this, index);
        public Tensor index_copy(long dim, Tensor index, Tensor source) =>
            Made(Native.ts_index_copy(Handle, dim, index.Handle, source.Handle), this, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) =>
            Done(Native.ts_index_copy_(Handle, dim, index.Handle, source.Handle), index, source);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Made(Native.ts_index_add(Handle, dim, index.Handle, source.Handle, alpha.Value), this, index, source);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Done(Native.ts_index_add_(Handle, dim, index.Handle, source.Handle, alpha.Value), index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) =>
            Made(Native.ts_index_fill(Handle, dim, index.Handle, value.Value), this, index);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            Done(Native.ts_index_fill_(Handle, dim, index.Handle, value.Value), index);
        public Tensor gather(long dim, Tensor index) => Made(Native.ts_gather(Handle, dim, index.Handle), this, index);
        public Tensor take(Tensor index) => Made(Native.ts_take(Handle, index.Handle), this, index);
        public Tensor take_along_dim(Tensor indices) => Made(Native.ts_take_along_dim(Handle, indices.Handle, null), this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) =>
            Made(Native.ts_take_along_dim(Handle, indices.Handle, dim), this, indices);
        public Tensor scatter(long dim, Tensor index, Tensor src) =>
            Made(Native.ts_scatter(Handle, dim, index.Handle, src.Handle), this, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) =>
            Done(Native.ts_scatter_(Handle, dim, index.Handle, src.Handle), index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Made(Native.ts_scatter_add(Handle, dim, index.Handle, src.Handle), this, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) =>
            Done(Native.ts_scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);
        public Tensor select_scatter(Tensor src, long dim, long index) =>
            Made(Native.ts_select_scatter(Handle, src.Handle, dim, index), this, src);
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            Made(Native.ts_slice_scatter(Handle, src.Handle, dim, start, end, step), this, src);

        // ---- by a mask

        public Tensor masked_fill(Tensor mask, Scalar value) => Made(Native.ts_masked_fill(Handle, mask.Handle, value.Value), this, mask);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Done(Native.ts_masked_fill_(Handle, mask.Handle, value.Value), mask);
        public Tensor masked_select(Tensor mask) => Made(Native.ts_masked_select(Handle, mask.Handle), this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) =>
            Made(Native.ts_masked_scatter(Handle, mask.Handle, value.Handle), this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) =>
            Done(Native.ts_masked_scatter_(Handle, mask.Handle, value.Handle), mask, value);
    }
}
