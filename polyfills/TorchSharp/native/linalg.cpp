// Products and decompositions.
#include "abi.h"

EXPORT Handle ts_mm(In a, In b) { return made([&] { return at::mm(a, b); }); }
EXPORT Handle ts_matmul(In a, In b) { return made([&] { return at::matmul(a, b); }); }
EXPORT Handle ts_bmm(In a, In b) { return made([&] { return at::bmm(a, b); }); }
EXPORT Handle ts_mv(In a, In b) { return made([&] { return at::mv(a, b); }); }
EXPORT Handle ts_dot(In a, In b) { return made([&] { return at::dot(a, b); }); }
EXPORT Handle ts_vdot(In a, In b) { return made([&] { return at::vdot(a, b); }); }
EXPORT Handle ts_inner(In a, In b) { return made([&] { return at::inner(a, b); }); }
EXPORT Handle ts_outer(In a, In b) { return made([&] { return at::outer(a, b); }); }
EXPORT Handle ts_kron(In a, In b) { return made([&] { return at::kron(a, b); }); }
EXPORT Handle ts_addmm(In a, In b, In c, float beta, float alpha) { return made([&] { return at::addmm(a, b, c, beta, alpha); }); }
EXPORT bool ts_addmm_(In a, In b, In c, float beta, float alpha) { return done([&] { a->addmm_(b, c, beta, alpha); }); }
EXPORT Handle ts_addmv(In a, In b, In c, float beta, float alpha) { return made([&] { return at::addmv(a, b, c, beta, alpha); }); }
EXPORT bool ts_addmv_(In a, In b, In c, float beta, float alpha) { return done([&] { a->addmv_(b, c, beta, alpha); }); }
EXPORT Handle ts_addr(In a, In b, In c, float beta, float alpha) { return made([&] { return at::addr(a, b, c, beta, alpha); }); }
EXPORT bool ts_addr_(In a, In b, In c, float beta, float alpha) { return done([&] { a->addr_(b, c, beta, alpha); }); }
EXPORT Handle ts_baddbmm(In a, In b, In c, float beta, float alpha) { return made([&] { return at::baddbmm(a, b, c, beta, alpha); }); }
EXPORT Handle ts_addbmm(In a, In b, In c, float beta, float alpha) { return made([&] { return at::addbmm(a, b, c, beta, alpha); }); }
EXPORT bool ts_addbmm_(In a, In b, In c, float beta, float alpha) { return done([&] { a->addbmm_(b, c, beta, alpha); }); }
EXPORT Handle ts_einsum(const char* equation, Ins tensors) { return made([&] { return at::einsum(equation, tensors); }); }
EXPORT Handle ts_tensordot(In a, In b, Ints dims1, Ints dims2) { return made([&] { return at::tensordot(a, b, dims1, dims2); }); }
EXPORT Handle ts_cdist(In a, In b, double p, int64_t mode) { return made([&] { return at::cdist(a, b, p, mode); }); }
EXPORT Handle ts_trace(In a) { return made([&] { return at::trace(a); }); }
EXPORT Handle ts_matrix_power(In a, int64_t n) { return made([&] { return at::matrix_power(a, n); }); }
EXPORT Handle ts_matrix_exp(In a) { return made([&] { return at::matrix_exp(a); }); }
EXPORT Handle ts_renorm(In a, float p, int64_t dim, float maxnorm) { return made([&] { return at::renorm(a, p, dim, maxnorm); }); }

