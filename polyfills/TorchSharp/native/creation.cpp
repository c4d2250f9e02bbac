// New tensors, and random numbers: every function that draws takes the generator to draw from (null is the global one).
#include "abi.h"
#include <cstring>

EXPORT Handle ts_from_data(const void* data, int32_t type, Ints size, Kind k) {
    return made([&] {
        auto t = at::empty(size, static_cast<at::ScalarType>(type));
        if (t.numel() > 0) std::memcpy(t.data_ptr(), data, t.nbytes());
        return t.to(k.options());
    });
}
EXPORT Handle ts_from_blob(void* data, int32_t type, Ints size, void (*release)(void*), void* owner) {
    return made([&] {
        return at::from_blob(data, size, [=](void*) { release(owner); }, at::TensorOptions().dtype(static_cast<at::ScalarType>(type)));
    });
}
EXPORT Handle ts_scalar(Num value, Kind k) { return made([&] { return at::scalar_tensor(value, k.options()); }); }
EXPORT Handle ts_zeros(Ints size, Kind k) { return made([&] { return at::zeros(size, k.options()); }); }
EXPORT Handle ts_ones(Ints size, Kind k) { return made([&] { return at::ones(size, k.options()); }); }
EXPORT Handle ts_empty(Ints size, Kind k) { return made([&] { return at::empty(size, k.options()); }); }
EXPORT Handle ts_empty_strided(Ints size, Ints strides, Kind k) {
    return made([&] { return at::empty_strided(size, strides, k.options()); });
}
EXPORT Handle ts_full(Ints size, Num value, Kind k) { return made([&] { return at::full(size, value, k.options()); }); }
EXPORT Handle ts_arange(Num start, Num stop, Num step, Kind k) { return made([&] { return at::arange(start, stop, step, k.options()); }); }
EXPORT Handle ts_linspace(double start, double end, int64_t steps, Kind k) {
    return made([&] { return at::linspace(start, end, steps, k.options()); });
}
EXPORT Handle ts_logspace(double start, double end, int64_t steps, double base, Kind k) {
    return made([&] { return at::logspace(start, end, steps, base, k.options()); });
}
EXPORT Handle ts_eye(int64_t rows, int64_t columns, Kind k) { return made([&] { return at::eye(rows, columns, k.options()); }); }
EXPORT Handle ts_tril_indices(int64_t row, int64_t col, int64_t offset, Kind k) {
    return made([&] { return at::tril_indices(row, col, offset, k.options()); });
}
EXPORT Handle ts_triu_indices(int64_t row, int64_t col, int64_t offset, Kind k) {
    return made([&] { return at::triu_indices(row, col, offset, k.options()); });
}

EXPORT Handle ts_rand(Ints size, Gen g, Kind k) { return made([&] { return at::rand(size, g, k.options()); }); }
EXPORT Handle ts_randn(Ints size, Gen g, Kind k) { return made([&] { return at::randn(size, g, k.options()); }); }
EXPORT Handle ts_randint(int64_t low, int64_t high, Ints size, Gen g, Kind k) {
    return made([&] { return at::randint(low, high, size, g, k.options()); });
}
EXPORT Handle ts_randperm(int64_t n, Gen g, Kind k) { return made([&] { return at::randperm(n, g, k.options()); }); }
EXPORT Handle ts_normal(In mean, In std, Gen g) { return made([&] { return at::normal(mean.get(), std.get(), g); }); }
EXPORT Handle ts_bernoulli(In p, Gen g) { return made([&] { return at::bernoulli(p, g); }); }
EXPORT Handle ts_multinomial(In p, int64_t n, bool replacement, Gen g) {
    return made([&] { return at::multinomial(p, n, replacement, g); });
}
EXPORT Handle ts_poisson(In rate, Gen g) { return made([&] { return at::poisson(rate, g); }); }
EXPORT Handle ts_binomial(In count, In p, Gen g) { return made([&] { return at::binomial(count, p, g); }); }
EXPORT Handle ts_standard_gamma(In shape, Gen g) { return made([&] { return at::_standard_gamma(shape, g); }); }
EXPORT Handle ts_sample_dirichlet(In a, Gen g) { return made([&] { return at::_sample_dirichlet(a, g); }); }

EXPORT bool ts_uniform_(In a, double from, double to, Gen g) { return done([&] { a->uniform_(from, to, g); }); }
EXPORT bool ts_normal_(In a, double mean, double std, Gen g) { return done([&] { a->normal_(mean, std, g); }); }
EXPORT bool ts_bernoulli_(In a, double p, Gen g) { return done([&] { a->bernoulli_(p, g); }); }
EXPORT bool ts_bernoulli_tensor_(In a, In p, Gen g) { return done([&] { a->bernoulli_(p.get(), g); }); }
EXPORT bool ts_exponential_(In a, double lambda, Gen g) { return done([&] { a->exponential_(lambda, g); }); }
EXPORT bool ts_geometric_(In a, double p, Gen g) { return done([&] { a->geometric_(p, g); }); }
EXPORT bool ts_cauchy_(In a, double median, double sigma, Gen g) { return done([&] { a->cauchy_(median, sigma, g); }); }
EXPORT bool ts_log_normal_(In a, double mean, double std, Gen g) { return done([&] { a->log_normal_(mean, std, g); }); }
EXPORT bool ts_random_(In a, int64_t from, int64_t to, Gen g) { return done([&] { a->random_(from, to, g); }); }

// A generator of our own starts as a copy of the device's default one, which is the only way that works for every device.
EXPORT c10::GeneratorImpl* ts_generator(uint64_t seed, int32_t device, int32_t index) {
    return look<c10::GeneratorImpl*>(nullptr, [&] {
        at::Device d(static_cast<at::DeviceType>(device), static_cast<at::DeviceIndex>(index));
        at::Generator g = at::globalContext().defaultGenerator(d).clone();
        g.set_current_seed(seed);
        return g.unsafeReleaseGeneratorImpl();
    });
}
EXPORT c10::GeneratorImpl* ts_generator_default() {
    return look<c10::GeneratorImpl*>(nullptr, [] { return at::Generator(at::globalContext().defaultGenerator(at::kCPU)).unsafeReleaseGeneratorImpl(); });
}
static at::Generator generator(Gen g) { return *static_cast<Optional<at::Generator>>(g); }
EXPORT void ts_generator_dispose(c10::GeneratorImpl* g) { c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(g); }
EXPORT bool ts_generator_set_seed(Gen g, uint64_t seed) {
    return done([&] { auto it = generator(g); std::lock_guard<std::mutex> lock(it.mutex()); it.set_current_seed(seed); });
}
EXPORT uint64_t ts_generator_seed(Gen g) {
    return look<uint64_t>(0, [&] { auto it = generator(g); std::lock_guard<std::mutex> lock(it.mutex()); return it.seed(); });
}
EXPORT uint64_t ts_generator_initial_seed(Gen g) { return look<uint64_t>(0, [&] { return generator(g).current_seed(); }); }
EXPORT Handle ts_generator_get_state(Gen g) { return made([&] { return generator(g).get_state(); }); }
EXPORT bool ts_generator_set_state(Gen g, In state) { return done([&] { generator(g).set_state(state); }); }
