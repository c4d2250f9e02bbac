namespace TorchSharp;

public static partial class torch
{
    // Element by element, by the names that PyTorch documents. Sums, quotients and what takes more operands: Tensor.Arithmetic.cs.
    public partial class Tensor
    {
        // ---- of one tensor

        public Tensor abs() => Made(Native.ts_abs(Handle), this);
        public Tensor neg() => Made(Native.ts_neg(Handle), this);
        public Tensor sign() => Made(Native.ts_sign(Handle), this);
        public Tensor sgn() => Made(Native.ts_sgn(Handle), this);
        public Tensor exp() => Made(Native.ts_exp(Handle), this);
        public Tensor exp2() => Made(Native.ts_exp2(Handle), this);
        public Tensor expm1() => Made(Native.ts_expm1(Handle), this);
        public Tensor log() => Made(Native.ts_log(Handle), this);
        public Tensor log2() => Made(Native.ts_log2(Handle), this);
        public Tensor log10() => Made(Native.ts_log10(Handle), this);
        public Tensor log1p() => Made(Native.ts_log1p(Handle), this);
        public Tensor sqrt() => Made(Native.ts_sqrt(Handle), this);
        public Tensor rsqrt() => Made(Native.ts_rsqrt(Handle), this);
        public Tensor square() => Made(Native.ts_square(Handle), this);
        public Tensor reciprocal() => Made(Native.ts_reciprocal(Handle), this);
        public Tensor sin() => Made(Native.ts_sin(Handle), this);
        public Tensor cos() => Made(Native.ts_cos(Handle), this);
        public Tensor tan() => Made(Native.ts_tan(Handle), this);
        public Tensor asin() => Made(Native.ts_asin(Handle), this);
        public Tensor acos() => Made(Native.ts_acos(Handle), this);
        public Tensor atan() => Made(Native.ts_atan(Handle), this);
        public Tensor sinh() => Made(Native.ts_sinh(Handle), this);
        public Tensor cosh() => Made(Native.ts_cosh(Handle), this);
        public Tensor tanh() => Made(Native.ts_tanh(Handle), this);
        public Tensor asinh() => Made(Native.ts_asinh(Handle), this);
        public Tensor acosh() => Made(Native.ts_acosh(Handle), this);
        public Tensor atanh() => Made(Native.ts_atanh(Handle), this);
        public Tensor sigmoid() => Made(Native.ts_sigmoid(Handle), this);
        public Tensor erf() => Made(Native.ts_erf(Handle), this);
        public Tensor erfc() => Made(Native.ts_erfc(Handle), this);
        public Tensor erfinv() => Made(Native.ts_erfinv(Handle), this);
        public Tensor lgamma() => Made(Native.ts_lgamma(Handle), this);
        public Tensor digamma() => Made(Native.ts_digamma(Handle), this);
        public Tensor floor() => Made(Native.ts_floor(Handle), this);
        public Tensor ceil() => Made(Native.ts_ceil(Handle), this);
        public Tensor trunc() => Made(Native.ts_trunc(Handle), this);
        public Tensor frac() => Made(Native.ts_frac(Handle), this);
        public Tensor isnan() => Made(Native.ts_isnan(Handle), this);
        public Tensor isinf() => Made(Native.ts_isinf(Handle), this);
        public Tensor isfinite() => Made(Native.ts_isfinite(Handle), this);
        public Tensor isposinf() => Made(Native.ts_isposinf(Handle), this);
        public Tensor isneginf() => Made(Native.ts_isneginf(Handle), this);
        public Tensor isreal() => Made(Native.ts_isreal(Handle), this);
        public Tensor signbit() => Made(Native.ts_signbit(Handle), this);
        public Tensor logical_not() => Made(Native.ts_logical_not(Handle), this);
        public Tensor bitwise_not() => Made(Native.ts_bitwise_not(Handle), this);
        public Tensor i0() => Made(Native.ts_i0(Handle), this);
        public Tensor sinc() => Made(Native.ts_sinc(Handle), this);
        public Tensor deg2rad() => Made(Native.ts_deg2rad(Handle), this);
        public Tensor rad2deg() => Made(Native.ts_rad2deg(Handle), this);
        public Tensor positive() => Made(Native.ts_positive(Handle), this);
        public Tensor relu() => Made(Native.ts_relu(Handle), this);
        public Tensor relu6() => Made(Native.ts_relu6(Handle), this);
        public Tensor selu() => Made(Native.ts_selu(Handle), this);
        public Tensor silu() => Made(Native.ts_silu(Handle), this);
        public Tensor hardsigmoid() => Made(Native.ts_hardsigmoid(Handle), this);
        public Tensor hardswish() => Made(Native.ts_hardswish(Handle), this);
        public Tensor log_sigmoid() => Made(Native.ts_log_sigmoid(Handle), this);
        public Tensor absolute() => abs();
        public Tensor arccos() => acos();
        public Tensor arcsin() => asin();
        public Tensor arctan() => atan();
        public Tensor arccosh() => acosh();
        public Tensor arcsinh() => asinh();
        public Tensor arctanh() => atanh();
        public Tensor negative() => neg();
        public Tensor fix() => trunc();

