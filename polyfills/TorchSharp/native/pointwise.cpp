// Element by element: one value from one, two or three tensors or a scalar.
#include "abi.h"

#define UNARY(f) EXPORT Handle ts_##f(In a) { return made([&] { return at::f(a); }); }
#define UNARY_(f) EXPORT bool ts_##f(In a) { return done([&] { a->f(); }); }
#define UNARY_FN_(f) EXPORT bool ts_##f(In a) { return done([&] { at::f(a); }); }
#define BINARY(f) EXPORT Handle ts_##f(In a, In b) { return made([&] { return at::f(a.get(), b.get()); }); }
#define BINARY_(f) EXPORT bool ts_##f(In a, In b) { return done([&] { a->f(b.get()); }); }
#define SCALAR(f) EXPORT Handle ts_##f##_scalar(In a, Num b) { return made([&] { return at::f(a.get(), at::Scalar(b)); }); }
#define SCALAR_(f) EXPORT bool ts_##f##scalar_(In a, Num b) { return done([&] { a->f(at::Scalar(b)); }); }

UNARY(abs) UNARY(neg) UNARY(sign) UNARY(sgn) UNARY(exp) UNARY(exp2) UNARY(expm1) UNARY(log) UNARY(log2) UNARY(log10) UNARY(log1p)
UNARY(sqrt) UNARY(rsqrt) UNARY(square) UNARY(reciprocal) UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan)
UNARY(sinh) UNARY(cosh) UNARY(tanh) UNARY(asinh) UNARY(acosh) UNARY(atanh) UNARY(sigmoid) UNARY(erf) UNARY(erfc) UNARY(erfinv)
UNARY(lgamma) UNARY(digamma) UNARY(floor) UNARY(ceil) UNARY(trunc) UNARY(frac) UNARY(isnan) UNARY(isinf) UNARY(isfinite)
UNARY(isposinf) UNARY(isneginf) UNARY(isreal) UNARY(signbit) UNARY(logical_not) UNARY(bitwise_not) UNARY(i0) UNARY(sinc)
UNARY(deg2rad) UNARY(rad2deg) UNARY(positive) UNARY(relu) UNARY(relu6) UNARY(selu) UNARY(silu) UNARY(mish) UNARY(hardsigmoid)
UNARY(hardswish) UNARY(log_sigmoid)

UNARY_(abs_) UNARY_(neg_) UNARY_(sign_) UNARY_(sgn_) UNARY_(exp_) UNARY_(expm1_) UNARY_(log_) UNARY_(log2_) UNARY_(log10_)
UNARY_(log1p_) UNARY_(sqrt_) UNARY_(rsqrt_) UNARY_(reciprocal_) UNARY_(sin_) UNARY_(cos_) UNARY_(tan_) UNARY_(asin_) UNARY_(acos_)
UNARY_(atan_) UNARY_(sinh_) UNARY_(cosh_) UNARY_(tanh_) UNARY_(asinh_) UNARY_(acosh_) UNARY_(atanh_) UNARY_(sigmoid_) UNARY_(erf_)
UNARY_(erfc_) UNARY_(erfinv_) UNARY_(lgamma_) UNARY_(digamma_) UNARY_(floor_) UNARY_(ceil_) UNARY_(trunc_) UNARY_(frac_)
UNARY_(logical_not_) UNARY_(bitwise_not_) UNARY_(sinc_) UNARY_(relu_) UNARY_(zero_)
UNARY_FN_(relu6_) UNARY_FN_(selu_) UNARY_FN_(silu_) UNARY_FN_(mish_) UNARY_FN_(hardsigmoid_) UNARY_FN_(hardswish_)

