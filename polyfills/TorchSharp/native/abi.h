// What crosses the border between C# and libtorch. Everything is plain data that fits into registers, so that a call needs
// no marshalling; a tensor is the TensorImpl itself, whose reference count the managed object owns.
// Another function takes three lines: here (in the file of its theme), its declaration in Core/Native.*.cs, and the method.
#ifndef MG_ABI_H
#define MG_ABI_H
#include <ATen/ATen.h>
#include <utility>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace mg {

using Handle = c10::TensorImpl*;

// at::Tensor is nothing but a counted pointer to TensorImpl, so a borrowed pointer can be read as one without counting.
static_assert(sizeof(at::Tensor) == sizeof(Handle));
extern at::Tensor undefined;

struct In {
    Handle p;
    at::Tensor& get() const { return p ? *reinterpret_cast<at::Tensor*>(const_cast<Handle*>(&p)) : undefined; }
    operator at::Tensor&() const { return get(); }
    at::Tensor* operator->() const { return &get(); }
};

// c10::optional in libtorch 1.x, std::optional in later ones: taken from a function of theirs that returns one
template <class> struct Family;
template <template <class> class O, class T> struct Family<O<T>> { template <class U> using Of = O<U>; };
template <class T> using Optional = Family<decltype(std::declval<at::TensorOptions>().device_opt())>::Of<T>;

inline Optional<at::Tensor> maybe(In t) { return t.p ? Optional<at::Tensor>(t.get()) : Optional<at::Tensor>(); }

struct Num {                               // a Scalar; kind < 0 is null
    int64_t bits;
    int32_t kind;                          // 0 integer, 1 floating point, 2 boolean
    operator at::Scalar() const {
        if (kind == 0) return at::Scalar(bits);
        if (kind == 2) return at::Scalar(bits != 0);
        double value;
        __builtin_memcpy(&value, &bits, sizeof value);
        return at::Scalar(value);
    }
};
inline Optional<at::Scalar> maybe(Num n) { return n.kind < 0 ? Optional<at::Scalar>() : Optional<at::Scalar>(n); }

struct Ints {                              // n < 0 is null
    const int64_t* p;
    int64_t n;
    operator at::IntArrayRef() const { return at::IntArrayRef(p, n < 0 ? 0 : n); }
    at::OptionalIntArrayRef optional() const { return n < 0 ? at::OptionalIntArrayRef() : at::OptionalIntArrayRef(at::IntArrayRef(p, n)); }
};

struct Ins {
    const Handle* p;
    int64_t n;
    operator at::TensorList() const { return at::TensorList(reinterpret_cast<const at::Tensor*>(p), n); }
};

struct MaybeInt {
    int64_t value;
    int64_t present;
    operator Optional<int64_t>() const { return present ? Optional<int64_t>(value) : Optional<int64_t>(); }
};

struct Kind {                              // dtype and device of a new tensor
    int32_t dtype, device, index;
    at::TensorOptions options() const {
        return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))
            .device(at::Device(static_cast<at::DeviceType>(device), static_cast<at::DeviceIndex>(index)));
    }
};
inline Optional<at::ScalarType> maybe_type(int32_t t) {
    return t < 0 ? Optional<at::ScalarType>() : Optional<at::ScalarType>(static_cast<at::ScalarType>(t));
}

struct Gen {
    c10::GeneratorImpl* p;
    operator Optional<at::Generator>() const {
        return p ? Optional<at::Generator>(at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(p))) : Optional<at::Generator>();
    }
};

struct Many {                              // valid until the next call on this thread; n < 0 is an error
    const Handle* p;
    int64_t n;
};

void fail() noexcept;                      // inside catch: keeps the message of the exception for this thread
Many keep(std::vector<at::Tensor>&& tensors);

template <class F> Handle made(F&& f) noexcept {
    try {
        at::Tensor t = f();
        TORCH_CHECK(t.defined(), "there is no result");
        return t.unsafeReleaseTensorImpl();
    } catch (...) { fail(); return nullptr; }
}

template <class F> bool done(F&& f) noexcept {
    try { f(); return true; } catch (...) { fail(); return false; }
}

// for what hardly ever fails
template <class T, class F> T look(T otherwise, F&& f) noexcept {
    try { return static_cast<T>(f()); } catch (...) { fail(); return otherwise; }
}

// nothing, where libtorch gives an undefined tensor
inline Handle released(at::Tensor t) { return t.defined() ? t.unsafeReleaseTensorImpl() : nullptr; }

template <class F> Many many(F&& f) noexcept {
    try { return keep(f()); } catch (...) { fail(); return {nullptr, -1}; }
}

// several results at once, into out[0], out[1], …
template <class F> bool several(Handle* out, F&& f) noexcept {
    try {
        std::apply([&](auto&&... t) { int i = 0; ((out[i++] = released(t)), ...); }, f());
        return true;
    } catch (...) { fail(); return false; }
}

}  // namespace mg

using namespace mg;

#endif
