using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>x·(W ∘ M)ᵀ + b, where every unit has a degree and sees units of no higher one.</summary>
internal sealed class OrderedDense : nn.Module
{
    private readonly Parameter _weight;   // (outputs, inputs)
    private readonly Parameter _bias;     // (outputs,)
    private readonly Tensor _mask;        // (outputs·inputs,) 1 where a unit may see another

    /// <param name="bound">Weights start uniformly in ± this; null for 1/√inputs.</param>
    public OrderedDense(int[] inputDegrees, int[] outputDegrees, Initializer initializer, double? bound = null) : base(nameof(OrderedDense))
    {
        // units of the same degrees, so that one may be added to the other
        IsSquare = inputDegrees.AsSpan().SequenceEqual(outputDegrees);
        double within = bound ?? 1 / Math.Sqrt(inputDegrees.Length);
        _weight = this.Own("weight", initializer.Uniform(within, outputDegrees.Length, inputDegrees.Length));
        _bias = this.Own("bias", initializer.Uniform(within, outputDegrees.Length));
        _mask = this.Own("mask", initializer.Fixed(outputDegrees.SelectMany(o => inputDegrees.Select(i => i <= o ? 1f : 0)).ToArray()));
    }

    /// <summary>Whether its outputs have the degrees of its inputs.</summary>
    public bool IsSquare { get; }

    private Tensor Weight => _weight * _mask.view(_weight.shape);

    public Tensor Call(Tensor x) => nn.functional.linear(x, Weight, _bias);

    public OnnxValue Call(OnnxValue x) => x.Linear(Weight, _bias);
}
