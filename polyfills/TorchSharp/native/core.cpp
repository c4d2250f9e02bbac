// Tensors as handles: lifetime, what they are, where they are, their memory; errors; threads; devices.
#include "abi.h"
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <string>

namespace mg {

at::Tensor undefined;
static thread_local std::string message;
static thread_local std::vector<Handle> results;

void fail() noexcept {
    try {
        try { throw; }
        catch (const c10::Error& e) { message = e.what_without_backtrace(); }
        catch (const std::bad_alloc&) { message = "out of memory"; }
        catch (const std::exception& e) { message = e.what(); }
        catch (...) { message = "unknown error in libtorch"; }
    } catch (...) {}                       // no memory for the message itself: the old one stays
}

Many keep(std::vector<at::Tensor>&& tensors) {
    results.clear();
    results.reserve(tensors.size());
    for (auto& t : tensors) results.push_back(released(std::move(t)));
    return {results.data(), static_cast<int64_t>(results.size())};
}

}  // namespace mg

EXPORT const char* ts_error() { return message.c_str(); }
EXPORT const char* ts_version() { return TORCH_VERSION; }

EXPORT void ts_dispose(Handle t) { c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(t); }
EXPORT Handle ts_alias(In a) { return made([&] { return a->alias(); }); }

EXPORT int64_t ts_dim(In a) { return look<int64_t>(-1, [&] { return a->dim(); }); }
EXPORT int64_t ts_numel(In a) { return look<int64_t>(-1, [&] { return a->numel(); }); }
EXPORT int32_t ts_dtype(In a) { return static_cast<int32_t>(a->scalar_type()); }
EXPORT int64_t ts_element_size(In a) { return look<int64_t>(-1, [&] { return a->element_size(); }); }
EXPORT bool ts_sizes(In a, int64_t* out) { return done([&] { for (auto s : a->sizes()) *out++ = s; }); }
EXPORT bool ts_strides(In a, int64_t* out) { return done([&] { for (auto s : a->strides()) *out++ = s; }); }
EXPORT int64_t ts_storage_offset(In a) { return look<int64_t>(-1, [&] { return a->storage_offset(); }); }
EXPORT int32_t ts_device_type(In a) { return look<int32_t>(-1, [&] { return a->device().type(); }); }
EXPORT int32_t ts_device_index(In a) { return look<int32_t>(-1, [&] { return a->device().index(); }); }
EXPORT bool ts_is_contiguous(In a) { return look(false, [&] { return a->is_contiguous(); }); }
EXPORT bool ts_is_sparse(In a) { return look(false, [&] { return a->is_sparse(); }); }

EXPORT void* ts_data(In a) {
    return look<void*>(nullptr, [&] { return a->data_ptr(); });
}

EXPORT bool ts_item(In a, double* floating, int64_t* integer, int32_t* kind) {
    return done([&] {
        at::Scalar s = a->item();
        *kind = s.isFloatingPoint() ? 1 : s.isBoolean() ? 2 : 0;
        if (*kind == 1) *floating = s.toDouble(); else *integer = *kind == 2 ? s.toBool() : s.toLong();
    });
}

EXPORT Handle ts_to(In a, Kind k, bool non_blocking, bool copy) { return made([&] { return a->to(k.options(), non_blocking, copy); }); }
EXPORT Handle ts_contiguous(In a) { return made([&] { return a->contiguous(); }); }
EXPORT Handle ts_clone(In a) { return made([&] { return a->clone(); }); }
EXPORT Handle ts_pin_memory(In a) { return made([&] { return a->pin_memory(); }); }
EXPORT bool ts_is_pinned(In a) { return look(false, [&] { return a->is_pinned(); }); }
EXPORT bool ts_copy_(In a, In source, bool non_blocking) { return done([&] { a->copy_(source, non_blocking); }); }
EXPORT bool ts_set_(In a, In source) { return done([&] { a->set_(source); }); }
EXPORT bool ts_equal(In a, In b, bool* result) { return done([&] { *result = at::equal(a, b); }); }
EXPORT bool ts_allclose(In a, In b, double rtol, double atol, bool equal_nan, bool* result) {
    return done([&] { *result = at::allclose(a, b, rtol, atol, equal_nan); });
}
EXPORT int32_t ts_promote_types(int32_t a, int32_t b) {
    return look<int32_t>(-1, [&] { return c10::promoteTypes(static_cast<at::ScalarType>(a), static_cast<at::ScalarType>(b)); });
}
EXPORT int32_t ts_result_type(In a, In b) { return look<int32_t>(-1, [&] { return at::result_type(a, b); }); }

EXPORT int32_t ts_get_num_threads() { return at::get_num_threads(); }
EXPORT bool ts_set_num_threads(int32_t n) { return done([&] { at::set_num_threads(n); }); }
EXPORT int32_t ts_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
EXPORT bool ts_set_num_interop_threads(int32_t n) { return done([&] { at::set_num_interop_threads(n); }); }

EXPORT bool ts_cuda_is_available() { return look(false, [] { return torch::cuda::is_available(); }); }
EXPORT bool ts_cuda_cudnn_is_available() { return look(false, [] { return torch::cuda::cudnn_is_available(); }); }
EXPORT int32_t ts_cuda_device_count() { return look<int32_t>(0, [] { return torch::cuda::device_count(); }); }
EXPORT bool ts_cuda_synchronize(int64_t index) { return done([&] { torch::cuda::synchronize(index); }); }
EXPORT bool ts_cuda_manual_seed(int64_t seed) { return done([&] { torch::cuda::manual_seed_all(static_cast<uint64_t>(seed)); }); }
EXPORT bool ts_cuda_allow_tf32(int32_t set) {
    return look(false, [&] {
        if (set >= 0) at::globalContext().setAllowTF32CuBLAS(set != 0);
        return at::globalContext().allowTF32CuBLAS();
    });
}
EXPORT bool ts_cudnn_allow_tf32(int32_t set) {
    return look(false, [&] {
        if (set >= 0) at::globalContext().setAllowTF32CuDNN(set != 0);
        return at::globalContext().allowTF32CuDNN();
    });
}
