namespace TorchSharp;

public static partial class torch
{
    /// <summary>The functions that statistics needs beyond those that every tensor has.</summary>
    public static class special
    {
        /// <summary>The distribution function of the standard normal distribution.</summary>
        public static Tensor ndtr(Tensor input) => Tensor.Made(Native.ts_special_ndtr(input.Handle), input);
        public static Tensor ndtri(Tensor input) => Tensor.Made(Native.ts_special_ndtri(input.Handle), input);

        /// <summary>−x log x.</summary>
        public static Tensor entr(Tensor input) => Tensor.Made(Native.ts_special_entr(input.Handle), input);
        public static Tensor erfcx(Tensor input) => Tensor.Made(Native.ts_special_erfcx(input.Handle), input);
        public static Tensor i0e(Tensor input) => Tensor.Made(Native.ts_special_i0e(input.Handle), input);
        public static Tensor i1(Tensor input) => Tensor.Made(Native.ts_special_i1(input.Handle), input);
        public static Tensor i1e(Tensor input) => Tensor.Made(Native.ts_special_i1e(input.Handle), input);
        public static Tensor xlog1py(Tensor input, Tensor other) =>
            Tensor.Made(Native.ts_special_xlog1py(input.Handle, other.Handle), input, other);
        public static Tensor zeta(Tensor x, Tensor q) => Tensor.Made(Native.ts_special_zeta(x.Handle, q.Handle), x, q);

        public static Tensor digamma(Tensor input) => input.digamma();
        public static Tensor psi(Tensor input) => input.digamma();
        public static Tensor erf(Tensor input) => input.erf();
        public static Tensor erfc(Tensor input) => input.erfc();
        public static Tensor erfinv(Tensor input) => input.erfinv();
        public static Tensor exp2(Tensor input) => input.exp2();
        public static Tensor expit(Tensor input) => input.sigmoid();
        public static Tensor expm1(Tensor input) => input.expm1();
        public static Tensor gammainc(Tensor input, Tensor other) => input.igamma(other);
        public static Tensor gammaincc(Tensor input, Tensor other) => input.igammac(other);
        public static Tensor gammaln(Tensor input) => input.lgamma();
        public static Tensor multigammaln(Tensor input, long p) => input.mvlgamma(p);
        public static Tensor polygamma(long n, Tensor input) => input.polygamma(n);
        public static Tensor i0(Tensor input) => input.i0();
        public static Tensor logit(Tensor input) => input.logit();
        public static Tensor sinc(Tensor input) => input.sinc();
        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);
    }
}
