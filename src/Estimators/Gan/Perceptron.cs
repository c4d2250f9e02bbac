using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Dense layers with an activation after all but the last: the generator, behind which images are painted, or the encoder, before which they are looked at.</summary>
internal sealed class Perceptron : nn.Module
{
    private readonly DenseStack _hidden;
    private readonly Dense _output;
    private readonly Activation _activation;
    private readonly ImageEncoder? _look;
    private readonly ImageDecoder? _paint;
    private readonly int _features;

    /// <param name="inputs">Numbers that it reads, the features before the condition.</param>
    /// <param name="look">What the features become first; null if they are no image.</param>
    /// <param name="paint">What the last layer becomes; null for as it is.</param>
    public Perceptron(int inputs, IReadOnlyList<int> hiddenSizes, int outputs, Activation activation, Initializer initializer, ImageEncoder? look = null, ImageDecoder? paint = null) : base(nameof(Perceptron))
    {
        _activation = activation;
        if (look is not null) register_module("look", _look = look);
        if (paint is not null) register_module("paint", _paint = paint);
        _features = look?.Features ?? 0;
        register_module("hidden", _hidden = new DenseStack(inputs - _features + (look?.Outputs ?? 0), hiddenSizes, activation, dropout: 0, initializer));
        register_module("output", _output = new Dense(_hidden.OutputSize, paint?.Inputs ?? outputs, initializer));
    }

    /// <returns>(batch, outputs)</returns>
    public Tensor Call(Tensor x)
    {
        var output = _hidden.Call(Seen(x), _output);
        return _paint is null ? output : _paint.Call(output);
    }

    /// <summary>The same, with gradients for x but none for the weights.</summary>
    public Tensor CallFrozen(Tensor x)
    {
        var output = nn.functional.linear(_hidden.Layers.Aggregate(Seen(x, frozen: true), (y, layer) => _activation.Apply(nn.functional.linear(y, layer.Weight.detach(), layer.Bias.detach()))), _output.Weight.detach(), _output.Bias.detach());
        return _paint is null ? output : _paint.Call(output, frozen: true);
    }

    private Tensor Seen(Tensor x, bool frozen = false) => _look is null ? x : cat([_look.Call(x.narrow(1, 0, _features), frozen), x.narrow(1, _features, x.shape[1] - _features)], 1);

    public OnnxValue Call(OnnxValue x)
    {
        var seen = _look is null ? x : _look.Call(x.Narrow(1, 0, _features)).Concatenate(1, x.Narrow(1, _features, int.MaxValue));
        var output = _output.Call(_hidden.Call(seen));
        return _paint is null ? output : _paint.Call(output);
    }
}
