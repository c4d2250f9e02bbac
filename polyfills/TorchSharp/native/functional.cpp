// The layers, activations and losses of torch.nn.functional.
#include "abi.h"

EXPORT Handle ts_linear(In x, In weight, In bias) { return made([&] { return at::linear(x, weight, maybe(bias)); }); }
EXPORT Handle ts_bilinear(In x, In y, In weight, In bias) { return made([&] { return at::bilinear(x, y, weight, maybe(bias)); }); }
EXPORT Handle ts_embedding(In weight, In indices, int64_t padding, bool scale) {
    return made([&] { return at::embedding(weight, indices, padding, scale, false); });
}
EXPORT Handle ts_one_hot(In a, int64_t classes) { return made([&] { return at::one_hot(a, classes); }); }

EXPORT Handle ts_elu(In a, Num alpha, Num scale, Num input_scale) { return made([&] { return at::elu(a, alpha, scale, input_scale); }); }
EXPORT bool ts_elu_(In a, Num alpha, Num scale, Num input_scale) { return done([&] { at::elu_(a, alpha, scale, input_scale); }); }
EXPORT Handle ts_celu(In a, Num alpha) { return made([&] { return at::celu(a, alpha); }); }
EXPORT bool ts_celu_(In a, Num alpha) { return done([&] { at::celu_(a, alpha); }); }
EXPORT Handle ts_leaky_relu(In a, Num slope) { return made([&] { return at::leaky_relu(a, slope); }); }
EXPORT bool ts_leaky_relu_(In a, Num slope) { return done([&] { at::leaky_relu_(a, slope); }); }
EXPORT Handle ts_gelu(In a) { return made([&] { return at::gelu(a); }); }
EXPORT bool ts_gelu_(In a) { return done([&] { at::gelu_(a); }); }
EXPORT Handle ts_glu(In a, int64_t dim) { return made([&] { return at::glu(a, dim); }); }
EXPORT Handle ts_prelu(In a, In weight) { return made([&] { return at::prelu(a, weight); }); }
EXPORT Handle ts_softplus(In a, double beta, double threshold) { return made([&] { return at::softplus(a, beta, threshold); }); }
EXPORT Handle ts_softmax(In a, int64_t dim, int32_t type) { return made([&] { return at::softmax(a, dim, maybe_type(type)); }); }
EXPORT Handle ts_log_softmax(In a, int64_t dim, int32_t type) { return made([&] { return at::log_softmax(a, dim, maybe_type(type)); }); }
EXPORT Handle ts_hardtanh(In a, Num min, Num max) { return made([&] { return at::hardtanh(a, min, max); }); }
EXPORT bool ts_hardtanh_(In a, Num min, Num max) { return done([&] { at::hardtanh_(a, min, max); }); }
EXPORT Handle ts_hardshrink(In a, double lambda) { return made([&] { return at::hardshrink(a, lambda); }); }
EXPORT Handle ts_softshrink(In a, double lambda) { return made([&] { return at::softshrink(a, lambda); }); }
EXPORT Handle ts_threshold(In a, Num threshold, Num value) { return made([&] { return at::threshold(a, threshold, value); }); }
EXPORT bool ts_threshold_(In a, Num threshold, Num value) { return done([&] { at::threshold_(a, threshold, value); }); }

EXPORT Handle ts_dropout(In a, double p, bool train) { return made([&] { return at::dropout(a, p, train); }); }
EXPORT bool ts_dropout_(In a, double p, bool train) { return done([&] { at::dropout_(a, p, train); }); }
EXPORT Handle ts_feature_dropout(In a, double p, bool train) { return made([&] { return at::feature_dropout(a, p, train); }); }
EXPORT Handle ts_alpha_dropout(In a, double p, bool train) { return made([&] { return at::alpha_dropout(a, p, train); }); }

