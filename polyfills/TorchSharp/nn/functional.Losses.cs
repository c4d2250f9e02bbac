namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of the elements.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static Tensor Reduced(Tensor losses, Reduction reduction)
            {
                if (reduction == Reduction.None) return losses;
                using (losses) return reduction == Reduction.Mean ? losses.mean() : losses.sum();
            }

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_mse_loss(input.Handle, target.Handle, (long)reduction), input, target);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_l1_loss(input.Handle, target.Handle, (long)reduction), input, target);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Tensor.Made(Native.ts_smooth_l1_loss(input.Handle, target.Handle, (long)reduction, beta), input, target);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_huber_loss(input.Handle, target.Handle, (long)reduction, delta), input, target);

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_soft_margin_loss(input.Handle, target.Handle, (long)reduction), input, target);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor weight = null,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_binary_cross_entropy(input.Handle, target.Handle, weight.HandleOrNone(), (long)reduction), input,
                    target, weight);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor weight = null,
                Reduction reduction = Reduction.Mean, Tensor pos_weights = null)
            {
                nint made = Native.ts_binary_cross_entropy_with_logits(input.Handle, target.Handle, weight.HandleOrNone(),
                    pos_weights.HandleOrNone(), (long)reduction);
                GC.KeepAlive(pos_weights);
                return Tensor.Made(made, input, target, weight);
            }

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Tensor.Made(Native.ts_cross_entropy(input.Handle, target.Handle, weight.HandleOrNone(), (long)reduction, ignore_index,
                    label_smoothing), input, target, weight);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor weight = null, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_nll_loss(input.Handle, target.Handle, weight.HandleOrNone(), (long)reduction, -100), input, target,
                    weight);

            /// <summary>
            /// The mean is over the elements, not over the batch; the target is a logarithm unless said otherwise (in PyTorch it is the
            /// reverse).
            /// </summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_kl_div(input.Handle, target.Handle, (long)reduction, log_target), input, target);

            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-08f,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_poisson_nll_loss(input.Handle, target.Handle, log_input, full, eps, (long)reduction), input, target);

            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-06f,
                Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var v = variance.clamp_min(eps);
                var losses = (v.log() + (input - target).square() / v) * 0.5;
                if (full) losses = losses + 0.5 * Math.Log(2 * Math.PI);
                return Reduced(losses, reduction).MoveToOuterDisposeScope();
            }

            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_margin_ranking_loss(input1.Handle, input2.Handle, target.Handle, margin, (long)reduction), input1,
                    input2, target);

            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_hinge_embedding_loss(input.Handle, target.Handle, margin, (long)reduction), input, target);

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0,
                Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_cosine_embedding_loss(input1.Handle, input2.Handle, target.Handle, margin, (long)reduction), input1,
                    input2, target);

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2,
                double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(Native.ts_triplet_margin_loss(anchor.Handle, positive.Handle, negative.Handle, margin, p, eps, swap,
                    (long)reduction), anchor, positive, negative);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) =>
                Tensor.Made(Native.ts_cosine_similarity(x1.Handle, x2.Handle, dim, eps), x1, x2);

            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false) =>
                Tensor.Made(Native.ts_pairwise_distance(input1.Handle, input2.Handle, p, eps, keepdim), input1, input2);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var scope = NewDisposeScope();
                return input.div(input.norm((int)dim, true, (float)p).clamp_min(eps)).MoveToOuterDisposeScope();
            }
        }
    }
}