        // ---- of one tensor, in place

        public Tensor abs_() => Done(Native.ts_abs_(Handle));
        public Tensor neg_() => Done(Native.ts_neg_(Handle));
        public Tensor sign_() => Done(Native.ts_sign_(Handle));
        public Tensor sgn_() => Done(Native.ts_sgn_(Handle));
        public Tensor exp_() => Done(Native.ts_exp_(Handle));
        public Tensor expm1_() => Done(Native.ts_expm1_(Handle));
        public Tensor log_() => Done(Native.ts_log_(Handle));
        public Tensor log2_() => Done(Native.ts_log2_(Handle));
        public Tensor log10_() => Done(Native.ts_log10_(Handle));
        public Tensor log1p_() => Done(Native.ts_log1p_(Handle));
        public Tensor sqrt_() => Done(Native.ts_sqrt_(Handle));
        public Tensor rsqrt_() => Done(Native.ts_rsqrt_(Handle));
        public Tensor reciprocal_() => Done(Native.ts_reciprocal_(Handle));
        public Tensor sin_() => Done(Native.ts_sin_(Handle));
        public Tensor cos_() => Done(Native.ts_cos_(Handle));
        public Tensor tan_() => Done(Native.ts_tan_(Handle));
        public Tensor asin_() => Done(Native.ts_asin_(Handle));
        public Tensor acos_() => Done(Native.ts_acos_(Handle));
        public Tensor atan_() => Done(Native.ts_atan_(Handle));
        public Tensor sinh_() => Done(Native.ts_sinh_(Handle));
        public Tensor cosh_() => Done(Native.ts_cosh_(Handle));
        public Tensor tanh_() => Done(Native.ts_tanh_(Handle));
        public Tensor asinh_() => Done(Native.ts_asinh_(Handle));
        public Tensor acosh_() => Done(Native.ts_acosh_(Handle));
        public Tensor atanh_() => Done(Native.ts_atanh_(Handle));
        public Tensor sigmoid_() => Done(Native.ts_sigmoid_(Handle));
        public Tensor erf_() => Done(Native.ts_erf_(Handle));
        public Tensor erfc_() => Done(Native.ts_erfc_(Handle));
        public Tensor erfinv_() => Done(Native.ts_erfinv_(Handle));
        public Tensor lgamma_() => Done(Native.ts_lgamma_(Handle));
        public Tensor digamma_() => Done(Native.ts_digamma_(Handle));
        public Tensor floor_() => Done(Native.ts_floor_(Handle));
        public Tensor ceil_() => Done(Native.ts_ceil_(Handle));
        public Tensor trunc_() => Done(Native.ts_trunc_(Handle));
        public Tensor frac_() => Done(Native.ts_frac_(Handle));
        public Tensor logical_not_() => Done(Native.ts_logical_not_(Handle));
        public Tensor bitwise_not_() => Done(Native.ts_bitwise_not_(Handle));
        public Tensor sinc_() => Done(Native.ts_sinc_(Handle));
        public Tensor relu_() => Done(Native.ts_relu_(Handle));
        public Tensor relu6_() => Done(Native.ts_relu6_(Handle));
        public Tensor selu_() => Done(Native.ts_selu_(Handle));
        public Tensor silu_() => Done(Native.ts_silu_(Handle));
        public Tensor hardsigmoid_() => Done(Native.ts_hardsigmoid_(Handle));
        public Tensor hardswish_() => Done(Native.ts_hardswish_(Handle));
        public Tensor zero_() => Done(Native.ts_zero_(Handle));
        public Tensor absolute_() => abs_();
        public Tensor arccos_() => acos_();
        public Tensor arcsin_() => asin_();
        public Tensor arctan_() => atan_();
        public Tensor arccosh_() => acosh_();
        public Tensor arcsinh_() => asinh_();
        public Tensor arctanh_() => atanh_();
        public Tensor fix_() => trunc_();

