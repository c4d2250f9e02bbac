namespace TorchSharp;

public static unsafe partial class torch
{
    // The same values in another shape. What takes elements out or puts them in: Tensor.Indexing.cs.
    public partial class Tensor
    {
        public Tensor view(params long[] shape)
        {
            fixed (long* p = shape) return Made(Native.ts_view(Handle, new Ints(p, shape)), this);
        }

        public Tensor reshape(params long[] shape)
        {
            fixed (long* p = shape) return Made(Native.ts_reshape(Handle, new Ints(p, shape)), this);
        }

        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Made(Native.ts_flatten(Handle, start_dim, end_dim), this);
        public Tensor ravel() => flatten();

        public Tensor unflatten(long dim, params long[] sizes)
        {
            fixed (long* p = sizes) return Made(Native.ts_unflatten(Handle, dim, new Ints(p, sizes)), this);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor squeeze(long? dim = null) => Made(Native.ts_squeeze(Handle, dim), this);
        public Tensor squeeze_(long? dim = null) => Done(Native.ts_squeeze_(Handle, dim));
        public Tensor unsqueeze(long dim) => Made(Native.ts_unsqueeze(Handle, dim), this);
        public Tensor unsqueeze_(long dim) => Done(Native.ts_unsqueeze_(Handle, dim));
        public Tensor transpose(long dim0, long dim1) => Made(Native.ts_transpose(Handle, dim0, dim1), this);
        public Tensor transpose_(long dim0, long dim1) => Done(Native.ts_transpose_(Handle, dim0, dim1));
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor t() => Made(Native.ts_t(Handle), this);
        public Tensor T => Made(Native.ts_numpy_T(Handle), this);
        public Tensor mT => transpose(-2, -1);

        public Tensor permute(params long[] permutation)
        {
            fixed (long* p = permutation) return Made(Native.ts_permute(Handle, new Ints(p, permutation)), this);
        }

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor movedim(long[] source, long[] destination)
        {
            fixed (long* s = source, d = destination) return Made(Native.ts_movedim(Handle, new Ints(s, source), new Ints(d, destination)),
                this);
        }

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* p = sizes) return Made(Native.ts_expand(Handle, new Ints(p, sizes.Length), isImplicit), this);
        }

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes, isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes.Shape, isImplicit);
        public Tensor expand_as(Tensor other) => expand((ReadOnlySpan<long>)other.shape);
        public Tensor broadcast_to(params long[] shape) => expand((ReadOnlySpan<long>)shape);

        public Tensor repeat(params long[] sizes)
        {
            fixed (long* p = sizes) return Made(Native.ts_repeat(Handle, new Ints(p, sizes)), this);
        }

        public Tensor tile(long[] reps)
        {
            fixed (long* p = reps) return Made(Native.ts_tile(Handle, new Ints(p, reps)), this);
        }

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Made(Native.ts_repeat_interleave(Handle, repeats, dim, output_size), this);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Made(Native.ts_repeat_interleave_tensor(Handle, repeats.Handle, dim, output_size), this, repeats);

        public Tensor narrow(long dim, long start, long length) => Made(Native.ts_narrow(Handle, dim, start, length), this);
        public Tensor slice(long dim, long start, long finish, long step) => Made(Native.ts_slice(Handle, dim, start, finish, step), this);
        public Tensor select(long dim, long index) => Made(Native.ts_select(Handle, dim, index), this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
        {
            fixed (long* p = size, s = strides) return Made(Native.ts_as_strided(Handle, new Ints(p, size), new Ints(s, strides),
                storageOffset), this);
        }

        public Tensor unfold(long dimension, long size, long step) => Made(Native.ts_unfold(Handle, dimension, size, step), this);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
        {
            fixed (long* s = shifts, d = dims) return Made(Native.ts_roll(Handle, new Ints(s, shifts.Length), new Ints(d, dims.Length)),
                this);
        }

        public Tensor roll(long shifts, long? dims = null) =>
            dims.HasValue ? roll((ReadOnlySpan<long>)[shifts], [dims.Value]) : roll((ReadOnlySpan<long>)[shifts]);
        public Tensor roll(long[] shifts) => roll((ReadOnlySpan<long>)shifts);
        public Tensor roll(long[] shifts, long[] dims) => roll((ReadOnlySpan<long>)shifts, dims);

        public Tensor flip(params long[] dims)
        {
            fixed (long* p = dims) return Made(Native.ts_flip(Handle, new Ints(p, dims)), this);
        }

        public Tensor fliplr() => flip(1);
        public Tensor flipud() => flip(0);

        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            var plane = stackalloc long[] { dims?.Item1 ?? 0, dims?.Item2 ?? 1 };
            return Made(Native.ts_rot90(Handle, k, new Ints(plane, 2)), this);
        }

        public Tensor tril(long diagonal = 0) => Made(Native.ts_tril(Handle, diagonal), this);
        public Tensor tril_(long diagonal = 0) => Done(Native.ts_tril_(Handle, diagonal));
        public Tensor triu(long diagonal = 0) => Made(Native.ts_triu(Handle, diagonal), this);
        public Tensor triu_(long diagonal = 0) => Done(Native.ts_triu_(Handle, diagonal));
        public Tensor diag(long diagonal = 0) => Made(Native.ts_diag(Handle, diagonal), this);
        public Tensor diagflat(long offset = 0) => Made(Native.ts_diagflat(Handle, offset), this);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Made(Native.ts_diagonal(Handle, offset, dim1, dim2), this);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) =>
            Made(Native.ts_diag_embed(Handle, offset, dim1, dim2), this);

        // ---- in pieces

        public Tensor[] split(long size, int dim = 0) => Pieces(Native.ts_split(Handle, size, dim));
        public Tensor[] split(params long[] sizes) => split((ReadOnlySpan<long>)sizes);
        public Tensor[] split(long[] sizes, long dim = 0) => split((ReadOnlySpan<long>)sizes, dim);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            fixed (long* p = sizes) return Pieces(Native.ts_split_sizes(Handle, new Ints(p, sizes.Length), dim));
        }

        public Tensor[] tensor_split(long size, long dim = 0) => Pieces(Native.ts_tensor_split(Handle, size, dim));

        public Tensor[] tensor_split(long[] sizes, long dim = 0)
        {
            fixed (long* p = sizes) return Pieces(Native.ts_tensor_split_at(Handle, new Ints(p, sizes), dim));
        }

        public Tensor[] chunk(long chunks, long dim = 0) => Pieces(Native.ts_chunk(Handle, chunks, dim));
        public Tensor[] unbind(long dimension = 0) => Pieces(Native.ts_unbind(Handle, dimension));

        private Tensor[] Pieces(Many made)
        {
            var pieces = All(made);
            GC.KeepAlive(this);
            return pieces;
        }
    }
}
