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

    /// <param name="startsAtZero">Else weights start uniformly, so that the outputs vary as much as the inputs do (LeCun et al., 1998).</param>
    public OrderedDense(int[] inputDegrees, int[] outputDegrees, Initializer initializer, bool startsAtZero) : base(nameof(OrderedDense))
    {
        _weight = this.Own("weight", startsAtZero
            ? initializer.Constant(0, outputDegrees.Length, inputDegrees.Length)
            : initializer.Uniform(Math.Sqrt(3), outputDegrees.Length, inputDegrees.Length));
        _bias = this.Own("bias", initializer.Constant(0, outputDegrees.Length));
        _mask = this.Own("mask", initializer.Fixed(outputDegrees.SelectMany(o => inputDegrees.Select(i => i <= o ? 1f : 0)).ToArray()));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _weight.div_(_mask.view(_weight.shape).sum(1, keepdim: true).clamp_min(1).sqrt());
    }

    private Tensor Weight => _weight * _mask.view(_weight.shape);

    public Tensor Call(Tensor x) => nn.functional.linear(x, Weight, _bias);

    public OnnxValue Call(OnnxValue x) => x.Linear(Weight, _bias);
}
