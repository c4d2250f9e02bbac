namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor bias = null) =>
                Tensor.Made(Native.ts_linear(input.Handle, weights.Handle, bias.HandleOrNone()), input, weights, bias);

            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor bias = null)
            {
                nint made = Native.ts_bilinear(input1.Handle, input2.Handle, weight.Handle, bias.HandleOrNone());
                GC.KeepAlive(bias);
                return Tensor.Made(made, input1, input2, weight);
            }

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Tensor.Made(Native.ts_one_hot(x.Handle, num_classes), x);

            // ---- dropout, from the global generator

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (!inplace) return Tensor.Made(Native.ts_dropout(input.Handle, p, training), input);
                Native.Check(Native.ts_dropout_(input.Handle, p, training));
                return input.alias();
            }

            /// <summary>Drops whole channels.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                var dropped = Tensor.Made(Native.ts_feature_dropout(input.Handle, p, training), input);
                return inplace ? Tensor.Into(input, dropped).alias() : dropped;
            }

            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                dropout2d(input, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
            {
                var dropped = Tensor.Made(Native.ts_alpha_dropout(input.Handle, p, training), input);
                return inplace ? Tensor.Into(input, dropped).alias() : dropped;
            }

            // ---- normalization

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor weight = null, Tensor bias = null,
                double eps = 1e-05)
            {
                fixed (long* p = normalized_shape)
                    return Tensor.Made(Native.ts_layer_norm(input.Handle, new Ints(p, normalized_shape), weight.HandleOrNone(),
                        bias.HandleOrNone(), eps), input, weight, bias);
            }

            public static Tensor batch_norm(Tensor input, Tensor running_mean, Tensor running_var, Tensor weight = null, Tensor bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05)
            {
                nint made = Native.ts_batch_norm(input.Handle, weight.HandleOrNone(), bias.HandleOrNone(), running_mean.HandleOrNone(),
                    running_var.HandleOrNone(), training, momentum, eps);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return Tensor.Made(made, input, weight, bias);
            }

            public static Tensor instance_norm(Tensor input, Tensor running_mean = null, Tensor running_var = null, Tensor weight = null,
                Tensor bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05)
            {
                nint made = Native.ts_instance_norm(input.Handle, weight.HandleOrNone(), bias.HandleOrNone(), running_mean.HandleOrNone(),
                    running_var.HandleOrNone(), use_input_stats, momentum, eps);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return Tensor.Made(made, input, weight, bias);
            }

            public static Tensor group_norm(Tensor input, long num_groups, Tensor weight = null, Tensor bias = null, double eps = 1e-05) =>
                Tensor.Made(Native.ts_group_norm(input.Handle, num_groups, weight.HandleOrNone(), bias.HandleOrNone(), eps), input, weight,
                    bias);

            // ---- attention

            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor attn_mask = null, double p = 0,
                bool is_casual = false)
            {
                using var scope = NewDisposeScope();
                var scores = query.mul(1 / Math.Sqrt(query.size(-1))).matmul(key.mT);      // (…, queries, keys)
                if (is_casual)
                {
                    if (attn_mask is not null) throw new ArgumentException("Casual attention masking cannot pass a mask.");
                    attn_mask = ones(query.size(-2), key.size(-2), ScalarType.Bool, query.device).tril();
                }
                if (attn_mask is not null)
                    scores = attn_mask.dtype == ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity)
                        : scores + attn_mask;
                var weights = scores.softmax(-1);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
