using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class RandomTests
{
    private const int N = 40_000;

    public static TheoryData<string, Func<Generator, Tensor>, double, double> Distributions => new()
    {
        { "rand", g => rand(N, generator: g), 0.5, 1 / 12.0 },
        { "randn", g => randn(N, generator: g), 0, 1 },
        { "normal", g => normal(3, 2, [N], generator: g), 3, 4 },
        { "normal of tensors", g => normal(ones(N) * 2, ones(N) * 0.5, g), 2, 0.25 },
        { "uniform_", g => zeros(N).uniform_(-1, 3, g), 1, 16 / 12.0 },
        { "normal_", g => zeros(N).normal_(-1, 0.5, g), -1, 0.25 },
        { "bernoulli_", g => zeros(N).bernoulli_(0.3, g), 0.3, 0.21 },
        { "bernoulli", g => (ones(N) * 0.7).bernoulli(g), 0.7, 0.21 },
        { "bernoulli_ of a tensor", g => zeros(N).bernoulli_(ones(N) * 0.7, g), 0.7, 0.21 },
        { "exponential_", g => zeros(N).exponential_(2, g), 0.5, 0.25 },
        { "geometric_", g => zeros(N).geometric_(0.5, g), 2, 2 },
        { "log_normal_", g => zeros(N).log_normal_(0, 0.5, g), Math.Exp(0.125), (Math.Exp(0.25) - 1) * Math.Exp(0.25) },
        { "random_", g => zeros(N, int64).random_(0, 4, g).to(float32), 1.5, 1.25 },
        { "randint", g => randint(2, 5, [N], generator: g).to(float32), 3, 2 / 3.0 },
        { "poisson", g => (ones(N) * 4).poisson(g), 4, 4 },
        { "gamma", g => _standard_gamma(ones(N) * 3, g), 3, 3 },
        { "multinomial", g => torch.tensor(new[] { 0.2f, 0.3f, 0.5f }).multinomial(N, true, g).to(float32), 1.3, 0.61 },
    };

    [Theory, MemberData(nameof(Distributions))]
    public void MomentsAreThoseOfTheDistribution(string name, Func<Generator, Tensor> draw, double mean, double variance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var sample = draw(generator).to(float64);
        Assert.True(Math.Abs(sample.mean().ToDouble() - mean) < 5 * Math.Sqrt(variance / N), $"{name}: mean {sample.mean().ToDouble()}");
        Assert.True(Math.Abs(sample.var().ToDouble() / variance - 1) < 0.1, $"{name}: variance {sample.var().ToDouble()}");
    }

    [Theory, MemberData(nameof(Distributions))]
    public void TheSameSeedDrawsTheSameWhateverElseIsDrawn(string name, Func<Generator, Tensor> draw, double mean, double variance)
    {
        using var scope = NewDisposeScope();
        Assert.True(variance > 0 && mean < 5, name);
        using Generator one = new(5), two = new(5), other = new(6);
        var first = draw(one);
        rand(100);
        randn(7);
        Assert.True(first.Equals(draw(two)));
        Assert.False(first.Equals(draw(other)));
    }

    [Fact]
    public void AGeneratorLeavesTheGlobalOneAlone()
    {
        using var scope = NewDisposeScope();
        using var mine = new Generator(1);
        var before = get_rng_state();
        randn(100, generator: mine);
        randperm(10, generator: mine);
        zeros(10).uniform_(0, 1, mine);
        Assert.True(before.Equals(get_rng_state()));
    }

    [Fact]
    public void TheStateCanBeKept()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Assert.Equal(3, generator.initial_seed());
        var state = generator.get_state();
        var first = randn(5, generator: generator);
        generator.set_state(state);
        Assert.True(first.Equals(randn(5, generator: generator)));
        generator.manual_seed(3);
        Assert.True(first.Equals(randn(5, generator: generator)));
    }

    [Fact]
    public void PermutationsAndDrawsWithoutReplacementHaveEachOnce()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        Expect.Equal([.. Enumerable.Range(0, 50).Select(i => (double)i)], randperm(50, generator: generator).sort().Values);
        Expect.Equal([0, 1, 2], ones(3).multinomial(3, generator: generator).sort().Values);
    }

    [Fact]
    public void SingleNumbersComeFromTheGeneratorToo()
    {
        using Generator one = new(8), two = new(8);
        Assert.Equal(rand_float(one), rand_float(two));
        Assert.Equal(randn_float(one), randn_float(two));
        Assert.Equal(randint_int(3, 1000, one), randint_int(3, 1000, two));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.InRange(randint_int(3, 6, one), 3, 5));
    }
}
