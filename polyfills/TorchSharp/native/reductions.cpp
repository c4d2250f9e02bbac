// Many values to fewer: sums, extremes, orders, counts. Dimensions that are null mean all of them.
#include "abi.h"

EXPORT Handle ts_sum(In a, Ints dims, bool keep, int32_t type) {
    return made([&] { return at::sum(a, dims.optional(), keep, maybe_type(type)); });
}
EXPORT Handle ts_nansum(In a) { return made([&] { return at::nansum(a); }); }
EXPORT Handle ts_mean(In a, Ints dims, bool keep, int32_t type) {
    return made([&] { return dims.n < 0 ? at::mean(a, maybe_type(type)) : at::mean(a, dims.optional(), keep, maybe_type(type)); });
}
EXPORT Handle ts_nanmean(In a, Ints dims, bool keep, int32_t type) {
    return made([&] { return at::nanmean(a, dims.optional(), keep, maybe_type(type)); });
}
EXPORT Handle ts_var(In a, Ints dims, bool unbiased, bool keep) {
    return made([&] { return dims.n < 0 ? at::var(a, unbiased) : at::var(a, dims.optional(), unbiased, keep); });
}
EXPORT Handle ts_std(In a, Ints dims, bool unbiased, bool keep) {
    return made([&] { return dims.n < 0 ? at::std(a, unbiased) : at::std(a, dims.optional(), unbiased, keep); });
}
EXPORT bool ts_var_mean(In a, Ints dims, bool unbiased, bool keep, Handle* out) {
    return several(out, [&] { return dims.n < 0 ? at::var_mean(a, unbiased) : at::var_mean(a, dims.optional(), unbiased, keep); });
}
EXPORT bool ts_std_mean(In a, Ints dims, bool unbiased, bool keep, Handle* out) {
    return several(out, [&] { return dims.n < 0 ? at::std_mean(a, unbiased) : at::std_mean(a, dims.optional(), unbiased, keep); });
}
EXPORT Handle ts_prod(In a, int32_t type) { return made([&] { return at::prod(a, maybe_type(type)); }); }
EXPORT Handle ts_prod_dim(In a, int64_t dim, bool keep, int32_t type) {
    return made([&] { return at::prod(a, dim, keep, maybe_type(type)); });
}
EXPORT Handle ts_max(In a) { return made([&] { return at::max(a); }); }
EXPORT Handle ts_min(In a) { return made([&] { return at::min(a); }); }
EXPORT bool ts_max_dim(In a, int64_t dim, bool keep, Handle* out) { return several(out, [&] { return at::max(a, dim, keep); }); }
EXPORT bool ts_min_dim(In a, int64_t dim, bool keep, Handle* out) { return several(out, [&] { return at::min(a, dim, keep); }); }
EXPORT bool ts_aminmax(In a, MaybeInt dim, bool keep, Handle* out) { return several(out, [&] { return at::aminmax(a, dim, keep); }); }
EXPORT Handle ts_amax(In a, Ints dims, bool keep) { return made([&] { return at::amax(a, dims, keep); }); }
EXPORT Handle ts_amin(In a, Ints dims, bool keep) { return made([&] { return at::amin(a, dims, keep); }); }
EXPORT Handle ts_argmax(In a, MaybeInt dim, bool keep) { return made([&] { return at::argmax(a, dim, keep); }); }
EXPORT Handle ts_argmin(In a, MaybeInt dim, bool keep) { return made([&] { return at::argmin(a, dim, keep); }); }
EXPORT Handle ts_all(In a) { return made([&] { return at::all(a); }); }
EXPORT Handle ts_any(In a) { return made([&] { return at::any(a); }); }
EXPORT Handle ts_all_dim(In a, int64_t dim, bool keep) { return made([&] { return at::all(a, dim, keep); }); }
EXPORT Handle ts_any_dim(In a, int64_t dim, bool keep) { return made([&] { return at::any(a, dim, keep); }); }
EXPORT Handle ts_logsumexp(In a, int64_t dim, bool keep) { return made([&] { return at::logsumexp(a, at::IntArrayRef(dim), keep); }); }
EXPORT Handle ts_norm(In a, double p) { return made([&] { return at::norm(a, p); }); }
EXPORT Handle ts_norm_dim(In a, double p, int64_t dim, bool keep) {
    return made([&] { return at::norm(a, at::Scalar(p), at::IntArrayRef(dim), keep); });
}
EXPORT Handle ts_cumsum(In a, int64_t dim, int32_t type) { return made([&] { return at::cumsum(a, dim, maybe_type(type)); }); }
EXPORT Handle ts_cumprod(In a, int64_t dim, int32_t type) { return made([&] { return at::cumprod(a, dim, maybe_type(type)); }); }
EXPORT Handle ts_logcumsumexp(In a, int64_t dim) { return made([&] { return at::logcumsumexp(a, dim); }); }
EXPORT bool ts_cummax(In a, int64_t dim, Handle* out) { return several(out, [&] { return at::cummax(a, dim); }); }
EXPORT bool ts_cummin(In a, int64_t dim, Handle* out) { return several(out, [&] { return at::cummin(a, dim); }); }
EXPORT bool ts_sort(In a, int64_t dim, bool descending, bool stable, Handle* out) {
    return several(out, [&] { return at::sort(a, Optional<bool>(stable), dim, descending); });
}
EXPORT Handle ts_argsort(In a, int64_t dim, bool descending) { return made([&] { return at::argsort(a, dim, descending); }); }
EXPORT Handle ts_msort(In a) { return made([&] { return at::msort(a); }); }
EXPORT bool ts_topk(In a, int64_t k, int64_t dim, bool largest, bool sorted, Handle* out) {
    return several(out, [&] { return at::topk(a, k, dim, largest, sorted); });
}
EXPORT bool ts_kthvalue(In a, int64_t k, int64_t dim, bool keep, Handle* out) {
    return several(out, [&] { return at::kthvalue(a, k, dim, keep); });
}
EXPORT bool ts_mode(In a, int64_t dim, bool keep, Handle* out) { return several(out, [&] { return at::mode(a, dim, keep); }); }
EXPORT Handle ts_median(In a) { return made([&] { return at::median(a); }); }
EXPORT Handle ts_nanmedian(In a) { return made([&] { return at::nanmedian(a); }); }
EXPORT Handle ts_quantile(In a, In q, int64_t dim, bool keep) { return made([&] { return at::quantile(a, q.get(), dim, keep); }); }
EXPORT Handle ts_nanquantile(In a, In q, int64_t dim, bool keep) { return made([&] { return at::nanquantile(a, q.get(), dim, keep); }); }
EXPORT bool ts_unique(In a, bool sorted, bool inverse, bool counts, MaybeInt dim, Handle* out) {
    return several(out, [&] { return dim.present ? at::unique_dim(a, dim.value, sorted, inverse, counts) : at::_unique2(a, sorted, inverse, counts); });
}
EXPORT bool ts_unique_consecutive(In a, bool inverse, bool counts, MaybeInt dim, Handle* out) {
    return several(out, [&] { return at::unique_consecutive(a, inverse, counts, dim); });
}
EXPORT Handle ts_bincount(In a, In weights, int64_t minlength) { return made([&] { return at::bincount(a, maybe(weights), minlength); }); }
EXPORT Handle ts_histc(In a, int64_t bins, double min, double max) { return made([&] { return at::histc(a, bins, min, max); }); }
EXPORT Handle ts_searchsorted(In sorted, In values, bool int32, bool right, In sorter) {
    return made([&] { return at::searchsorted(sorted, values.get(), int32, right, {}, maybe(sorter)); });
}
EXPORT Handle ts_bucketize(In a, In boundaries, bool int32, bool right) {
    return made([&] { return at::bucketize(a.get(), boundaries, int32, right); });
}
EXPORT Handle ts_count_nonzero(In a, Ints dims) {
    return made([&] { return dims.n < 0 ? at::count_nonzero(a, Optional<int64_t>()) : at::count_nonzero(a, at::IntArrayRef(dims)); });
}
EXPORT Handle ts_nonzero(In a) { return made([&] { return at::nonzero(a); }); }
EXPORT Handle ts_argwhere(In a) { return made([&] { return at::argwhere(a); }); }
EXPORT Handle ts_diff(In a, int64_t n, int64_t dim, In prepend, In append) {
    return made([&] { return at::diff(a, n, dim, maybe(prepend), maybe(append)); });
}
EXPORT Handle ts_cov(In a, int64_t correction, In fweights, In aweights) {
    return made([&] { return at::cov(a, correction, maybe(fweights), maybe(aweights)); });
}
EXPORT Handle ts_corrcoef(In a) { return made([&] { return at::corrcoef(a); }); }
EXPORT Handle ts_dist(In a, In b, double p) { return made([&] { return at::dist(a, b, p); }); }
EXPORT Handle ts_trapezoid(In y, In x, int64_t dim) { return made([&] { return at::trapezoid(y, x.get(), dim); }); }
EXPORT Handle ts_trapezoid_dx(In y, double dx, int64_t dim) { return made([&] { return at::trapezoid(y, at::Scalar(dx), dim); }); }
