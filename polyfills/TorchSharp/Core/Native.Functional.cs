using System.Runtime.InteropServices;

namespace TorchSharp;

internal static unsafe partial class Native
{
    [DllImport(Library)] public static extern nint ts_linear(nint x, nint weight, nint bias);
    [DllImport(Library)] public static extern nint ts_bilinear(nint x, nint y, nint weight, nint bias);
    [DllImport(Library)] public static extern nint ts_embedding(nint weight, nint indices, long padding, bool scale);
    [DllImport(Library)] public static extern nint ts_one_hot(nint a, long classes);
    [DllImport(Library)] public static extern nint ts_elu(nint a, Num alpha, Num scale, Num inputScale);
    [DllImport(Library)] public static extern bool ts_elu_(nint a, Num alpha, Num scale, Num inputScale);
    [DllImport(Library)] public static extern nint ts_celu(nint a, Num alpha);
    [DllImport(Library)] public static extern bool ts_celu_(nint a, Num alpha);
    [DllImport(Library)] public static extern nint ts_leaky_relu(nint a, Num slope);
    [DllImport(Library)] public static extern bool ts_leaky_relu_(nint a, Num slope);
    [DllImport(Library)] public static extern nint ts_gelu(nint a);
    [DllImport(Library)] public static extern bool ts_gelu_(nint a);
    [DllImport(Library)] public static extern nint ts_glu(nint a, long dim);
    [DllImport(Library)] public static extern nint ts_prelu(nint a, nint weight);
    [DllImport(Library)] public static extern nint ts_softplus(nint a, double beta, double threshold);
    [DllImport(Library)] public static extern nint ts_softmax(nint a, long dim, int type);
    [DllImport(Library)] public static extern nint ts_log_softmax(nint a, long dim, int type);
    [DllImport(Library)] public static extern nint ts_hardtanh(nint a, Num min, Num max);
    [DllImport(Library)] public static extern bool ts_hardtanh_(nint a, Num min, Num max);
    [DllImport(Library)] public static extern nint ts_hardshrink(nint a, double lambda);
    [DllImport(Library)] public static extern nint ts_softshrink(nint a, double lambda);
    [DllImport(Library)] public static extern nint ts_threshold(nint a, Num threshold, Num value);
    [DllImport(Library)] public static extern bool ts_threshold_(nint a, Num threshold, Num value);
    [DllImport(Library)] public static extern nint ts_dropout(nint a, double p, bool train);
    [DllImport(Library)] public static extern bool ts_dropout_(nint a, double p, bool train);
    [DllImport(Library)] public static extern nint ts_feature_dropout(nint a, double p, bool train);
    [DllImport(Library)] public static extern nint ts_alpha_dropout(nint a, double p, bool train);
    [DllImport(Library)] public static extern nint ts_layer_norm(nint a, Ints shape, nint weight, nint bias, double eps);
    [DllImport(Library)] public static extern nint ts_batch_norm(nint a, nint weight, nint bias, nint mean, nint var, bool train,
        double momentum, double eps);
    [DllImport(Library)] public static extern nint ts_instance_norm(nint a, nint weight, nint bias, nint mean, nint var, bool inputStats,
        double momentum, double eps);
    [DllImport(Library)] public static extern nint ts_group_norm(nint a, long groups, nint weight, nint bias, double eps);
    [DllImport(Library)] public static extern nint ts_conv1d(nint x, nint w, nint b, Ints stride, Ints padding, Ints dilation, long groups);
    [DllImport(Library)] public static extern nint ts_conv2d(nint x, nint w, nint b, Ints stride, Ints padding, Ints dilation, long groups);
    [DllImport(Library)] public static extern nint ts_conv1d_padding(nint x, nint w, nint b, Ints stride, bool same, Ints dilation,
        long groups);
    [DllImport(Library)] public static extern nint ts_conv2d_padding(nint x, nint w, nint b, Ints stride, bool same, Ints dilation,
        long groups);
    [DllImport(Library)] public static extern nint ts_conv_transpose1d(nint x, nint w, nint b, Ints stride, Ints padding,
        Ints outputPadding, Ints dilation, long groups);
    [DllImport(Library)] public static extern nint ts_conv_transpose2d(nint x, nint w, nint b, Ints stride, Ints padding,
        Ints outputPadding, Ints dilation, long groups);
    [DllImport(Library)] public static extern bool ts_max_pool1d(nint x, Ints kernel, Ints stride, Ints padding, Ints dilation, bool ceil,
        nint* result);
    [DllImport(Library)] public static extern bool ts_max_pool2d(nint x, Ints kernel, Ints stride, Ints padding, Ints dilation, bool ceil,
        nint* result);
    [DllImport(Library)] public static extern nint ts_avg_pool1d(nint x, Ints kernel, Ints stride, Ints padding, bool ceil, bool countPad);
    [DllImport(Library)] public static extern nint ts_avg_pool2d(nint x, Ints kernel, Ints stride, Ints padding, bool ceil, bool countPad,
        MaybeInt divisor);
    [DllImport(Library)] public static extern nint ts_adaptive_avg_pool1d(nint x, Ints size);
    [DllImport(Library)] public static extern nint ts_adaptive_avg_pool2d(nint x, Ints size);
    [DllImport(Library)] public static extern bool ts_adaptive_max_pool1d(nint x, Ints size, nint* result);
    [DllImport(Library)] public static extern bool ts_adaptive_max_pool2d(nint x, Ints size, nint* result);
    [DllImport(Library)] public static extern nint ts_pixel_shuffle(nint x, long factor);
    [DllImport(Library)] public static extern nint ts_pixel_unshuffle(nint x, long factor);
    [DllImport(Library)] public static extern nint ts_im2col(nint x, Ints kernel, Ints dilation, Ints padding, Ints stride);
    [DllImport(Library)] public static extern nint ts_col2im(nint x, Ints size, Ints kernel, Ints dilation, Ints padding, Ints stride);
    [DllImport(Library)] public static extern nint ts_pad(nint x, Ints pad, int mode, double value);
    [DllImport(Library)] public static extern nint ts_interpolate(nint x, Ints size, double* scales, int mode, bool align);
    [DllImport(Library)] public static extern nint ts_mse_loss(nint x, nint y, long reduction);
    [DllImport(Library)] public static extern nint ts_l1_loss(nint x, nint y, long reduction);
    [DllImport(Library)] public static extern nint ts_smooth_l1_loss(nint x, nint y, long reduction, double beta);
    [DllImport(Library)] public static extern nint ts_huber_loss(nint x, nint y, long reduction, double delta);
    [DllImport(Library)] public static extern nint ts_soft_margin_loss(nint x, nint y, long reduction);
    [DllImport(Library)] public static extern nint ts_binary_cross_entropy(nint x, nint y, nint weight, long reduction);
    [DllImport(Library)] public static extern nint ts_binary_cross_entropy_with_logits(nint x, nint y, nint weight, nint posWeight,
        long reduction);
    [DllImport(Library)] public static extern nint ts_cross_entropy(nint x, nint y, nint weight, long reduction, long ignore,
        double smoothing);
    [DllImport(Library)] public static extern nint ts_nll_loss(nint x, nint y, nint weight, long reduction, long ignore);
    [DllImport(Library)] public static extern nint ts_kl_div(nint x, nint y, long reduction, bool logTarget);
    [DllImport(Library)] public static extern nint ts_poisson_nll_loss(nint x, nint y, bool log, bool full, double eps, long reduction);
    [DllImport(Library)] public static extern nint ts_margin_ranking_loss(nint x, nint y, nint target, double margin, long reduction);
    [DllImport(Library)] public static extern nint ts_hinge_embedding_loss(nint x, nint target, double margin, long reduction);
    [DllImport(Library)] public static extern nint ts_cosine_embedding_loss(nint x, nint y, nint target, double margin, long reduction);
    [DllImport(Library)] public static extern nint ts_triplet_margin_loss(nint a, nint p, nint n, double margin, double norm, double eps,
        bool swap, long reduction);
    [DllImport(Library)] public static extern nint ts_cosine_similarity(nint x, nint y, long dim, double eps);
    [DllImport(Library)] public static extern nint ts_pairwise_distance(nint x, nint y, double p, double eps, bool keep);
    [DllImport(Library)] public static extern bool ts_gru(nint x, nint h, Ins weights, bool bias, long layers, double dropout, bool train,
        bool bidirectional, bool batchFirst, nint* result);
    [DllImport(Library)] public static extern bool ts_rnn(nint x, nint h, bool relu, Ins weights, bool bias, long layers, double dropout,
        bool train, bool bidirectional, bool batchFirst, nint* result);
    [DllImport(Library)] public static extern bool ts_lstm(nint x, nint h, nint c, Ins weights, bool bias, long layers, double dropout,
        bool train, bool bidirectional, bool batchFirst, nint* result);
    [DllImport(Library)] public static extern nint ts_gru_cell(nint x, nint h, nint wIh, nint wHh, nint bIh, nint bHh);
    [DllImport(Library)] public static extern nint ts_rnn_cell(nint x, nint h, bool relu, nint wIh, nint wHh, nint bIh, nint bHh);
    [DllImport(Library)] public static extern bool ts_lstm_cell(nint x, nint h, nint c, nint wIh, nint wHh, nint bIh, nint bHh,
        nint* result);
}