BINARY(mul) BINARY(pow) BINARY(atan2) BINARY(maximum) BINARY(minimum) BINARY(fmax) BINARY(fmin) BINARY(fmod) BINARY(remainder)
BINARY(floor_divide) BINARY(hypot) BINARY(logaddexp) BINARY(logaddexp2) BINARY(xlogy) BINARY(copysign) BINARY(nextafter)
BINARY(float_power) BINARY(heaviside) BINARY(ldexp) BINARY(gcd) BINARY(lcm) BINARY(igamma) BINARY(igammac)
BINARY(bitwise_and) BINARY(bitwise_or) BINARY(bitwise_xor) BINARY(bitwise_left_shift) BINARY(bitwise_right_shift)
BINARY(logical_and) BINARY(logical_or) BINARY(logical_xor)
BINARY(eq) BINARY(ne) BINARY(lt) BINARY(le) BINARY(gt) BINARY(ge)

BINARY_(mul_) BINARY_(pow_) BINARY_(atan2_) BINARY_(fmod_) BINARY_(remainder_) BINARY_(floor_divide_) BINARY_(ldexp_)
BINARY_(bitwise_and_) BINARY_(bitwise_or_) BINARY_(bitwise_xor_) BINARY_(bitwise_left_shift_) BINARY_(bitwise_right_shift_)
BINARY_(logical_and_) BINARY_(logical_or_) BINARY_(logical_xor_) BINARY_(gcd_) BINARY_(lcm_)
BINARY_(eq_) BINARY_(ne_) BINARY_(lt_) BINARY_(le_) BINARY_(gt_) BINARY_(ge_)

SCALAR(mul) SCALAR(pow) SCALAR(fmod) SCALAR(remainder) SCALAR(floor_divide) SCALAR(xlogy)
SCALAR(eq) SCALAR(ne) SCALAR(lt) SCALAR(le) SCALAR(gt) SCALAR(ge)
SCALAR_(mul_) SCALAR_(pow_) SCALAR_(fmod_) SCALAR_(remainder_) SCALAR_(floor_divide_)
SCALAR_(eq_) SCALAR_(ne_) SCALAR_(lt_) SCALAR_(le_) SCALAR_(gt_) SCALAR_(ge_)
EXPORT bool ts_xlogy_(In a, In b) { return done([&] { at::xlogy_(a, b.get()); }); }
EXPORT bool ts_xlogy_scalar_(In a, Num b) { return done([&] { at::xlogy_(a, at::Scalar(b)); }); }

EXPORT Handle ts_add(In a, In b, Num alpha) { return made([&] { return at::add(a, b.get(), alpha); }); }
EXPORT Handle ts_sub(In a, In b) { return made([&] { return at::sub(a, b.get()); }); }
EXPORT Handle ts_add_scalar(In a, Num b, Num alpha) { return made([&] { return at::add(a, at::Scalar(b), alpha); }); }
EXPORT Handle ts_sub_scalar(In a, Num b) { return made([&] { return at::sub(a, at::Scalar(b)); }); }
EXPORT Handle ts_rsub_scalar(In a, Num b) { return made([&] { return at::rsub(a, at::Scalar(b)); }); }
EXPORT bool ts_add_(In a, In b, Num alpha) { return done([&] { a->add_(b.get(), alpha); }); }
EXPORT bool ts_sub_(In a, In b) { return done([&] { a->sub_(b.get()); }); }
EXPORT bool ts_add_scalar_(In a, Num b, Num alpha) { return done([&] { a->add_(at::Scalar(b), alpha); }); }
EXPORT bool ts_sub_scalar_(In a, Num b) { return done([&] { a->sub_(at::Scalar(b)); }); }

static const char* const rounding[] = {nullptr, "trunc", "floor"};
EXPORT Handle ts_div(In a, In b, int32_t mode) {
    return made([&] { return mode ? at::div(a, b.get(), rounding[mode]) : at::div(a, b.get()); });
}
EXPORT Handle ts_div_scalar(In a, Num b, int32_t mode) {
    return made([&] { return mode ? at::div(a, at::Scalar(b), rounding[mode]) : at::div(a, at::Scalar(b)); });
}
EXPORT Handle ts_rdiv_scalar(In a, Num b) { return made([&] { return at::reciprocal(a).mul(b); }); }
EXPORT bool ts_div_(In a, In b, int32_t mode) { return done([&] { mode ? a->div_(b.get(), rounding[mode]) : a->div_(b.get()); }); }
EXPORT bool ts_div_scalar_(In a, Num b, int32_t mode) {
    return done([&] { mode ? a->div_(at::Scalar(b), rounding[mode]) : a->div_(at::Scalar(b)); });
}