EXPORT Handle ts_cholesky(In a) { return made([&] { return at::linalg_cholesky(a); }); }
EXPORT Handle ts_cholesky_upper(In a, bool upper) { return made([&] { return at::linalg_cholesky(a, upper); }); }
EXPORT bool ts_cholesky_ex(In a, bool check, Handle* out) { return several(out, [&] { return at::linalg_cholesky_ex(a, false, check); }); }
EXPORT Handle ts_cholesky_solve(In a, In b, bool upper) { return made([&] { return at::cholesky_solve(a, b, upper); }); }
EXPORT Handle ts_cholesky_inverse(In a, bool upper) { return made([&] { return at::cholesky_inverse(a, upper); }); }
EXPORT Handle ts_det(In a) { return made([&] { return at::linalg_det(a); }); }
EXPORT Handle ts_logdet(In a) { return made([&] { return at::logdet(a); }); }
EXPORT bool ts_slogdet(In a, Handle* out) { return several(out, [&] { return at::linalg_slogdet(a); }); }
EXPORT Handle ts_inv(In a) { return made([&] { return at::linalg_inv(a); }); }
EXPORT bool ts_inv_ex(In a, bool check, Handle* out) { return several(out, [&] { return at::linalg_inv_ex(a, check); }); }
EXPORT Handle ts_pinv(In a, double rcond, bool hermitian) { return made([&] { return at::linalg_pinv(a, rcond, hermitian); }); }
EXPORT Handle ts_solve(In a, In b) { return made([&] { return at::linalg_solve(a, b); }); }
EXPORT Handle ts_solve_triangular(In a, In b, bool upper, bool left, bool unitriangular) {
    return made([&] { return at::linalg_solve_triangular(a, b, upper, left, unitriangular); });
}
EXPORT bool ts_lstsq(In a, In b, Handle* out) { return several(out, [&] { return at::linalg_lstsq(a, b); }); }
EXPORT bool ts_svd(In a, bool full, Handle* out) { return several(out, [&] { return at::linalg_svd(a, full); }); }
EXPORT Handle ts_svdvals(In a) { return made([&] { return at::linalg_svdvals(a); }); }
EXPORT bool ts_eigh(In a, bool upper, Handle* out) { return several(out, [&] { return at::linalg_eigh(a, upper ? "U" : "L"); }); }
EXPORT Handle ts_eigvalsh(In a, bool upper) { return made([&] { return at::linalg_eigvalsh(a, upper ? "U" : "L"); }); }
EXPORT bool ts_qr(In a, int32_t mode, Handle* out) {
    static const char* const modes[] = {"reduced", "complete", "r"};
    return several(out, [&] { return at::linalg_qr(a, modes[mode]); });
}
EXPORT bool ts_lu(In a, bool pivot, Handle* out) { return several(out, [&] { return at::linalg_lu(a, pivot); }); }
EXPORT bool ts_lu_factor(In a, bool pivot, Handle* out) { return several(out, [&] { return at::linalg_lu_factor(a, pivot); }); }
EXPORT Handle ts_multi_dot(Ins tensors) { return made([&] { return at::linalg_multi_dot(tensors); }); }
EXPORT Handle ts_linalg_norm(In a, Num ord, Ints dims, bool keep) {
    return made([&] { return at::linalg_norm(a, maybe(ord), dims.optional(), keep); });
}
EXPORT Handle ts_linalg_norm_named(In a, const char* ord, Ints dims, bool keep) {
    return made([&] { return at::linalg_norm(a, ord, dims.optional(), keep); });
}
EXPORT Handle ts_vector_norm(In a, double ord, Ints dims, bool keep) {
    return made([&] { return at::linalg_vector_norm(a, ord, dims.optional(), keep); });
}
EXPORT Handle ts_matrix_norm(In a, double ord, Ints dims, bool keep) {
    return made([&] { return at::linalg_matrix_norm(a, at::Scalar(ord), at::IntArrayRef(dims), keep); });
}
EXPORT Handle ts_matrix_norm_named(In a, const char* ord, Ints dims, bool keep) {
    return made([&] { return at::linalg_matrix_norm(a, ord, at::IntArrayRef(dims), keep); });
}
EXPORT Handle ts_vecdot(In a, In b, int64_t dim) { return made([&] { return at::linalg_vecdot(a, b, dim); }); }
EXPORT Handle ts_cross(In a, In b, int64_t dim) { return made([&] { return at::linalg_cross(a, b, dim); }); }