EXPORT Handle ts_layer_norm(In a, Ints shape, In weight, In bias, double eps) {
    return made([&] { return at::layer_norm(a, shape, maybe(weight), maybe(bias), eps); });
}
EXPORT Handle ts_batch_norm(In a, In weight, In bias, In mean, In var, bool train, double momentum, double eps) {
    return made([&] { return at::batch_norm(a, maybe(weight), maybe(bias), maybe(mean), maybe(var), train, momentum, eps, true); });
}
EXPORT Handle ts_instance_norm(In a, In weight, In bias, In mean, In var, bool input_stats, double momentum, double eps) {
    return made([&] { return at::instance_norm(a, maybe(weight), maybe(bias), maybe(mean), maybe(var), input_stats, momentum, eps, true); });
}
EXPORT Handle ts_group_norm(In a, int64_t groups, In weight, In bias, double eps) {
    return made([&] { return at::group_norm(a, groups, maybe(weight), maybe(bias), eps); });
}

EXPORT Handle ts_conv1d(In x, In w, In b, Ints stride, Ints padding, Ints dilation, int64_t groups) {
    return made([&] { return at::conv1d(x, w, maybe(b), stride, at::IntArrayRef(padding), dilation, groups); });
}
EXPORT Handle ts_conv2d(In x, In w, In b, Ints stride, Ints padding, Ints dilation, int64_t groups) {
    return made([&] { return at::conv2d(x, w, maybe(b), stride, at::IntArrayRef(padding), dilation, groups); });
}
EXPORT Handle ts_conv1d_padding(In x, In w, In b, Ints stride, bool same, Ints dilation, int64_t groups) {
    return made([&] { return at::conv1d(x, w, maybe(b), stride, same ? "same" : "valid", dilation, groups); });
}
EXPORT Handle ts_conv2d_padding(In x, In w, In b, Ints stride, bool same, Ints dilation, int64_t groups) {
    return made([&] { return at::conv2d(x, w, maybe(b), stride, same ? "same" : "valid", dilation, groups); });
}
EXPORT Handle ts_conv_transpose1d(In x, In w, In b, Ints stride, Ints padding, Ints output_padding, Ints dilation, int64_t groups) {
    return made([&] { return at::conv_transpose1d(x, w, maybe(b), stride, padding, output_padding, groups, dilation); });
}
EXPORT Handle ts_conv_transpose2d(In x, In w, In b, Ints stride, Ints padding, Ints output_padding, Ints dilation, int64_t groups) {
    return made([&] { return at::conv_transpose2d(x, w, maybe(b), stride, padding, output_padding, groups, dilation); });
}