EXPORT Handle ts_lerp(In a, In end, In weight) { return made([&] { return at::lerp(a, end, weight.get()); }); }
EXPORT bool ts_lerp_(In a, In end, In weight) { return done([&] { a->lerp_(end, weight.get()); }); }
EXPORT Handle ts_addcmul(In a, In b, In c, Num value) { return made([&] { return at::addcmul(a, b, c, value); }); }
EXPORT bool ts_addcmul_(In a, In b, In c, Num value) { return done([&] { a->addcmul_(b, c, value); }); }
EXPORT Handle ts_addcdiv(In a, In b, In c, Num value) { return made([&] { return at::addcdiv(a, b, c, value); }); }
EXPORT bool ts_addcdiv_(In a, In b, In c, Num value) { return done([&] { a->addcdiv_(b, c, value); }); }
EXPORT Handle ts_clamp(In a, Num min, Num max) { return made([&] { return at::clamp(a, maybe(min), maybe(max)); }); }
EXPORT bool ts_clamp_(In a, Num min, Num max) { return done([&] { a->clamp_(maybe(min), maybe(max)); }); }
EXPORT Handle ts_clamp_tensor(In a, In min, In max) { return made([&] { return at::clamp(a, maybe(min), maybe(max)); }); }
EXPORT bool ts_clamp_tensor_(In a, In min, In max) { return done([&] { a->clamp_(maybe(min), maybe(max)); }); }
EXPORT Handle ts_round(In a, int64_t decimals) { return made([&] { return decimals ? at::round(a, decimals) : at::round(a); }); }
EXPORT bool ts_round_(In a, int64_t decimals) { return done([&] { decimals ? a->round_(decimals) : a->round_(); }); }
EXPORT Handle ts_logit(In a, double eps, bool has_eps) {
    return made([&] { return at::logit(a, has_eps ? Optional<double>(eps) : Optional<double>()); });
}
EXPORT Handle ts_polygamma(In a, int64_t n) { return made([&] { return at::polygamma(n, a); }); }
EXPORT Handle ts_mvlgamma(In a, int64_t p) { return made([&] { return at::mvlgamma(a, p); }); }
EXPORT bool ts_fill_(In a, Num value) { return done([&] { a->fill_(at::Scalar(value)); }); }
EXPORT Handle ts_where(In condition, In x, In y) { return made([&] { return at::where(condition, x.get(), y.get()); }); }
EXPORT Handle ts_isclose(In a, In b, double rtol, double atol, bool equal_nan) {
    return made([&] { return at::isclose(a, b, rtol, atol, equal_nan); });
}
EXPORT Handle ts_isin(In a, In elements, bool unique, bool invert) {
    return made([&] { return at::isin(a.get(), elements.get(), unique, invert); });
}
EXPORT Handle ts_nan_to_num(In a, double nan, double posinf, double neginf, int32_t has) {
    return made([&] {
        return at::nan_to_num(a, nan, has & 1 ? Optional<double>(posinf) : Optional<double>(), has & 2 ? Optional<double>(neginf) : Optional<double>());
    });
}

// torch.special
UNARY(special_ndtr) UNARY(special_ndtri) UNARY(special_entr) UNARY(special_erfcx) UNARY(special_i0e) UNARY(special_i1) UNARY(special_i1e)
EXPORT Handle ts_special_xlog1py(In a, In b) { return made([&] { return at::special_xlog1py(a.get(), b.get()); }); }
EXPORT Handle ts_special_zeta(In a, In b) { return made([&] { return at::special_zeta(a.get(), b.get()); }); }
