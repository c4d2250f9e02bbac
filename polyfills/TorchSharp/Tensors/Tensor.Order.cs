namespace TorchSharp;

public static unsafe partial class torch
{
    // The largest, the smallest, in which order, and which of them at all.
    public partial class Tensor
    {
        public Tensor max() => Made(Native.ts_max(Handle), this);
        public Tensor min() => Made(Native.ts_min(Handle), this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_max_dim(Handle, dim, keepdim, r), r);
        }

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_min_dim(Handle, dim, keepdim, r), r);
        }

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_aminmax(Handle, dim, keepdim, r), r);
        }

        public Tensor amax(params long[] dims) => amax((ReadOnlySpan<long>)dims);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null)
        {
            fixed (long* p = dims) return Into(@out, Made(Native.ts_amax(Handle, new Ints(p, dims.Length), keepdim), this));
        }

        public Tensor amin(params long[] dims) => amin((ReadOnlySpan<long>)dims);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null)
        {
            fixed (long* p = dims) return Into(@out, Made(Native.ts_amin(Handle, new Ints(p, dims.Length), keepdim), this));
        }

        internal static Tensor Into(Tensor target, Tensor result)
        {
            if (target is null) return result;
            using (result) return target.copy_(result);
        }

        public Tensor argmax() => Made(Native.ts_argmax(Handle, null, false), this);
        public Tensor argmax(long dim, bool keepdim = false) => Made(Native.ts_argmax(Handle, dim, keepdim), this);
        public Tensor argmin() => Made(Native.ts_argmin(Handle, null, false), this);
        public Tensor argmin(long dim, bool keepdim = false) => Made(Native.ts_argmin(Handle, dim, keepdim), this);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_sort(Handle, dim, descending, stable, r), r);
        }

        public Tensor argsort(long dim = -1, bool descending = false) => Made(Native.ts_argsort(Handle, dim, descending), this);
        public Tensor msort() => Made(Native.ts_msort(Handle), this);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_topk(Handle, k, dim, largest, sorted, r), r);
        }

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_kthvalue(Handle, k, dim ?? -1, keepdim, r), r);
        }

        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_mode(Handle, dim, keepdim, r), r);
        }

        public (Tensor output, Tensor inverse_indices, Tensor counts) unique(bool sorted = true, bool return_inverse = false,
            bool return_counts = false, int? dim = null)
        {
            var r = stackalloc nint[3];
            Done(Native.ts_unique(Handle, sorted, return_inverse, return_counts, dim, r));
            return Asked(r, return_inverse, return_counts);
        }

        public (Tensor output, Tensor inverse_indices, Tensor counts) unique_consecutive(bool return_inverse = false,
            bool return_counts = false, int? dim = null)
        {
            var r = stackalloc nint[3];
            Done(Native.ts_unique_consecutive(Handle, return_inverse, return_counts, dim, r));
            return Asked(r, return_inverse, return_counts);
        }

        private static (Tensor, Tensor, Tensor) Asked(nint* made, bool inverse, bool counts)
        {
            if (!inverse) Native.ts_dispose(made[1]);
            if (!counts) Native.ts_dispose(made[2]);
            return (new Tensor(made[0]), inverse ? new Tensor(made[1]) : null, counts ? new Tensor(made[2]) : null);
        }

        public Tensor nonzero() => Made(Native.ts_nonzero(Handle), this);
        public Tensor argwhere() => Made(Native.ts_argwhere(Handle), this);

        public IList<Tensor> nonzero_as_list()
        {
            using var at = nonzero();
            return at.unbind(1);
        }
    }

    public static Tensor[] where(Tensor condition) => [.. condition.nonzero_as_list()];
}
