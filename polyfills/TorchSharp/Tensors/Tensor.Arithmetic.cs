namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Made(Native.ts_add(Handle, target.Handle, Num.One), this, target);
        public Tensor add(Tensor target, Scalar alpha) => Made(Native.ts_add(Handle, target.Handle, alpha.Value), this, target);
        public Tensor add(Scalar scalar) => Made(Native.ts_add_scalar(Handle, scalar.Value, Num.One), this);
        public Tensor add(Scalar scalar, Scalar alpha) => Made(Native.ts_add_scalar(Handle, scalar.Value, alpha.Value), this);
        public Tensor add_(Tensor target) => Done(Native.ts_add_(Handle, target.Handle, Num.One), target);
        public Tensor add_(Tensor target, Scalar alpha) => Done(Native.ts_add_(Handle, target.Handle, alpha.Value), target);
        public Tensor add_(Scalar scalar) => Done(Native.ts_add_scalar_(Handle, scalar.Value, Num.One));
        public Tensor add_(Scalar scalar, Scalar alpha) => Done(Native.ts_add_scalar_(Handle, scalar.Value, alpha.Value));

        public Tensor sub(Tensor target) => Made(Native.ts_sub(Handle, target.Handle), this, target);
        public Tensor sub(Scalar target) => Made(Native.ts_sub_scalar(Handle, target.Value), this);
        public Tensor sub_(Tensor target) => Done(Native.ts_sub_(Handle, target.Handle), target);
        public Tensor sub_(Scalar target) => Done(Native.ts_sub_scalar_(Handle, target.Value));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.ts_div(Handle, target.Handle, (int)rounding_mode), this, target);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.ts_div_scalar(Handle, target.Value, (int)rounding_mode), this);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(Native.ts_div_(Handle, target.Handle, (int)rounding_mode), target);
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(Native.ts_div_scalar_(Handle, target.Value, (int)rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide(Tensor other) => div(other);
        public Tensor true_divide(Scalar other) => div(other);
        public Tensor true_divide_(Tensor other) => div_(other);
        public Tensor true_divide_(Scalar other) => div_(other);

        public Tensor lerp(Tensor end, Tensor weight) => Made(Native.ts_lerp(Handle, end.Handle, weight.Handle), this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Done(Native.ts_lerp_(Handle, end.Handle, weight.Handle), end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(Native.ts_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(Native.ts_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) =>
            Made(Native.ts_addcdiv(Handle, tensor1.Handle, tensor2.Handle, Num.One), this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(Native.ts_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) =>
            Done(Native.ts_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, Num.One), tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(Native.ts_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        private static Num OrNull(Scalar s) => s is null ? Num.Null : s.Value;

        public Tensor clamp(Scalar min = null, Scalar max = null) => Made(Native.ts_clamp(Handle, OrNull(min), OrNull(max)), this);
        public Tensor clamp(Tensor min = null, Tensor max = null) =>
            Made(Native.ts_clamp_tensor(Handle, min.HandleOrNone(), max.HandleOrNone()), this, min, max);
        public Tensor clamp_(Scalar min = null, Scalar max = null) => Done(Native.ts_clamp_(Handle, OrNull(min), OrNull(max)));
        public Tensor clamp_(Tensor min = null, Tensor max = null) =>
            Done(Native.ts_clamp_tensor_(Handle, min.HandleOrNone(), max.HandleOrNone()), min, max);
        public Tensor clip(Scalar min = null, Scalar max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar)null);
        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar)null);
        public Tensor clamp_max(Scalar max) => clamp((Scalar)null, max);
        public Tensor clamp_max_(Scalar max) => clamp_((Scalar)null, max);
        public Tensor max(Tensor other) => maximum(other);
        public Tensor min(Tensor other) => minimum(other);

        public Tensor round(long decimals = 0) => Made(Native.ts_round(Handle, decimals), this);
        public Tensor round_(long decimals = 0) => Done(Native.ts_round_(Handle, decimals));
        public Tensor logit(double? eps = null) => Made(Native.ts_logit(Handle, eps ?? 0, eps.HasValue), this);
        public Tensor polygamma(long p) => Made(Native.ts_polygamma(Handle, p), this);
        public Tensor mvlgamma(long p) => Made(Native.ts_mvlgamma(Handle, p), this);
        public Tensor fill_(Scalar value) => Done(Native.ts_fill_(Handle, value.Value));

        /// <summary>This one where the condition holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Made(Native.ts_where(condition.Handle, Handle, y.Handle), this, condition, y);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Made(Native.ts_isclose(Handle, other.Handle, rtol, atol, nanEqual), this, other);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Made(Native.ts_isin(Handle, test_elements.Handle, assumeUnique, invert), this, test_elements);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Made(Native.ts_nan_to_num(Handle, nan, posinf ?? 0, neginf ?? 0, (posinf.HasValue ? 1 : 0) + (neginf.HasValue ? 2 : 0)), this);

        public unsafe bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            bool result;
            Done(Native.ts_allclose(Handle, target.Handle, rtol, atol, equal_nan, &result), target);
            return result;
        }

        public unsafe bool Equals(Tensor target)
        {
            if (target is null) return false;
            bool result;
            Done(Native.ts_equal(Handle, target.Handle, &result), target);
            return result;
        }

        public override bool Equals(object obj) => obj is Tensor t && Equals(t);
        public override int GetHashCode() => base.GetHashCode();
        public Tensor equal(Tensor target) => eq(target);
    }
}