        // ---- of two tensors

        public Tensor mul(Tensor target) => Made(Native.ts_mul(Handle, target.Handle), this, target);
        public Tensor pow(Tensor exponent) => Made(Native.ts_pow(Handle, exponent.Handle), this, exponent);
        public Tensor atan2(Tensor other) => Made(Native.ts_atan2(Handle, other.Handle), this, other);
        public Tensor maximum(Tensor other) => Made(Native.ts_maximum(Handle, other.Handle), this, other);
        public Tensor minimum(Tensor other) => Made(Native.ts_minimum(Handle, other.Handle), this, other);
        public Tensor fmax(Tensor other) => Made(Native.ts_fmax(Handle, other.Handle), this, other);
        public Tensor fmin(Tensor other) => Made(Native.ts_fmin(Handle, other.Handle), this, other);
        public Tensor fmod(Tensor target) => Made(Native.ts_fmod(Handle, target.Handle), this, target);
        public Tensor remainder(Tensor target) => Made(Native.ts_remainder(Handle, target.Handle), this, target);
        public Tensor floor_divide(Tensor other) => Made(Native.ts_floor_divide(Handle, other.Handle), this, other);
        public Tensor hypot(Tensor other) => Made(Native.ts_hypot(Handle, other.Handle), this, other);
        public Tensor logaddexp(Tensor other) => Made(Native.ts_logaddexp(Handle, other.Handle), this, other);
        public Tensor logaddexp2(Tensor other) => Made(Native.ts_logaddexp2(Handle, other.Handle), this, other);
        public Tensor xlogy(Tensor y) => Made(Native.ts_xlogy(Handle, y.Handle), this, y);
        public Tensor copysign(Tensor other) => Made(Native.ts_copysign(Handle, other.Handle), this, other);
        public Tensor nextafter(Tensor other) => Made(Native.ts_nextafter(Handle, other.Handle), this, other);
        public Tensor float_power(Tensor target) => Made(Native.ts_float_power(Handle, target.Handle), this, target);
        public Tensor heaviside(Tensor other) => Made(Native.ts_heaviside(Handle, other.Handle), this, other);
        public Tensor ldexp(Tensor other) => Made(Native.ts_ldexp(Handle, other.Handle), this, other);
        public Tensor gcd(Tensor other) => Made(Native.ts_gcd(Handle, other.Handle), this, other);
        public Tensor lcm(Tensor other) => Made(Native.ts_lcm(Handle, other.Handle), this, other);
        public Tensor igamma(Tensor other) => Made(Native.ts_igamma(Handle, other.Handle), this, other);
        public Tensor igammac(Tensor other) => Made(Native.ts_igammac(Handle, other.Handle), this, other);
        public Tensor bitwise_and(Tensor other) => Made(Native.ts_bitwise_and(Handle, other.Handle), this, other);
        public Tensor bitwise_or(Tensor other) => Made(Native.ts_bitwise_or(Handle, other.Handle), this, other);
        public Tensor bitwise_xor(Tensor other) => Made(Native.ts_bitwise_xor(Handle, other.Handle), this, other);
        public Tensor bitwise_left_shift(Tensor other) => Made(Native.ts_bitwise_left_shift(Handle, other.Handle), this, other);
        public Tensor bitwise_right_shift(Tensor other) => Made(Native.ts_bitwise_right_shift(Handle, other.Handle), this, other);
        public Tensor logical_and(Tensor other) => Made(Native.ts_logical_and(Handle, other.Handle), this, other);
        public Tensor logical_or(Tensor other) => Made(Native.ts_logical_or(Handle, other.Handle), this, other);
        public Tensor logical_xor(Tensor other) => Made(Native.ts_logical_xor(Handle, other.Handle), this, other);
        public Tensor eq(Tensor target) => target is null ? torch.tensor(false) : Made(Native.ts_eq(Handle, target.Handle), this, target);
        public Tensor ne(Tensor target) => target is null ? torch.tensor(true) : Made(Native.ts_ne(Handle, target.Handle), this, target);
        public Tensor lt(Tensor target) => Made(Native.ts_lt(Handle, target.Handle), this, target);
        public Tensor le(Tensor target) => Made(Native.ts_le(Handle, target.Handle), this, target);
        public Tensor gt(Tensor target) => Made(Native.ts_gt(Handle, target.Handle), this, target);
        public Tensor ge(Tensor target) => Made(Native.ts_ge(Handle, target.Handle), this, target);
        public Tensor arctan2(Tensor other) => atan2(other);
        public Tensor arctan(Tensor other) => atan2(other);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor not_equal(Tensor target) => ne(target);

