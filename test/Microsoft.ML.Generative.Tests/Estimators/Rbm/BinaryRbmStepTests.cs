using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Learning from bits, against the same in libtorch, which is tested against exact derivatives.</summary>
public sealed class BinaryRbmStepTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static (float Loss, Dictionary<string, float[]> Values) Learn(bool asBits, bool chances, int visible, int hidden, int rows, RbmLearningOptions options)
    {
        using var generator = new Generator(3);
        using var layer = RbmLayerTests.Layer(RbmLayerTests.Bits(visible), hidden, scale: 0.3, conditions: 0);
        using var learning = new RbmLearning(layer, options, new Initializer(generator, CPU));
        foreach (var parameter in layer.parameters()) parameter.grad = full_like(parameter, 7);   // to be overwritten
        var v = empty(rows, visible).bernoulli_(0.3, generator);
        if (chances) v.select(0, 0).mul_(0.4);   // count as such
        // rows that do not lie one after the other in memory are left to libtorch
        if (!asBits) v = v.t().contiguous().t();
        Assert.Equal(asBits && System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated, new BinaryRbmStep(layer, options).Suits(v, null));
        float loss = 0;
        for (int step = 0; step < 3; step++) loss = learning.Learn(v, null, new UnitNoise(generator)).item<float>();
        var values = layer.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!.ToFloats());
        values["offset"] = layer.HiddenOffset.ToFloats();
        values["chains"] = learning.States.ToFloats();
        return (loss, values);
    }

    [Theory]
    [InlineData(RbmGradient.Persistent, true, 1, 33, 100, 9, 12, false)]
    [InlineData(RbmGradient.Persistent, true, 1, 33, 100, 9, 12, true)]
    [InlineData(RbmGradient.Persistent, false, 2, 4, 64, 2, 5, false)]
    [InlineData(RbmGradient.Persistent, false, 2, 4, 64, 2, 5, true)]
    [InlineData(RbmGradient.Persistent, true, 1, 150, 131, 40, 1, false)]
    [InlineData(RbmGradient.Persistent, true, 1, 150, 131, 40, 1, true)]
    [InlineData(RbmGradient.ContrastiveDivergence, true, 3, 17, 80, 6, 3, false)]
    [InlineData(RbmGradient.ContrastiveDivergence, true, 3, 17, 80, 6, 3, true)]
    [InlineData(RbmGradient.ContrastiveDivergence, false, 1, 64, 65, 5, 10, false)]
    [InlineData(RbmGradient.ContrastiveDivergence, false, 1, 64, 65, 5, 10, true)]
    public void LearnsWhatLibtorchLearns(RbmGradient gradient, bool centered, int gibbsSteps, int visible, int hidden, int rows, int chains, bool chances)
    {
        var options = new RbmLearningOptions { Gradient = gradient, Centered = centered, GibbsSteps = gibbsSteps, Chains = chains, SparsityTarget = 0.1 };
        var (expectedLoss, expected) = Learn(asBits: false, chances, visible, hidden, rows, options);
        var (loss, actual) = Learn(asBits: true, chances, visible, hidden, rows, options);
        Assert.Equal(expectedLoss, loss, 1e-3f);
        foreach (var (name, values) in expected)
            for (int i = 0; i < values.Length; i++) Assert.True(Math.Abs(values[i] - actual[name][i]) < 1e-4, $"{name} {i}: {actual[name][i]}, not {values[i]}");
    }
}
