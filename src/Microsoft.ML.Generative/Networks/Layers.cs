using System.Globalization;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>x·Wᵀ + b, initialised uniformly in ±1/√inputs, the default of PyTorch's Linear.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    /// <param name="startsAtZero">Whether it gives zeros before training.</param>
    public Dense(int inputs, int outputs, Initializer initializer, bool startsAtZero = false) : base(nameof(Dense))
    {
        double bound = startsAtZero ? 0 : 1 / Math.Sqrt(Math.Max(1, inputs));
        Weight = this.Own("weight", initializer.Uniform(bound, outputs, inputs));
        Bias = this.Own("bias", initializer.Uniform(bound, outputs));
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override Tensor forward(Tensor x) => nn.functional.linear(x, Weight, Bias);   // (batch, outputs)

    public OnnxValue Call(OnnxValue x) => x.Linear(Weight, Bias);
}

/// <summary>Dense layers with an activation after each, and dropout in training.</summary>
internal sealed class DenseStack : nn.Module
{
    private readonly Dense[] _layers;
    private readonly Activation _activation;
    private readonly double _dropout;
    private Planned? _plan;

    public DenseStack(int inputs, IReadOnlyList<int> hiddenSizes, Activation activation, double dropout, Initializer initializer) : base(nameof(DenseStack))
    {
        _activation = activation;
        _dropout = dropout;
        _layers = new Dense[hiddenSizes.Count];
        OutputSize = inputs;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new Dense(OutputSize, hiddenSizes[i], initializer);
            register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
            OutputSize = hiddenSizes[i];
        }
    }

    /// <summary>Sizes for a number of features, where the user gives none: two layers, 8 units per feature within 128 and 256, and half as many.</summary>
    public static IReadOnlyList<int> DefaultSizes(int features)
    {
        int first = Math.Clamp(8 * features, 128, 256);
        return [first, first / 2];
    }

    public int OutputSize { get; }

    public IReadOnlyList<Dense> Layers => _layers;

    /// <param name="step">Null outside of training: no dropout.</param>
    public Tensor Call(Tensor x, TrainingStep? step = null)
    {
        foreach (var layer in _layers)
            x = _activation.ApplyInPlace(layer.forward(x)).Dropped(_dropout, step);   // (batch, layer's outputs)
        return x;
    }

    /// <summary>The same with one layer more, without an activation: faster than one after the other once the weights are final, which <c>eval</c> says.</summary>
    /// <returns>(…, outputs of the last layer)</returns>
    public Tensor Call(Tensor x, Dense last, TrainingStep? step = null)
    {
        if (training || step is not null || !DensePlan.Suits(x)) return last.forward(Call(x, step));
        var planned = _plan;   // several threads may come here at once: each works with the plan that it saw or made
        if (planned is null || planned.Last != last) _plan = planned = new Planned(last, Plan(last));
        return planned.Plan.Apply(x);
    }

    private DensePlan Plan(Dense last) =>
        new([.. _layers.Select(layer => ((Tensor)layer.Weight, (Tensor)layer.Bias, (Activation?)_activation)), (last.Weight, last.Bias, null)]);

    /// <summary>Says whether the weights may change from here on.</summary>
    public override void train(bool train = true)
    {
        _plan = null;
        base.train(train);
    }

    public OnnxValue Call(OnnxValue x) => _layers.Aggregate(x, (y, layer) => layer.Call(y).Activate(_activation));

    private sealed record Planned(Dense Last, DensePlan Plan);
}

internal static class Dropout
{
    /// <summary>Inverted dropout (Srivastava et al., 2014) with the fit's own generator; the functional form would draw from the global one.</summary>
    /// <param name="step">Null outside of training: x as it is.</param>
    public static Tensor Dropped(this Tensor x, double share, TrainingStep? step) => share > 0 && step is { Validating: false }
        ? x * empty_like(x, requires_grad: false).bernoulli_(1 - share, step.Generator).div_(1 - share)
        : x;
}
