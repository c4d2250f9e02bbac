using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks;

public sealed class SpanConditionalsTests : IDisposable
{
    private readonly IDisposable _scope = NewDisposeScope();
    private readonly Generator _generator = new(5);

    // in no order of kinds, with categories of 2, 3, 3 and 7 values
    private static readonly NetworkInput Mixed = Input(
        (SpanKind.Continuous, 1), (SpanKind.Categorical, 3), (SpanKind.Binary, 2), (SpanKind.Categorical, 2), (SpanKind.Continuous, 2), (SpanKind.Categorical, 3), (SpanKind.Categorical, 7));

    internal static NetworkInput Input(params (SpanKind Kind, int Width)[] spans)
    {
        int start = 0;
        var all = new List<FeatureSpan>();
        foreach (var (kind, width) in spans)
        {
            all.Add(new FeatureSpan("Features", start, width, kind));
            start += width;
        }
        return new NetworkInput(all, new float[start], Enumerable.Repeat(1f, start).ToArray(), 0, 100);
    }

    private SpanConditionals Of(NetworkInput input, int components = 3) => new(input, components, new Initializer(_generator, CPU));

    private Tensor Noise(SpanConditionals conditionals, int rows) => empty(rows, conditionals.Variables.Count, conditionals.NoisePerVariable).normal_(0, 1, _generator);

    private Tensor Parameters(SpanConditionals conditionals, int rows) => empty(rows, conditionals.Parameters).normal_(0, 1, _generator);

    [Fact]
    public void EveryParameterAndNumberBelongsToItsVariable()
    {
        using var conditionals = Of(Mixed);
        Assert.Equal([1, 3, 1, 1, 2, 1, 1, 3, 7], conditionals.Variables.Select(v => v.Width));
        Assert.Equal([0, 1, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8], conditionals.VariableOfFeature());
        var owners = conditionals.VariableOfParameter();
        Assert.Equal(conditionals.Parameters, owners.Length);
        Assert.Equal(conditionals.Parameters, conditionals.StartingParameters(Mixed).Length);
        for (int v = 0; v < conditionals.Variables.Count; v++)
            Assert.Equal(Enumerable.Range(conditionals.FirstParameter(v), conditionals.ParametersOf(v)), Enumerable.Range(0, owners.Length).Where(i => owners[i] == v));
    }

    [Fact]
    public void TheDensityOfARowIsThatOfItsVariablesByTheirOwnFormulas()
    {
        const int Rows = 50, K = 3;
        using var conditionals = Of(Mixed, K);
        var parameters = Parameters(conditionals, Rows);
        var y = conditionals.Draw(parameters, Noise(conditionals, Rows));
        var densities = conditionals.LogDensities(y, parameters);
        for (int row = 0; row < Rows; row++)
        {
            double total = 0;
            for (int v = 0; v < conditionals.Variables.Count; v++)
            {
                var p = parameters[row].narrow(0, conditionals.FirstParameter(v), conditionals.ParametersOf(v)).ToFloats().Select(f => (double)f).ToArray();
                var variable = conditionals.Variables[v];
                var x = y[row].narrow(0, variable.Start, variable.Width).ToFloats();
                double expected = variable.Kind switch
                {
                    SpanKind.Binary => Math.Log(1 / (1 + Math.Exp(x[0] > 0.5 ? -p[0] : p[0]))),
                    SpanKind.Categorical => p[Array.IndexOf(x, 1)] - Math.Log(p.Take(variable.Width).Sum(Math.Exp)),
                    _ => Math.Log(Enumerable.Range(0, K).Sum(k =>
                    {
                        double deviation = 0.01 * (1 + Math.Exp(p[2 * K + k]));
                        return Math.Exp(p[k] - Math.Pow((x[0] - p[K + k]) / deviation, 2) / 2) / deviation / Math.Sqrt(2 * Math.PI);
                    }) / p.Take(K).Sum(Math.Exp)),
                };
                Assert.Equal(expected, densities[row, v].item<float>(), 1e-3);
                total += expected;
            }
            Assert.Equal(total, conditionals.LogDensity(y, parameters)[row].item<float>(), 2e-3);
        }
        Assert.Equal(densities.sum().item<float>(), conditionals.TotalLogDensity(y, parameters).item<float>(), 0.01);
    }

    [Fact]
    public void ADrawOfOneVariableIsItsPartOfADrawOfAll()
    {
        const int Rows = 200;
        using var conditionals = Of(Mixed);
        var parameters = Parameters(conditionals, Rows);
        var noise = Noise(conditionals, Rows);
        var all = conditionals.Draw(parameters, noise);
        for (int v = 0; v < conditionals.Variables.Count; v++)
        {
            var variable = conditionals.Variables[v];
            var one = conditionals.Draw(v, parameters.narrow(1, conditionals.FirstParameter(v), conditionals.ParametersOf(v)), noise.select(1, v));
            Assert.Equal(all.narrow(1, variable.Start, variable.Width).contiguous().ToFloats(), one.contiguous().ToFloats());
        }
    }

    [Fact]
    public void DrawsHaveTheMeansThatTheParametersSay()
    {
        const int Rows = 100_000;
        using var conditionals = Of(Mixed);
        var parameters = Parameters(conditionals, 1);
        var drawn = conditionals.Draw(parameters.expand(Rows, -1), Noise(conditionals, Rows));
        var mean = conditionals.Mean(parameters)[0].ToFloats();
        var actual = drawn.mean([0]).ToFloats();
        var standardError = (drawn.std(0) / Math.Sqrt(Rows)).ToFloats();
        for (int i = 0; i < mean.Length; i++) Assert.InRange(actual[i], mean[i] - 4 * standardError[i] - 1e-6, mean[i] + 4 * standardError[i] + 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void AMixtureIntegratesToOneFromWhereItStartsAndElsewhere(int components)
    {
        var input = Input((SpanKind.Continuous, 1));
        using var conditionals = Of(input, components);
        var start = tensor(conditionals.StartingParameters(input));
        var points = arange(-40, 40, 0.001).to(float32).unsqueeze(1);
        foreach (var parameters in new[] { start, start + Parameters(conditionals, 1)[0] })
            Assert.Equal(1, conditionals.LogDensity(points, parameters).to(float64).exp().sum().item<double>() * 0.001, 1e-4);
    }

    [Fact]
    public void AnImprobableNumberHasAFiniteDensityAndGradient()
    {
        using var conditionals = Of(Mixed);
        var parameters = (Parameters(conditionals, 4) * 30).requires_grad_();
        var y = conditionals.Draw(Parameters(conditionals, 4), Noise(conditionals, 4)) * 1000;
        var density = conditionals.TotalLogDensity(y, parameters);
        density.backward();
        Assert.True(float.IsFinite(density.item<float>()));
        Assert.All(parameters.grad!.ToFloats(), g => Assert.True(float.IsFinite(g)));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }
}