EXPORT bool ts_max_pool1d(In x, Ints kernel, Ints stride, Ints padding, Ints dilation, bool ceil, Handle* out) {
    return several(out, [&] { return at::max_pool1d_with_indices(x, kernel, stride, padding, dilation, ceil); });
}
EXPORT bool ts_max_pool2d(In x, Ints kernel, Ints stride, Ints padding, Ints dilation, bool ceil, Handle* out) {
    return several(out, [&] { return at::max_pool2d_with_indices(x, kernel, stride, padding, dilation, ceil); });
}
EXPORT Handle ts_avg_pool1d(In x, Ints kernel, Ints stride, Ints padding, bool ceil, bool count_pad) {
    return made([&] { return at::avg_pool1d(x, kernel, stride, padding, ceil, count_pad); });
}
EXPORT Handle ts_avg_pool2d(In x, Ints kernel, Ints stride, Ints padding, bool ceil, bool count_pad, MaybeInt divisor) {
    return made([&] { return at::avg_pool2d(x, kernel, stride, padding, ceil, count_pad, divisor); });
}
EXPORT Handle ts_adaptive_avg_pool1d(In x, Ints size) { return made([&] { return at::adaptive_avg_pool1d(x, size); }); }
EXPORT Handle ts_adaptive_avg_pool2d(In x, Ints size) { return made([&] { return at::adaptive_avg_pool2d(x, size); }); }
EXPORT bool ts_adaptive_max_pool1d(In x, Ints size, Handle* out) { return several(out, [&] { return at::adaptive_max_pool1d(x, size); }); }
EXPORT bool ts_adaptive_max_pool2d(In x, Ints size, Handle* out) { return several(out, [&] { return at::adaptive_max_pool2d(x, size); }); }
EXPORT Handle ts_pixel_shuffle(In x, int64_t factor) { return made([&] { return at::pixel_shuffle(x, factor); }); }
EXPORT Handle ts_pixel_unshuffle(In x, int64_t factor) { return made([&] { return at::pixel_unshuffle(x, factor); }); }
EXPORT Handle ts_im2col(In x, Ints kernel, Ints dilation, Ints padding, Ints stride) {
    return made([&] { return at::im2col(x, kernel, dilation, padding, stride); });
}
EXPORT Handle ts_col2im(In x, Ints size, Ints kernel, Ints dilation, Ints padding, Ints stride) {
    return made([&] { return at::col2im(x, size, kernel, dilation, padding, stride); });
}
EXPORT Handle ts_pad(In x, Ints pad, int32_t mode, double value) {
    static const char* const modes[] = {"constant", "reflect", "replicate", "circular", "constant"};
    return made([&] { return mode == 0 || mode == 4 ? at::constant_pad_nd(x, pad, value) : at::pad(x, pad, modes[mode]); });
}
// mode: 0 nearest, 1 linear, 2 bilinear, 3 bicubic, 4 trilinear; scales (null or one per dimension) only matter for how positions are computed
EXPORT Handle ts_interpolate(In x, Ints size, const double* scales, int32_t mode, bool align) {
    return made([&] {
        auto scale = [&](int i) { return scales ? Optional<double>(scales[i]) : Optional<double>(); };
        auto d = x->dim() - 2;
        if (mode == 0 && d == 1) return at::upsample_nearest1d(x, size, scale(0));
        if (mode == 0 && d == 2) return at::upsample_nearest2d(x, size, scale(0), scale(1));
        if (mode == 0 && d == 3) return at::upsample_nearest3d(x, size, scale(0), scale(1), scale(2));
        if (mode == 1 && d == 1) return at::upsample_linear1d(x, size, align, scale(0));
        if (mode == 2 && d == 2) return at::upsample_bilinear2d(x, size, align, scale(0), scale(1));
        if (mode == 3 && d == 2) return at::upsample_bicubic2d(x, size, align, scale(0), scale(1));
        if (mode == 4 && d == 3) return at::upsample_trilinear3d(x, size, align, scale(0), scale(1), scale(2));
        TORCH_CHECK(false, "interpolate: this mode does not go with an input of ", x->dim(), " dimensions");
    });
}

