namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        private static Ints AllDimensions => new(null, -1);

        private (Tensor, Tensor) Pair(bool ok, nint* made)
        {
            Done(ok);
            return (new Tensor(made[0]), new Tensor(made[1]));
        }

        public Tensor sum(ScalarType? type = null) => Made(Native.ts_sum(Handle, AllDimensions, false, TypeOrNone(type)), this);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Made(Native.ts_sum(Handle, new Ints(&dim, 1), keepdim, TypeOrNone(type)), this);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)[dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)[dim0, dim1, dim2], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* p = dim) return Made(Native.ts_sum(Handle, new Ints(p, dim.Length), keepdim, TypeOrNone(type)), this);
        }

        public Tensor nansum() => Made(Native.ts_nansum(Handle), this);
        public Tensor mean() => Made(Native.ts_mean(Handle, AllDimensions, false, -1), this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* p = dimensions) return Made(Native.ts_mean(Handle, new Ints(p, dimensions), keepdim, TypeOrNone(type)), this);
        }

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null)
        {
            long d = dim ?? 0;
            return Made(Native.ts_nanmean(Handle, new Ints(&d, dim.HasValue ? 1 : -1), keepdim, TypeOrNone(dtype)), this);
        }

        // of another type: converted before, as the values of an integer tensor have no fractional mean
        private Tensor As(ScalarType? type) => type.HasValue && type.Value != dtype ? to_type(type.Value) : this;

        public Tensor var(bool unbiased = true) => Made(Native.ts_var(Handle, AllDimensions, unbiased, false), this);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var t = As(type);
            fixed (long* p = dimensions) return Made(Native.ts_var(t.Handle, new Ints(p, dimensions.Length), unbiased, keepdim), t);
        }

        public Tensor std(bool unbiased = true) => Made(Native.ts_std(Handle, AllDimensions, unbiased, false), this);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var t = As(type);
            fixed (long* p = dimensions) return Made(Native.ts_std(t.Handle, new Ints(p, dimensions.Length), unbiased, keepdim), t);
        }

        public (Tensor @var, Tensor mean) var_mean(bool unbiased = true)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_var_mean(Handle, AllDimensions, unbiased, false, r), r);
        }

        public (Tensor @var, Tensor mean) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim], unbiased, keepdim, type);

        public (Tensor std, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var r = stackalloc nint[2];
            var t = As(type);
            fixed (long* p = dimensions) return t.Pair(Native.ts_var_mean(t.Handle, new Ints(p, dimensions), unbiased, keepdim, r), r);
        }

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_std_mean(Handle, AllDimensions, unbiased, false, r), r);
        }

        public (Tensor std, Tensor mean) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim], unbiased, keepdim, type);

        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var r = stackalloc nint[2];
            var t = As(type);
            fixed (long* p = dimensions) return t.Pair(Native.ts_std_mean(t.Handle, new Ints(p, dimensions), unbiased, keepdim, r), r);
        }

        public Tensor prod(ScalarType? type = null) => Made(Native.ts_prod(Handle, TypeOrNone(type)), this);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Made(Native.ts_prod_dim(Handle, dim, keepdim, TypeOrNone(type)), this);
        public Tensor logsumexp(long dim, bool keepdim = false) => Made(Native.ts_logsumexp(Handle, dim, keepdim), this);
        public Tensor norm(float p = 2) => Made(Native.ts_norm(Handle, p), this);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Made(Native.ts_norm_dim(Handle, p, dim, keepdim), this);
        public Tensor dist(Tensor other, float p = 2) => Made(Native.ts_dist(Handle, other.Handle, p), this, other);

        public Tensor all() => Made(Native.ts_all(Handle), this);
        public Tensor all(long dim, bool keepdim = false) => Made(Native.ts_all_dim(Handle, dim, keepdim), this);
        public Tensor any() => Made(Native.ts_any(Handle), this);
        public Tensor any(long dim, bool keepdim = false) => Made(Native.ts_any_dim(Handle, dim, keepdim), this);

        public Tensor count_nonzero(long[] dims = null)
        {
            fixed (long* p = dims) return Made(Native.ts_count_nonzero(Handle, new Ints(p, dims)), this);
        }

        // ---- along a dimension, which stays

        public Tensor cumsum(long dim, ScalarType? type = null) => Made(Native.ts_cumsum(Handle, dim, TypeOrNone(type)), this);
        public Tensor cumprod(long dim, ScalarType? type = null) => Made(Native.ts_cumprod(Handle, dim, TypeOrNone(type)), this);
        public Tensor logcumsumexp(long dim) => Made(Native.ts_logcumsumexp(Handle, dim), this);

        public (Tensor values, Tensor indexes) cummax(long dim)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_cummax(Handle, dim, r), r);
        }

        public (Tensor values, Tensor indexes) cummin(long dim)
        {
            var r = stackalloc nint[2];
            return Pair(Native.ts_cummin(Handle, dim, r), r);
        }

        public Tensor diff(long n = 1, long dim = -1, Tensor prepend = null, Tensor append = null) =>
            Made(Native.ts_diff(Handle, n, dim, prepend.HandleOrNone(), append.HandleOrNone()), this, prepend, append);
        public Tensor trapezoid(double dx = 1, long dim = -1) => Made(Native.ts_trapezoid_dx(Handle, dx, dim), this);
        public Tensor trapezoid(Tensor x, long dim = -1) => Made(Native.ts_trapezoid(Handle, x.Handle, dim), this, x);

        // ---- statistics

        public Tensor cov(long correction = 1, Tensor fweights = null, Tensor aweights = null) =>
            Made(Native.ts_cov(Handle, correction, fweights.HandleOrNone(), aweights.HandleOrNone()), this, fweights, aweights);
        public Tensor corrcoef() => Made(Native.ts_corrcoef(Handle), this);
        public Tensor bincount(Tensor weights, long minlength = 0) =>
            Made(Native.ts_bincount(Handle, weights.HandleOrNone(), minlength), this, weights);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Made(Native.ts_histc(Handle, bins, min, max), this);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Made(Native.ts_bucketize(Handle, boundaries.Handle, outInt32, right), this, boundaries);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) =>
            Made(Native.ts_quantile(Handle, q.Handle, dim, keepdim), this, q);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) =>
            Made(Native.ts_nanquantile(Handle, q.Handle, dim, keepdim), this, q);
        public Tensor median() => Made(Native.ts_median(Handle), this);
        public Tensor nanmedian() => Made(Native.ts_nanmedian(Handle), this);
    }

    public static Tensor bincount(Tensor input, Tensor weights = null, long minlength = 0) => input.bincount(weights, minlength);

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false,
        Tensor sorter = null) =>
        Tensor.Made(Native.ts_searchsorted(sorted_sequence.Handle, values.Handle, out_int32, right, sorter.HandleOrNone()), sorted_sequence,
            values, sorter);
}
