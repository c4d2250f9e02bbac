using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Dense layers with an activation after all but the last: the generator, or the encoder.</summary>
internal sealed class Perceptron : nn.Module
{
    private readonly DenseStack _hidden;
    private readonly Dense _output;
    private readonly Activation _activation;

    public Perceptron(int inputs, IReadOnlyList<int> hiddenSizes, int outputs, Activation activation, Initializer initializer) : base(nameof(Perceptron))
    {
        _activation = activation;
        register_module("hidden", _hidden = new DenseStack(inputs, hiddenSizes, activation, dropout: 0, initializer));
        register_module("output", _output = new Dense(_hidden.OutputSize, outputs, initializer));
    }

    /// <returns>(batch, outputs)</returns>
    public Tensor Call(Tensor x) => _hidden.Call(x, _output);

    /// <summary>The same, with gradients for x but none for the weights.</summary>
    public Tensor CallFrozen(Tensor x) =>
        nn.functional.linear(_hidden.Layers.Aggregate(x, (y, layer) => _activation.Apply(nn.functional.linear(y, layer.Weight.detach(), layer.Bias.detach()))), _output.Weight.detach(), _output.Bias.detach());

    public OnnxValue Call(OnnxValue x) => _output.Call(_hidden.Call(x));
}