        // ---- of two tensors, in place

        public Tensor mul_(Tensor target) => Done(Native.ts_mul_(Handle, target.Handle), target);
        public Tensor pow_(Tensor exponent) => Done(Native.ts_pow_(Handle, exponent.Handle), exponent);
        public Tensor atan2_(Tensor other) => Done(Native.ts_atan2_(Handle, other.Handle), other);
        public Tensor fmod_(Tensor target) => Done(Native.ts_fmod_(Handle, target.Handle), target);
        public Tensor remainder_(Tensor target) => Done(Native.ts_remainder_(Handle, target.Handle), target);
        public Tensor floor_divide_(Tensor other) => Done(Native.ts_floor_divide_(Handle, other.Handle), other);
        public Tensor ldexp_(Tensor other) => Done(Native.ts_ldexp_(Handle, other.Handle), other);
        public Tensor bitwise_and_(Tensor other) => Done(Native.ts_bitwise_and_(Handle, other.Handle), other);
        public Tensor bitwise_or_(Tensor other) => Done(Native.ts_bitwise_or_(Handle, other.Handle), other);
        public Tensor bitwise_xor_(Tensor other) => Done(Native.ts_bitwise_xor_(Handle, other.Handle), other);
        public Tensor bitwise_left_shift_(Tensor other) => Done(Native.ts_bitwise_left_shift_(Handle, other.Handle), other);
        public Tensor bitwise_right_shift_(Tensor other) => Done(Native.ts_bitwise_right_shift_(Handle, other.Handle), other);
        public Tensor logical_and_(Tensor other) => Done(Native.ts_logical_and_(Handle, other.Handle), other);
        public Tensor logical_or_(Tensor other) => Done(Native.ts_logical_or_(Handle, other.Handle), other);
        public Tensor logical_xor_(Tensor other) => Done(Native.ts_logical_xor_(Handle, other.Handle), other);
        public Tensor gcd_(Tensor other) => Done(Native.ts_gcd_(Handle, other.Handle), other);
        public Tensor lcm_(Tensor other) => Done(Native.ts_lcm_(Handle, other.Handle), other);
        public Tensor eq_(Tensor target) => Done(Native.ts_eq_(Handle, target.Handle), target);
        public Tensor ne_(Tensor target) => Done(Native.ts_ne_(Handle, target.Handle), target);
        public Tensor lt_(Tensor target) => Done(Native.ts_lt_(Handle, target.Handle), target);
        public Tensor le_(Tensor target) => Done(Native.ts_le_(Handle, target.Handle), target);
        public Tensor gt_(Tensor target) => Done(Native.ts_gt_(Handle, target.Handle), target);
        public Tensor ge_(Tensor target) => Done(Native.ts_ge_(Handle, target.Handle), target);
        public Tensor xlogy_(Tensor y) => Done(Native.ts_xlogy_(Handle, y.Handle), y);
        public Tensor arctan2_(Tensor other) => atan2_(other);
        public Tensor arctan_(Tensor other) => atan2_(other);
        public Tensor subtract_(Tensor target) => sub_(target);
        public Tensor subtract_(Scalar target) => sub_(target);
        public Tensor less_equal_(Tensor target) => le_(target);
        public Tensor not_equal_(Tensor target) => ne_(target);

