namespace TorchSharp;

// Functions that are a method under another name, or a single number.
public static partial class torch
{
    public static Tensor clone(Tensor input) => input.clone();
    public static bool is_nonzero(Tensor input) => input.is_nonzero();
    public static long numel(Tensor input) => input.numel();
    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);
    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);
    public static Tensor negative_(Tensor input) => input.neg_();
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);
    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);
    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    // ---- one random number

    public static bool randint_bool(Generator generator = null) => randint_long(2, generator) == 1;
    public static int randint_int(int high, Generator generator = null) => (int)randint_long(high, generator);
    public static int randint_int(int low, int high, Generator generator = null) => (int)randint_long(low, high, generator);
    public static long randint_long(long high, Generator generator = null) => randint_long(0, high, generator);

    public static long randint_long(long low, long high, Generator generator = null)
    {
        using var one = randint(low, high, new Size(1), generator: generator);
        return one.item<long>();
    }

    public static double rand_float(Generator generator = null)
    {
        using var one = rand(1, float64, generator: generator);
        return one.item<double>();
    }

    public static double randn_float(Generator generator = null)
    {
        using var one = randn(1, float64, generator: generator);
        return one.item<double>();
    }

    // ---- the limits of a type

    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => Limits(16, 0.0009765625, 65504, 6.103515625e-05, 0.001),
        ScalarType.BFloat16 => Limits(16, 0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38, 0.01),
        ScalarType.Float32 => Limits(32, 1.1920928955078125e-07, float.MaxValue, 1.1754943508222875e-38, 1e-06),
        ScalarType.Float64 => Limits(64, 2.220446049250313e-16, double.MaxValue, 2.2250738585072014e-308, 1e-15),
        _ => throw new ArgumentException($"torch.finfo() requires a floating point type, not {dtype}"),
    };

    private static FInfo Limits(int bits, double eps, double max, double tiny, double resolution) =>
        new() { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
}
