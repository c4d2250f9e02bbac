using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>x·(W ∘ M)ᵀ + b, for several members side by side, each with weights of its own.</summary>
/// <remarks>A mask that never changes need not be applied outside of training: see <see cref="KeepZero"/>.</remarks>
internal sealed class MaskedDense : nn.Module
{
    private readonly int _members, _outputs;

    /// <param name="bound">Weights start uniformly in ± this; 0 for none.</param>
    public MaskedDense(int members, int inputs, int outputs, double bound, Parameter bias, Initializer initializer) : base(nameof(MaskedDense))
    {
        _members = members;
        _outputs = outputs;
        Weight = this.Own("weight", bound > 0 ? initializer.Uniform(bound, members, outputs, inputs) : initializer.Constant(0, members, outputs, inputs));
        Bias = this.Own("bias", bias);
    }

    /// <summary>(members, outputs, inputs)</summary>
    public Parameter Weight { get; }

    /// <summary>(members·outputs,): in one dimension, since biases do not decay.</summary>
    public Parameter Bias { get; }

    /// <summary>Makes the masked weights 0 once and for all. If the mask is applied in training, they have no gradient, and stay what they are whatever the
    /// optimizer: outside of training, the weights as they are then do as well as the masked ones.</summary>
    public void KeepZero(Tensor mask)
    {
        using var noGradient = no_grad();
        Weight.mul_(mask);
    }

    /// <param name="x">(batch, inputs) for all members, or (members, batch, inputs), or (masks, batch, inputs).</param>
    /// <param name="mask">(members or 1, outputs, inputs), or (masks, outputs, inputs) for one member's weights under several masks; null for none.</param>
    /// <returns>(members or masks, batch, outputs)</returns>
    public Tensor Call(Tensor x, Tensor? mask)
    {
        var weight = mask is null ? Weight : Weight * mask;                                             // (members, outputs, inputs)
        long members = weight.shape[0];
        if (x.Dimensions == 3)
        {
            var columns = weight.transpose(1, 2);
            return baddbmm(Bias.view(_members, 1, _outputs), x, x.shape[0] == members ? columns : columns.expand(x.shape[0], -1, -1));
        }
        var bias = members == _members ? Bias : Bias.repeat(members);
        return nn.functional.linear(x, weight.view(members * _outputs, -1), bias).view(-1, members, _outputs).transpose(0, 1);
    }

    /// <inheritdoc cref="Call(Tensor, Tensor)"/>
    public OnnxValue Call(OnnxValue x, Tensor? mask)
    {
        var weight = mask is null ? Weight : Weight * mask;
        return x.MatMul(x.Graph.Weights(weight.transpose(1, 2))) + x.Graph.Weights(Bias.view(_members, 1, _outputs));
    }
}