        // ---- of a tensor and a number

        public Tensor mul(Scalar target) => Made(Native.ts_mul_scalar(Handle, target.Value), this);
        public Tensor pow(Scalar exponent) => Made(Native.ts_pow_scalar(Handle, exponent.Value), this);
        public Tensor fmod(Scalar scalar) => Made(Native.ts_fmod_scalar(Handle, scalar.Value), this);
        public Tensor remainder(Scalar scalar) => Made(Native.ts_remainder_scalar(Handle, scalar.Value), this);
        public Tensor floor_divide(Scalar other) => Made(Native.ts_floor_divide_scalar(Handle, other.Value), this);
        public Tensor xlogy(Scalar y) => Made(Native.ts_xlogy_scalar(Handle, y.Value), this);
        public Tensor eq(Scalar target) => Made(Native.ts_eq_scalar(Handle, target.Value), this);
        public Tensor ne(Scalar target) => Made(Native.ts_ne_scalar(Handle, target.Value), this);
        public Tensor lt(Scalar target) => Made(Native.ts_lt_scalar(Handle, target.Value), this);
        public Tensor le(Scalar target) => Made(Native.ts_le_scalar(Handle, target.Value), this);
        public Tensor gt(Scalar target) => Made(Native.ts_gt_scalar(Handle, target.Value), this);
        public Tensor ge(Scalar target) => Made(Native.ts_ge_scalar(Handle, target.Value), this);

        // ---- of a tensor and a number, in place

        public Tensor mul_(Scalar target) => Done(Native.ts_mul_scalar_(Handle, target.Value));
        public Tensor pow_(Scalar exponent) => Done(Native.ts_pow_scalar_(Handle, exponent.Value));
        public Tensor fmod_(Scalar scalar) => Done(Native.ts_fmod_scalar_(Handle, scalar.Value));
        public Tensor remainder_(Scalar scalar) => Done(Native.ts_remainder_scalar_(Handle, scalar.Value));
        public Tensor floor_divide_(Scalar other) => Done(Native.ts_floor_divide_scalar_(Handle, other.Value));
        public Tensor xlogy_(Scalar y) => Done(Native.ts_xlogy_scalar_(Handle, y.Value));
        public Tensor eq_(Scalar target) => Done(Native.ts_eq_scalar_(Handle, target.Value));
        public Tensor ne_(Scalar target) => Done(Native.ts_ne_scalar_(Handle, target.Value));
        public Tensor lt_(Scalar target) => Done(Native.ts_lt_scalar_(Handle, target.Value));
        public Tensor le_(Scalar target) => Done(Native.ts_le_scalar_(Handle, target.Value));
        public Tensor gt_(Scalar target) => Done(Native.ts_gt_scalar_(Handle, target.Value));
        public Tensor ge_(Scalar target) => Done(Native.ts_ge_scalar_(Handle, target.Value));
    }
}
