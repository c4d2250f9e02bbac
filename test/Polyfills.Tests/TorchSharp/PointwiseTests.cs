using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class PointwiseTests
{
    private static readonly double[] Points = [-2.5, -1.5, -0.75, -0.2, 0, 0.3, 0.8, 1.25, 2.5, 7];

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>> OfOne => new()
    {
        { "abs", t => t.abs(), Math.Abs },
        { "neg", t => -t, x => -x },
        { "sign", t => t.sign(), x => Math.Sign(x) },
        { "exp", t => t.exp(), Math.Exp },
        { "expm1", t => t.expm1(), x => Math.Exp(x) - 1 },
        { "exp2", t => exp2(t), x => Math.Pow(2, x) },
        { "log", t => (t + 3).log(), x => Math.Log(x + 3) },
        { "log1p", t => log1p(t.square()), x => Math.Log(1 + x * x) },
        { "log2", t => (t + 3).log2(), x => Math.Log2(x + 3) },
        { "log10", t => (t + 3).log10(), x => Math.Log10(x + 3) },
        { "sqrt", t => (t + 3).sqrt(), x => Math.Sqrt(x + 3) },
        { "rsqrt", t => (t + 3).rsqrt(), x => 1 / Math.Sqrt(x + 3) },
        { "square", t => t.square(), x => x * x },
        { "reciprocal", t => (t + 3).reciprocal(), x => 1 / (x + 3) },
        { "sin", t => t.sin(), Math.Sin },
        { "cos", t => cos(t), Math.Cos },
        { "tan", t => t.tan(), Math.Tan },
        { "atan", t => t.atan(), Math.Atan },
        { "sinh", t => t.sinh(), Math.Sinh },
        { "tanh", t => t.tanh(), Math.Tanh },
        { "asinh", t => t.asinh(), Math.Asinh },
        { "sigmoid", t => t.sigmoid(), x => 1 / (1 + Math.Exp(-x)) },
        { "floor", t => t.floor(), Math.Floor },
        { "ceil", t => t.ceil(), Math.Ceiling },
        { "trunc", t => t.trunc(), Math.Truncate },
        { "round to even", t => t.round(), x => Math.Round(x, MidpointRounding.ToEven) },
        { "relu", t => t.relu(), x => Math.Max(x, 0) },
        { "silu", t => t.silu(), x => x / (1 + Math.Exp(-x)) },
        { "elu", t => t.elu(0.5), x => x > 0 ? x : 0.5 * (Math.Exp(x) - 1) },
        { "leaky_relu", t => t.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x },
        { "hardtanh", t => t.hardtanh(-1, 2), x => Math.Clamp(x, -1, 2) },
        { "log_sigmoid", t => t.log_sigmoid(), x => -Math.Log(1 + Math.Exp(-x)) },
        { "clamp", t => t.clamp((Scalar)(-1), (Scalar)1.5), x => Math.Clamp(x, -1, 1.5) },
        { "clamp_min", t => t.clamp_min(0.5), x => Math.Max(x, 0.5) },
        { "pow", t => t.pow(3), x => x * x * x },
        { "fmod", t => t.fmod(2), x => x % 2 },
        { "remainder", t => t % 2, x => x - 2 * Math.Floor(x / 2) },
        { "number minus tensor", t => 1.5 - t, x => 1.5 - x },
        { "number over tensor", t => 2 / (t + 3), x => 2 / (x + 3) },
        { "mixed", t => (3 * t + 1) / 2 - 0.5f, x => (3 * x + 1) / 2 - 0.5 },
        { "logaddexp", t => t.logaddexp(t + 1), x => x + Math.Log(1 + Math.E) },
        { "atan2", t => t.atan2(t + 3), x => Math.Atan2(x, x + 3) },
        { "xlogy", t => (t + 3).xlogy(t + 3), x => (x + 3) * Math.Log(x + 3) },
        { "maximum", t => t.maximum(-t), Math.Abs },
        { "where", t => where(t > 0, t, t * 2), x => x > 0 ? x : 2 * x },
        { "lerp", t => t.lerp(t * 3, torch.tensor(0.25)), x => 1.5 * x },
        { "addcmul", t => t.addcmul(t, t, 0.5), x => x + 0.5 * x * x },
        { "addcdiv", t => t.addcdiv(t, t + 3, 0.5), x => x + 0.5 * x / (x + 3) },
        { "floor_divide", t => t.floor_divide(2), x => Math.Floor(x / 2) },
        { "div towards zero", t => t.div((Scalar)2, RoundingMode.trunc), x => Math.Truncate(x / 2) },
    };

    [Theory, MemberData(nameof(OfOne))]
    public void IsTheFunctionOfEachElement(string name, Func<Tensor, Tensor> function, Func<double, double> expected)
    {
        using var scope = NewDisposeScope();
        Assert.NotEmpty(name);
        Expect.Equal(Array.ConvertAll(Points, x => expected(x)), function(torch.tensor(Points)));
    }

    public static TheoryData<string, Func<Tensor, Tensor>, Func<Tensor, Tensor>> InPlace => new()
    {
        { "add_", t => t.add_(t.clone(), 2), t => 3 * t },
        { "add_ number", t => t.add_(1.5), t => t + 1.5 },
        { "sub_", t => t.sub_(1), t => t - 1 },
        { "mul_", t => t.mul_(t.clone()), t => t.square() },
        { "div_", t => t.div_(4), t => t / 4 },
        { "pow_", t => t.pow_(2), t => t.square() },
        { "neg_", t => t.neg_(), t => -t },
        { "exp_", t => t.exp_(), t => t.exp() },
        { "sqrt_", t => t.abs_().sqrt_(), t => t.abs().sqrt() },
        { "tanh_", t => t.tanh_(), t => t.tanh() },
        { "clamp_", t => t.clamp_((Scalar)(-1), (Scalar)1), t => t.clamp((Scalar)(-1), (Scalar)1) },
        { "lerp_", t => t.lerp_(t * 2, torch.tensor(0.5)), t => 1.5 * t },
        { "addcmul_", t => t.addcmul_(t.clone(), t.clone(), 2), t => t + 2 * t * t },
        { "addcdiv_", t => t.addcdiv_(t.clone(), t + 3, -1), t => t - t / (t + 3) },
        { "fill_", t => t.fill_(2.5), t => zeros_like(t) + 2.5 },
        { "zero_", t => t.zero_(), t => zeros_like(t) },
        { "masked_fill_", t => t.masked_fill_(t < 0, 9), t => where(t < 0, zeros_like(t) + 9, t) },
        { "copy_", t => t.copy_(t.clone() * 2), t => 2 * t },
        { "relu_", t => t.relu_(), t => t.relu() },
        { "remainder_", t => t.remainder_(2), t => t.remainder(2) },
    };

    [Theory, MemberData(nameof(InPlace))]
    public void InPlaceChangesTheTensorItself(string name, Func<Tensor, Tensor> change, Func<Tensor, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        Assert.NotEmpty(name);
        var tensor = torch.tensor(Points);
        var result = expected(tensor.clone());

        Assert.Same(tensor, change(tensor));

        Expect.Equal(Expect.Values(result), tensor);
    }

    [Fact]
    public void SpecialFunctionsHaveTheirKnownValues()
    {
        using var scope = NewDisposeScope();
        Expect.Equal([0, 0.5204998778130465, 0.8427007929497149], torch.tensor(new[] { 0, 0.5, 1.0 }).erf());
        Expect.Equal([0, 0.4769362762044699], torch.tensor(new[] { 0, 0.5 }).erfinv());
        Expect.Equal([Math.Log(24), 0.5723649429247001], torch.tensor(new[] { 5.0, 0.5 }).lgamma());
        Expect.Equal([-0.5772156649015329], torch.tensor(new[] { 1.0 }).digamma(), 1e-9);
        Expect.Equal([0, 0.8413447460685429, -0.15865525393145707], torch.tensor(new[] { 0, 1.0, -1 }).gelu());
        Expect.Equal([0.6931471805599453, 1.3132616875182228, 30], torch.tensor(new[] { 0, 1.0, 30 }).softplus());
        Expect.Equal([0.5, 0.8413447460685429], special.ndtr(torch.tensor(new[] { 0, 1.0 })));
        Expect.Equal([0, 1.2815515655446004], special.ndtri(torch.tensor(new[] { 0.5, 0.9 })), 1e-9);
        Expect.Equal([0, 0.34657359027997264], special.entr(torch.tensor(new[] { 1, 0.5 })));
        Expect.Equal([Math.PI * Math.PI / 6], special.zeta(torch.tensor(new[] { 2.0 }), torch.tensor(new[] { 1.0 })));
        Expect.Equal([1.2660658777520084, 0.5651591039924851], stack([torch.tensor(1.0).i0(), special.i1(torch.tensor(1.0))]), 1e-9);
    }

    [Fact]
    public void ComparisonsAndLogicGiveBooleans()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (torch.tensor(new[] { 1.0, 2, 3 }), torch.tensor(new[] { 3.0, 2, 1 }));
        Assert.Equal(ScalarType.Bool, (a < b).dtype);
        Expect.Equal([1, 0, 0], a < b);
        Expect.Equal([1, 1, 0], a <= b);
        Expect.Equal([0, 1, 0], a == b);
        Expect.Equal([1, 0, 1], a != b);
        Expect.Equal([0, 0, 1], a > b);
        Expect.Equal([0, 1, 1], 2 <= a);
        Expect.Equal([1, 0, 0], (a < b) & (a < 2));
        Expect.Equal([0, 1, 1], ~(a < b));
        Expect.Equal([1, 0, 0], (a - 2 < 0).logical_and(b > 1));
        double nan = double.NaN, infinity = double.PositiveInfinity;
        var odd = torch.tensor(new[] { 1, nan, infinity, -infinity });
        Expect.Equal([0, 1, 0, 0], odd.isnan());
        Expect.Equal([0, 0, 1, 1], odd.isinf());
        Expect.Equal([1, 0, 0, 0], odd.isfinite());
        Expect.Equal([1, 5, 9, -7], odd.nan_to_num(5, 9, -7));
        Assert.True(a.allclose(a + 1e-12));
        Assert.False(a.allclose(b));
        Assert.True(a.Equals(a.clone()));
    }

    [Fact]
    public void TypesArePromotedAsLibtorchDoes()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Float32, (ones(2, int64) + ones(2)).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2, int64) * 0.5).dtype);
        Assert.Equal(ScalarType.Int64, (ones(2, int64) * 2).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2) * 2.0).dtype);
        Assert.Equal(ScalarType.Float64, promote_types(float32, float64));
        Assert.Equal(ScalarType.Float32, result_type(ones(2), ones(2, int64)));
    }
}
