using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Dense layers of which the outputs for a feature depend on the features before it alone, and on the condition (MADE, Germain et al., 2015).</summary>
internal sealed class MaskedConditioner : nn.Module
{
    private readonly OrderedDense[] _layers;
    private readonly int _features, _parameters;
    private readonly Activation _activation;
    private readonly double _dropout;

    public MaskedConditioner(int features, int parametersPerFeature, Conditioning conditioning, Initializer initializer) : base(nameof(MaskedConditioner))
    {
        _features = features;
        _parameters = parametersPerFeature;
        _activation = conditioning.Activation;
        _dropout = conditioning.Dropout;
        // how many features a unit may see, at most: the condition none, feature i itself and those before it
        var degrees = Enumerable.Range(1, features).Concat(Enumerable.Repeat(0, conditioning.ConditionSize)).ToArray();
        // the first feature's parameters come from units that see the condition alone
        int lowest = conditioning.ConditionSize > 0 || features == 1 ? 0 : 1;
        _layers = new OrderedDense[conditioning.HiddenSizes.Count + 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool last = i == _layers.Length - 1;
            var next = last
                ? Enumerable.Range(0, features * parametersPerFeature).Select(output => output / parametersPerFeature).ToArray()
                : Enumerable.Range(0, conditioning.HiddenSizes[i]).Select(unit => lowest + unit % (features - lowest)).ToArray();
            _layers[i] = new OrderedDense(degrees, next, initializer, last ? 0 : null);
            register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
            degrees = next;
        }
    }

    /// <returns>(batch, features, parameters)</returns>
    public Tensor Call(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var h = x.asinh().BesideCondition(condition);   // rows far out do not throw the layers off their course
        foreach (var layer in _layers[..^1])
        {
            var next = _activation.ApplyInPlace(layer.Call(h)).Dropped(_dropout, step);
            h = layer.IsSquare ? h + next : next;       // a layer as wide as the one before adds to it (He et al., 2016)
        }
        return _layers[^1].Call(h).view(-1, _features, _parameters);
    }

    /// <inheritdoc cref="Call(Tensor, Tensor?, TrainingStep?)"/>
    public OnnxValue Call(OnnxValue x, OnnxValue? condition)
    {
        var h = x.Asinh().BesideCondition(condition);
        foreach (var layer in _layers[..^1])
        {
            var next = layer.Call(h).Activate(_activation);
            h = layer.IsSquare ? h + next : next;
        }
        return _layers[^1].Call(h).Reshape(-1, _features, _parameters);
    }
}
