using System.Runtime.InteropServices;

namespace TorchSharp;

internal static unsafe partial class Native
{
    [DllImport(Library)] public static extern nint ts_from_data(void* data, int type, Ints size, Kind k);
    [DllImport(Library)] public static extern nint ts_from_blob(void* data, int type, Ints size, delegate* unmanaged<void*, void> release,
        void* owner);
    [DllImport(Library)] public static extern nint ts_scalar(Num value, Kind k);
    [DllImport(Library)] public static extern nint ts_zeros(Ints size, Kind k);
    [DllImport(Library)] public static extern nint ts_ones(Ints size, Kind k);
    [DllImport(Library)] public static extern nint ts_empty(Ints size, Kind k);
    [DllImport(Library)] public static extern nint ts_empty_strided(Ints size, Ints strides, Kind k);
    [DllImport(Library)] public static extern nint ts_full(Ints size, Num value, Kind k);
    [DllImport(Library)] public static extern nint ts_arange(Num start, Num stop, Num step, Kind k);
    [DllImport(Library)] public static extern nint ts_linspace(double start, double end, long steps, Kind k);
    [DllImport(Library)] public static extern nint ts_logspace(double start, double end, long steps, double @base, Kind k);
    [DllImport(Library)] public static extern nint ts_eye(long rows, long columns, Kind k);
    [DllImport(Library)] public static extern nint ts_tril_indices(long row, long col, long offset, Kind k);
    [DllImport(Library)] public static extern nint ts_triu_indices(long row, long col, long offset, Kind k);
    [DllImport(Library)] public static extern nint ts_rand(Ints size, nint g, Kind k);
    [DllImport(Library)] public static extern nint ts_randn(Ints size, nint g, Kind k);
    [DllImport(Library)] public static extern nint ts_randint(long low, long high, Ints size, nint g, Kind k);
    [DllImport(Library)] public static extern nint ts_randperm(long n, nint g, Kind k);
    [DllImport(Library)] public static extern nint ts_normal(nint mean, nint std, nint g);
    [DllImport(Library)] public static extern nint ts_bernoulli(nint p, nint g);
    [DllImport(Library)] public static extern nint ts_multinomial(nint p, long n, bool replacement, nint g);
    [DllImport(Library)] public static extern nint ts_poisson(nint rate, nint g);
    [DllImport(Library)] public static extern nint ts_binomial(nint count, nint p, nint g);
    [DllImport(Library)] public static extern nint ts_standard_gamma(nint shape, nint g);
    [DllImport(Library)] public static extern nint ts_sample_dirichlet(nint a, nint g);
    [DllImport(Library)] public static extern bool ts_uniform_(nint a, double from, double to, nint g);
    [DllImport(Library)] public static extern bool ts_normal_(nint a, double mean, double std, nint g);
    [DllImport(Library)] public static extern bool ts_bernoulli_(nint a, double p, nint g);
    [DllImport(Library)] public static extern bool ts_bernoulli_tensor_(nint a, nint p, nint g);
    [DllImport(Library)] public static extern bool ts_exponential_(nint a, double lambda, nint g);
    [DllImport(Library)] public static extern bool ts_geometric_(nint a, double p, nint g);
    [DllImport(Library)] public static extern bool ts_cauchy_(nint a, double median, double sigma, nint g);
    [DllImport(Library)] public static extern bool ts_log_normal_(nint a, double mean, double std, nint g);
    [DllImport(Library)] public static extern bool ts_random_(nint a, long from, long to, nint g);
    [DllImport(Library)] public static extern nint ts_generator(ulong seed, int device, int index);
    [DllImport(Library)] public static extern nint ts_generator_default();
    [DllImport(Library)] public static extern void ts_generator_dispose(nint g);
    [DllImport(Library)] public static extern bool ts_generator_set_seed(nint g, ulong seed);
    [DllImport(Library)] public static extern ulong ts_generator_seed(nint g);
    [DllImport(Library)] public static extern ulong ts_generator_initial_seed(nint g);
    [DllImport(Library)] public static extern nint ts_generator_get_state(nint g);
    [DllImport(Library)] public static extern bool ts_generator_set_state(nint g, nint state);
}
