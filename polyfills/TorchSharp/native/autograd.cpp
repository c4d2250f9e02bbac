// Gradients, and the modes that switch their recording off.
#include "abi.h"
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>

EXPORT bool ts_requires_grad(In a) { return look(false, [&] { return a->requires_grad(); }); }
EXPORT bool ts_set_requires_grad(In a, bool value) { return done([&] { a->set_requires_grad(value); }); }
EXPORT bool ts_is_leaf(In a) { return look(false, [&] { return a->is_leaf(); }); }
EXPORT bool ts_retain_grad(In a) { return done([&] { a->retain_grad(); }); }
EXPORT Handle ts_detach(In a) { return made([&] { return a->detach(); }); }
EXPORT bool ts_detach_(In a) { return done([&] { a->detach_(); }); }
EXPORT bool ts_grad(In a, Handle* out) {
    return done([&] { *out = released(a->grad()); });
}
EXPORT bool ts_set_grad(In a, In grad) {
    return done([&] {
        // what Python's setter checks: the accumulation in place relies on it
        if (grad.p) {
            TORCH_CHECK(grad.p != a.p, "can't assign a tensor as its own grad");
            TORCH_CHECK(grad->scalar_type() == a->scalar_type(), "grad has data type ", grad->scalar_type(), ", the tensor has ", a->scalar_type());
            TORCH_CHECK(grad->device() == a->device(), "grad is on ", grad->device(), ", the tensor on ", a->device());
            TORCH_CHECK(grad->sizes() == a->sizes(), "grad has shape ", grad->sizes(), ", the tensor has ", a->sizes());
        }
        a->mutable_grad() = grad.get();
    });
}
EXPORT bool ts_backward(Ins tensors, Ins grads, bool retain, bool create, Ins inputs) {
    return done([&] { torch::autograd::backward(at::TensorList(tensors).vec(), at::TensorList(grads).vec(), retain, create, at::TensorList(inputs).vec()); });
}
EXPORT Many ts_autograd_grad(Ins outputs, Ins inputs, Ins grads, bool retain, bool create, bool unused) {
    return many([&] {
        return torch::autograd::grad(at::TensorList(outputs).vec(), at::TensorList(inputs).vec(), at::TensorList(grads).vec(), retain, create, unused);
    });
}

EXPORT bool ts_grad_enabled() { return c10::GradMode::is_enabled(); }
EXPORT void ts_set_grad_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }
EXPORT bool ts_inference_enabled() { return c10::InferenceMode::is_enabled(); }
EXPORT c10::InferenceMode* ts_inference_mode(bool enabled) {
    return look<c10::InferenceMode*>(nullptr, [&] { return new c10::InferenceMode(enabled); });
}
EXPORT void ts_inference_mode_end(c10::InferenceMode* mode) { delete mode; }
EXPORT bool ts_anomaly_enabled() { return torch::autograd::AnomalyMode::is_enabled(); }
EXPORT bool ts_anomaly_check_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
EXPORT void ts_set_anomaly(bool enabled, bool check_nan) { torch::autograd::AnomalyMode::set_enabled(enabled, check_nan); }
