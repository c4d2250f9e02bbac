namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor elu(double alpha = 1) => Made(Native.ts_elu(Handle, Num.Of(alpha), Num.One, Num.One), this);
        public Tensor elu_(double alpha = 1) => Done(Native.ts_elu_(Handle, Num.Of(alpha), Num.One, Num.One));
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) =>
            Made(Native.ts_elu(Handle, alpha.Value, scale.Value, input_scale.Value), this);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) =>
            Done(Native.ts_elu_(Handle, alpha.Value, scale.Value, input_scale.Value));
        public Tensor celu() => celu(1);
        public Tensor celu_() => celu_(1);
        public Tensor celu(Scalar alpha) => Made(Native.ts_celu(Handle, alpha.Value), this);
        public Tensor celu_(Scalar alpha) => Done(Native.ts_celu_(Handle, alpha.Value));
        public Tensor leaky_relu(Scalar negative_slope) => Made(Native.ts_leaky_relu(Handle, negative_slope.Value), this);
        public Tensor leaky_relu_(Scalar negative_slope) => Done(Native.ts_leaky_relu_(Handle, negative_slope.Value));
        public Tensor gelu() => Made(Native.ts_gelu(Handle), this);
        public Tensor gelu_() => Done(Native.ts_gelu_(Handle));
        public Tensor glu(long dim = -1) => Made(Native.ts_glu(Handle, dim), this);
        public Tensor prelu(Tensor target) => Made(Native.ts_prelu(Handle, target.Handle), this, target);
        public Tensor softplus(double beta = 1, double threshold = 20) => Made(Native.ts_softplus(Handle, beta, threshold), this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(Native.ts_softmax(Handle, dim, TypeOrNone(dtype)), this);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(Native.ts_log_softmax(Handle, dim, TypeOrNone(dtype)), this);
        public Tensor hardtanh(Scalar min, Scalar max) => Made(Native.ts_hardtanh(Handle, min.Value, max.Value), this);
        public Tensor hardtanh_(Scalar min, Scalar max) => Done(Native.ts_hardtanh_(Handle, min.Value, max.Value));
        public Tensor threshold(Scalar threshold, Scalar value) => Made(Native.ts_threshold(Handle, threshold.Value, value.Value), this);
        public Tensor threshold_(Scalar threshold, Scalar value) => Done(Native.ts_threshold_(Handle, threshold.Value, value.Value));
    }

    public static partial class nn
    {
        /// <summary>
        /// Layers, activations and losses as functions. What works in place gives a second handle to the tensor that it was given.
        /// </summary>
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? x.relu6_().alias() : x.relu6();
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? x.elu_(alpha).alias() : x.elu(alpha);
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? x.celu_(alpha).alias() : x.celu(alpha);
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? x.selu_().alias() : x.selu();
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();
            public static Tensor gelu(Tensor x) => x.gelu();
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? x.gelu_().alias() : x.gelu();
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? input.leaky_relu_(negative_slope).alias() : input.leaky_relu(negative_slope);
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                inplace ? input.hardsigmoid_().alias() : input.hardsigmoid();
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? input.hardswish_().alias() : input.hardswish();
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? x.hardtanh_(min_val, max_val).alias() : x.hardtanh(min_val, max_val);
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? x.threshold_(threshold, value).alias() : x.threshold(threshold, value);
            public static Tensor mish(Tensor x, bool inplace = false)
            {
                if (!inplace) return Tensor.Made(Native.ts_mish(x.Handle), x);
                Native.Check(Native.ts_mish_(x.Handle));
                return x.alias();
            }

            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var scale = x.abs().add_((Scalar)1);
                return inplace ? x.div_(scale).alias() : x.div(scale);
            }

            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using var tanh = x.tanh();
                return inplace ? x.sub_(tanh).alias() : x.sub(tanh);
            }

            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Tensor.Made(Native.ts_hardshrink(x.Handle, lambda), x);
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Tensor.Made(Native.ts_softshrink(x.Handle, lambda), x);
            public static Tensor glu(Tensor input, long dim = -1) => input.glu(dim);
            public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = x.neg();
                return negative.softmax(dim);
            }

            public static Tensor softmax2d(Tensor x) => x.softmax(-3);
        }
    }
}
