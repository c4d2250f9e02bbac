namespace TorchSharp;

public static partial class torch
{
    /// <summary>Decompositions, solvers and norms.</summary>
    public static unsafe class linalg
    {
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor cholesky(Tensor input) => Tensor.Made(Native.ts_cholesky(input.Handle), input);
        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false) =>
            input.Two(&Native.ts_cholesky_ex, check_errors);
        public static Tensor det(Tensor input) => input.det();
        public static (Tensor, Tensor) slogdet(Tensor input) => input.Two(&Native.ts_slogdet);
        public static Tensor inv(Tensor input) => input.inverse();
        public static (Tensor L, Tensor info) inv_ex(Tensor input, bool check_errors = false) => input.Two(&Native.ts_inv_ex, check_errors);
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false)
        {
            if (atol.HasValue) throw new NotSupportedException("linalg.pinv: an absolute tolerance is not part of this stand-in.");
            var (m, n) = (input.size(-2), input.size(-1));
            double eps = input.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1;
            return input.pinverse(rtol ?? Math.Max(m, n) * eps, hermitian);
        }

        public static Tensor solve(Tensor A, Tensor B, bool left = true)
        {
            if (left) return Tensor.Made(Native.ts_solve(A.Handle, B.Handle), A, B);
            using Tensor at = A.mT, bt = B.mT, x = Tensor.Made(Native.ts_solve(at.Handle, bt.Handle));
            return x.mT;
        }

        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false,
            Tensor @out = null) =>
            Tensor.Into(@out, Tensor.Made(Native.ts_solve_triangular(A.Handle, B.Handle, upper, left, unitriangular), A, B));

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other)
        {
            var r = stackalloc nint[4];
            Native.Check(Native.ts_lstsq(input.Handle, other.Handle, r));
            GC.KeepAlive(input);
            GC.KeepAlive(other);
            return (new Tensor(r[0]), new Tensor(r[1]), new Tensor(r[2]), new Tensor(r[3]));
        }

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            input.Three(&Native.ts_svd, fullMatrices);
        public static Tensor svdvals(Tensor input) => Tensor.Made(Native.ts_svdvals(input.Handle), input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => input.Two(&Native.ts_eigh, UPLO is 'U' or 'u');
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') =>
            Tensor.Made(Native.ts_eigvalsh(input.Handle, UPLO is 'U' or 'u'), input);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
        {
            var r = stackalloc nint[2];
            Native.Check(Native.ts_qr(input.Handle, (int)mode, r));
            GC.KeepAlive(input);
            return (new Tensor(r[0]), new Tensor(r[1]));
        }

        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true) => input.Three(&Native.ts_lu, pivot);
        public static (Tensor LU, Tensor Pivots) lu_factor(Tensor input, bool pivot = true) => input.Two(&Native.ts_lu_factor, pivot);
        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
        public static Tensor multi_dot(IList<Tensor> tensors) => Joined(tensors.ToArray(), &Native.ts_multi_dot);
        public static Tensor diagonal(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1) => input.diagonal(offset, dim1, dim2);
        public static Tensor cross(Tensor input, Tensor other, long dim = -1) =>
            Tensor.Made(Native.ts_cross(input.Handle, other.Handle, dim), input, other);
        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor @out = null) =>
            Tensor.Into(@out, Tensor.Made(Native.ts_vecdot(x.Handle, y.Handle, dim), x, y));

        // ---- norms

        private static Tensor Norm(Tensor input, Num order, long[] dims, bool keepdim)
        {
            fixed (long* p = dims) return Tensor.Made(Native.ts_linalg_norm(input.Handle, order, new Ints(p, dims), keepdim), input);
        }

        public static Tensor norm(Tensor input, long[] dims = null, bool keepdim = false) => Norm(input, Num.Null, dims, keepdim);
        public static Tensor norm(Tensor input, int ord, long[] dims = null, bool keepdim = false) =>
            Norm(input, Num.Of((long)ord), dims, keepdim);
        public static Tensor norm(Tensor input, double ord, long[] dims = null, bool keepdim = false) =>
            Norm(input, Num.Of(ord), dims, keepdim);

        public static Tensor norm(Tensor input, string ord, long[] dims = null, bool keepdim = false)
        {
            fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(ord + "\0"))
            fixed (long* p = dims)
                return Tensor.Made(Native.ts_linalg_norm_named(input.Handle, name, new Ints(p, dims), keepdim), input);
        }

        public static Tensor vector_norm(Tensor input, double ord = 2, long[] dims = null, bool keepdim = false)
        {
            fixed (long* p = dims) return Tensor.Made(Native.ts_vector_norm(input.Handle, ord, new Ints(p, dims), keepdim), input);
        }

        public static Tensor matrix_norm(Tensor input, double ord, long[] dims = null, bool keepdim = false)
        {
            dims ??= [-2, -1];
            fixed (long* p = dims) return Tensor.Made(Native.ts_matrix_norm(input.Handle, ord, new Ints(p, dims), keepdim), input);
        }

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[] dims = null, bool keepdim = false)
        {
            dims ??= [-2, -1];
            fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(ord + "\0"))
            fixed (long* p = dims)
                return Tensor.Made(Native.ts_matrix_norm_named(input.Handle, name, new Ints(p, dims), keepdim), input);
        }
    }
}