EXPORT Handle ts_mse_loss(In x, In y, int64_t reduction) { return made([&] { return at::mse_loss(x, y, reduction); }); }
EXPORT Handle ts_l1_loss(In x, In y, int64_t reduction) { return made([&] { return at::l1_loss(x, y, reduction); }); }
EXPORT Handle ts_smooth_l1_loss(In x, In y, int64_t reduction, double beta) {
    return made([&] { return at::smooth_l1_loss(x, y, reduction, beta); });
}
EXPORT Handle ts_huber_loss(In x, In y, int64_t reduction, double delta) {
    return made([&] { return at::huber_loss(x, y, reduction, delta); });
}
EXPORT Handle ts_soft_margin_loss(In x, In y, int64_t reduction) { return made([&] { return at::soft_margin_loss(x, y, reduction); }); }
EXPORT Handle ts_binary_cross_entropy(In x, In y, In weight, int64_t reduction) {
    return made([&] { return at::binary_cross_entropy(x, y, maybe(weight), reduction); });
}
EXPORT Handle ts_binary_cross_entropy_with_logits(In x, In y, In weight, In pos_weight, int64_t reduction) {
    return made([&] { return at::binary_cross_entropy_with_logits(x, y, maybe(weight), maybe(pos_weight), reduction); });
}
EXPORT Handle ts_cross_entropy(In x, In y, In weight, int64_t reduction, int64_t ignore, double smoothing) {
    return made([&] { return at::cross_entropy_loss(x, y, maybe(weight), reduction, ignore, smoothing); });
}
EXPORT Handle ts_nll_loss(In x, In y, In weight, int64_t reduction, int64_t ignore) {
    return made([&] { return at::nll_loss_nd(x, y, maybe(weight), reduction, ignore); });
}
EXPORT Handle ts_kl_div(In x, In y, int64_t reduction, bool log_target) {
    return made([&] { return at::kl_div(x, y, reduction, log_target); });
}
EXPORT Handle ts_poisson_nll_loss(In x, In y, bool log, bool full, double eps, int64_t reduction) {
    return made([&] { return at::poisson_nll_loss(x, y, log, full, eps, reduction); });
}
EXPORT Handle ts_margin_ranking_loss(In x, In y, In target, double margin, int64_t reduction) {
    return made([&] { return at::margin_ranking_loss(x, y, target, margin, reduction); });
}
EXPORT Handle ts_hinge_embedding_loss(In x, In target, double margin, int64_t reduction) {
    return made([&] { return at::hinge_embedding_loss(x, target, margin, reduction); });
}
EXPORT Handle ts_cosine_embedding_loss(In x, In y, In target, double margin, int64_t reduction) {
    return made([&] { return at::cosine_embedding_loss(x, y, target, margin, reduction); });
}
EXPORT Handle ts_triplet_margin_loss(In a, In p, In n, double margin, double norm, double eps, bool swap, int64_t reduction) {
    return made([&] { return at::triplet_margin_loss(a, p, n, margin, norm, eps, swap, reduction); });
}
EXPORT Handle ts_cosine_similarity(In x, In y, int64_t dim, double eps) {
    return made([&] { return at::cosine_similarity(x, y, dim, eps); });
}
EXPORT Handle ts_pairwise_distance(In x, In y, double p, double eps, bool keep) {
    return made([&] { return at::pairwise_distance(x, y, p, eps, keep); });
}

EXPORT bool ts_gru(In x, In h, Ins weights, bool bias, int64_t layers, double dropout, bool train, bool bidirectional, bool batch_first, Handle* out) {
    return several(out, [&] { return at::gru(x, h, at::TensorList(weights), bias, layers, dropout, train, bidirectional, batch_first); });
}
EXPORT bool ts_rnn(In x, In h, bool relu, Ins weights, bool bias, int64_t layers, double dropout, bool train, bool bidirectional, bool batch_first, Handle* out) {
    return several(out, [&] {
        return relu ? at::rnn_relu(x, h, at::TensorList(weights), bias, layers, dropout, train, bidirectional, batch_first)
                    : at::rnn_tanh(x, h, at::TensorList(weights), bias, layers, dropout, train, bidirectional, batch_first);
    });
}
EXPORT bool ts_lstm(In x, In h, In c, Ins weights, bool bias, int64_t layers, double dropout, bool train, bool bidirectional, bool batch_first, Handle* out) {
    return several(out, [&] {
        const at::Tensor state[] = {h.get(), c.get()};
        return at::lstm(x, at::TensorList(state), at::TensorList(weights), bias, layers, dropout, train, bidirectional, batch_first);
    });
}
EXPORT Handle ts_gru_cell(In x, In h, In w_ih, In w_hh, In b_ih, In b_hh) {
    return made([&] { return at::gru_cell(x, h, w_ih, w_hh, maybe(b_ih), maybe(b_hh)); });
}
EXPORT Handle ts_rnn_cell(In x, In h, bool relu, In w_ih, In w_hh, In b_ih, In b_hh) {
    return made([&] {
        return relu ? at::rnn_relu_cell(x, h, w_ih, w_hh, maybe(b_ih), maybe(b_hh)) : at::rnn_tanh_cell(x, h, w_ih, w_hh, maybe(b_ih), maybe(b_hh));
    });
}
EXPORT bool ts_lstm_cell(In x, In h, In c, In w_ih, In w_hh, In b_ih, In b_hh, Handle* out) {
    return several(out, [&] {
        const at::Tensor state[] = {h.get(), c.get()};
        return at::lstm_cell(x, at::TensorList(state), w_ih, w_hh, maybe(b_ih), maybe(b_hh));
    });
}
