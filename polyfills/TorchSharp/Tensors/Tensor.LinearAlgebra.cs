namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        public Tensor mm(Tensor target) => Made(Native.ts_mm(Handle, target.Handle), this, target);
        public Tensor matmul(Tensor target) => Made(Native.ts_matmul(Handle, target.Handle), this, target);
        public Tensor bmm(Tensor batch2) => Made(Native.ts_bmm(Handle, batch2.Handle), this, batch2);
        public Tensor mv(Tensor target) => Made(Native.ts_mv(Handle, target.Handle), this, target);
        public Tensor dot(Tensor target) => Made(Native.ts_dot(Handle, target.Handle), this, target);
        public Tensor vdot(Tensor target) => Made(Native.ts_vdot(Handle, target.Handle), this, target);
        public Tensor inner(Tensor vec2) => Made(Native.ts_inner(Handle, vec2.Handle), this, vec2);
        public Tensor outer(Tensor vec2) => Made(Native.ts_outer(Handle, vec2.Handle), this, vec2);
        public Tensor ger(Tensor vec2) => outer(vec2);
        public Tensor kron(Tensor other) => Made(Native.ts_kron(Handle, other.Handle), this, other);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Made(Native.ts_addmm(Handle, mat1.Handle, mat2.Handle, beta, alpha), this, mat1, mat2);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Done(Native.ts_addmm_(Handle, mat1.Handle, mat2.Handle, beta, alpha), mat1, mat2);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) =>
            Made(Native.ts_addmv(Handle, mat.Handle, vec.Handle, beta, alpha), this, mat, vec);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) =>
            Done(Native.ts_addmv_(Handle, mat.Handle, vec.Handle, beta, alpha), mat, vec);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) =>
            Made(Native.ts_addr(Handle, vec1.Handle, vec2.Handle, beta, alpha), this, vec1, vec2);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) =>
            Done(Native.ts_addr_(Handle, vec1.Handle, vec2.Handle, beta, alpha), vec1, vec2);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Made(Native.ts_baddbmm(Handle, batch1.Handle, batch2.Handle, beta, alpha), this, batch1, batch2);
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Made(Native.ts_addbmm(Handle, batch1.Handle, batch2.Handle, beta, alpha), this, batch1, batch2);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Done(Native.ts_addbmm_(Handle, batch1.Handle, batch2.Handle, beta, alpha), batch1, batch2);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2)
        {
            fixed (long* p = dims1, q = dims2) return Made(Native.ts_tensordot(Handle, b.Handle, new Ints(p, dims1), new Ints(q, dims2)),
                this, b);
        }

        public Tensor tensordot(Tensor b, long dims = 2)
        {
            var first = new long[dims];
            var second = new long[dims];
            for (int i = 0; i < dims; i++) (first[i], second[i]) = (i - dims, i);
            return tensordot(b, first, second);
        }

        public Tensor trace() => Made(Native.ts_trace(Handle), this);
        public Tensor matrix_power(int n) => Made(Native.ts_matrix_power(Handle, n), this);
        public Tensor matrix_exp() => Made(Native.ts_matrix_exp(Handle), this);
        public Tensor renorm(float p, long dim, float maxnorm) => Made(Native.ts_renorm(Handle, p, dim, maxnorm), this);
        public Tensor cholesky(bool upper = false) => Made(Native.ts_cholesky_upper(Handle, upper), this);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) =>
            Made(Native.ts_cholesky_solve(Handle, input2.Handle, upper), this, input2);
        public Tensor cholesky_inverse(bool upper = false) => Made(Native.ts_cholesky_inverse(Handle, upper), this);
        public Tensor det() => Made(Native.ts_det(Handle), this);
        public Tensor logdet() => Made(Native.ts_logdet(Handle), this);
        public Tensor inverse() => Made(Native.ts_inv(Handle), this);
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => Made(Native.ts_pinv(Handle, rcond, hermitian), this);

        internal (Tensor, Tensor) Two(delegate*<nint, nint*, bool> function)
        {
            var r = stackalloc nint[2];
            return Pair(function(Handle, r), r);
        }

        internal (Tensor, Tensor) Two(delegate*<nint, bool, nint*, bool> function, bool flag)
        {
            var r = stackalloc nint[2];
            return Pair(function(Handle, flag, r), r);
        }

        internal (Tensor, Tensor, Tensor) Three(delegate*<nint, bool, nint*, bool> function, bool flag)
        {
            var r = stackalloc nint[3];
            Done(function(Handle, flag, r));
            return (new Tensor(r[0]), new Tensor(r[1]), new Tensor(r[2]));
        }
    }

    public static Tensor einsum(string equation, params Tensor[] tensors)
    {
        var handles = Array.ConvertAll(tensors, t => t.Handle);
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(equation + "\0"))
        fixed (nint* p = handles)
        {
            nint made = Native.ts_einsum(text, new Ins(p, handles.Length));
            Tensor.KeepAlive(tensors);
            return Tensor.Made(made);
        }
    }

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2,
        compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Tensor.Made(Native.ts_cdist(x1.Handle, x2.Handle, p, (long)compute_mode), x1, x2);

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => linalg.slogdet(A);
    public static Tensor cholesky(Tensor input) => input.cholesky();
}
