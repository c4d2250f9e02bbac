using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Flow;

/// <summary>Every bijection, with parameters and rows drawn at random: some rows lie far out in the tails.</summary>
public sealed class BijectionTests
{
    private const int RowCount = 32;

    private static readonly Conditioning Small = new([12, 10], 1, Activation.Tanh, 0, 0);

    private static readonly Dictionary<string, Func<int, Conditioning, Initializer, Bijection>> All = new()
    {
        ["actnorm"] = (features, _, initializer) => new ActNorm(features, initializer),
        ["asinh"] = (_, _, _) => new ArcSinh(),
        ["reverse"] = (features, _, initializer) => Permutation.Reverse(features, initializer),
        ["shuffle"] = (features, _, initializer) => Permutation.Shuffle(features, 3, initializer),
        ["linear"] = (features, _, initializer) => new LuLinear(features, initializer),
        ["coupling affine"] = (features, conditioning, initializer) => new Coupling(features, new AffineTransform(), conditioning, initializer),
        ["coupling spline"] = (features, conditioning, initializer) => new Coupling(features, new SplineTransform(5, 3, initializer), conditioning, initializer),
        ["autoregressive affine"] = (features, conditioning, initializer) => new Autoregressive(features, new AffineTransform(), conditioning, initializer),
        ["autoregressive spline"] = (features, conditioning, initializer) => new Autoregressive(features, new SplineTransform(8, 4, initializer), conditioning, initializer),
        ["autoregressive both"] = (features, conditioning, initializer) =>
            new Autoregressive(features, new ComposedTransform(new AffineTransform(), new SplineTransform(2, 2, initializer)), conditioning, initializer),
    };

    public static TheoryData<string, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int>();
        foreach (string name in All.Keys)
            foreach (int seed in Enumerable.Range(1, 6))
                cases.Add(name, seed % 3 + 2, seed);
        return cases;
    }

    public static TheoryData<string> Autoregressive_ => ["autoregressive affine", "autoregressive spline", "autoregressive both"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheInverseUndoesIt(string name, int features, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (bijection, x, condition) = Make(name, features, seed, conditions: seed % 2 * 3);
        var z = bijection.Forward(x, condition, null).Z;
        var back = bijection.Inverse(z, condition);
        // in x an error of single precision is blown up by the slope of the inverse; in z it is not
        float error = Largest(back, x), errorOfZ = Largest(bijection.Forward(back, condition, null).Z, z);
        Assert.True(error < 2e-3, $"x is off by {error}");
        Assert.True(errorOfZ < 1e-5, $"z is off by {errorOfZ}");
        Assert.True(features == 2 || (x - z).abs().max().item<float>() > 0.1, "the bijection is the identity: the test says nothing");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheLogDeterminantIsThatOfTheJacobian(string name, int features, int seed)
    {
        using var scope = NewDisposeScope();
        var (bijection, x, condition) = Make(name, features, seed, conditions: seed % 2 * 3);
        x.requires_grad_(true);
        var (z, logDeterminant) = bijection.Forward(x, condition, null);
        var expected = linalg.slogdet(Jacobian(z, x).to(float64)).Item2.to(float32);
        var actual = (logDeterminant ?? zeros(1)).detach().expand(RowCount);
        float error = (expected - actual).abs().max().item<float>();
        Assert.True(error < 2e-3, $"off by {error}");
    }

    [Theory]
    [MemberData(nameof(Autoregressive_))]
    public void AFeatureDependsOnThoseBeforeItAlone(string name)
    {
        using var scope = NewDisposeScope();
        var (bijection, x, condition) = Make(name, 5, 1, conditions: 2);
        x.requires_grad_(true);
        condition!.requires_grad_(true);
        var z = bijection.Forward(x, condition, null).Z;
        var jacobian = Jacobian(z, x);                                       // (rows, out, in)
        Assert.Equal(0, jacobian.triu(1).abs().max().item<float>());
        // and does depend on them: on every one of them, and on the condition
        var dependence = jacobian.abs().amax(0);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j <= i; j++) Assert.True(dependence[i, j].item<float>() > 0, $"feature {i} does not depend on {j}");
            Assert.True(autograd.grad([z.select(1, i).sum()], [condition], retain_graph: true)[0].abs().max().item<float>() > 0, $"feature {i} does not depend on the condition");
        }
    }

    [Theory]
    [InlineData("coupling affine")]
    [InlineData("coupling spline")]
    [InlineData("autoregressive affine")]
    [InlineData("autoregressive spline")]
    [InlineData("autoregressive both")]
    [InlineData("linear")]
    [InlineData("actnorm")]
    public void ItStartsAsTheIdentity(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var x = randn(RowCount, 4, generator: generator);
        var (z, logDeterminant) = All[name](4, Small, new Initializer(generator, CPU)).Forward(x, null, null);
        Assert.True((z - x).abs().max().item<float>() < 1e-5);
        Assert.True(logDeterminant!.abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void ActNormStartsFromTheRows()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var x = randn(500, 3, generator: generator) * tensor([1f, 20f, 0.2f]) + tensor([5f, -3f, 0f]);
        var bijection = new ActNorm(3, new Initializer(generator, CPU));
        bijection.Initialize(x);
        var z = bijection.Forward(x, null, null).Z;
        Assert.True(z.mean([0]).abs().max().item<float>() < 1e-4);
        Assert.True((z.std(0, unbiased: false) - 1).abs().max().item<float>() < 1e-4);
    }

    private static (Bijection Bijection, Tensor X, Tensor? Condition) Make(string name, int features, int seed, int conditions)
    {
        var generator = new Generator((ulong)seed);
        var bijection = All[name](features, Small with { ConditionSize = conditions }, new Initializer(generator, CPU));
        using (no_grad())
            foreach (var parameter in bijection.parameters()) parameter.normal_(0, 0.4, generator);
        var x = randn(RowCount, features, generator: generator) * 2;
        using (no_grad()) x.narrow(0, 0, 4).mul_(8);   // beyond every spline's bound
        return (bijection, x, conditions == 0 ? null : randn(RowCount, conditions, generator: generator));
    }

    private static float Largest(Tensor actual, Tensor expected) => ((actual - expected).abs() / (1 + expected.abs())).max().item<float>();

    // (rows, out, in)
    private static Tensor Jacobian(Tensor z, Tensor x) => stack(
        Enumerable.Range(0, (int)z.shape[1]).Select(i => autograd.grad([z.select(1, i).sum()], [x], retain_graph: true)[0]), 1);
}
