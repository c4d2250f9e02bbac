using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What the networks look like that say how features are transformed.</summary>
/// <param name="HiddenSizes">One layer or more.</param>
/// <param name="ResidualBlocks">After these, two layers each.</param>
/// <param name="ConditionSize">Width of what they see beside the features; 0 for nothing.</param>
internal sealed record Conditioning(IReadOnlyList<int> HiddenSizes, int ResidualBlocks, Activation Activation, double Dropout, int ConditionSize);

/// <summary>A residual network that gives the parameters by which features are transformed. Activations stand before the layers (He et al., 2016), and dropout before the last
/// of each block: dropout of the first layer's units, where there are few features, costs most of the density.</summary>
internal sealed class Conditioner : nn.Module
{
    private readonly OrderedDense[] _layers;   // the first, plain ones, two for every block, the last
    private readonly int _plain, _features, _parameters;
    private readonly Activation _activation;
    private readonly double _dropout;

    private Conditioner(int[] inputDegrees, int[] featureDegrees, int parametersPerFeature, Conditioning conditioning, Initializer initializer) : base(nameof(Conditioner))
    {
        _plain = conditioning.HiddenSizes.Count;
        _features = featureDegrees.Length;
        _parameters = parametersPerFeature;
        _activation = conditioning.Activation;
        _dropout = conditioning.Dropout;
        int[] degrees = [.. inputDegrees, .. Enumerable.Repeat(0, conditioning.ConditionSize)];   // everything sees the condition
        // units of other degrees than these would see nothing, or not be seen
        int highest = featureDegrees.Max(), lowest = Math.Min(degrees.Min(), highest);
        int[] sizes = [.. conditioning.HiddenSizes, .. Enumerable.Repeat(conditioning.HiddenSizes[^1], 2 * conditioning.ResidualBlocks)];
        _layers = new OrderedDense[sizes.Length + 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool last = i == sizes.Length;
            var next = last
                ? featureDegrees.SelectMany(degree => Enumerable.Repeat(degree, parametersPerFeature)).ToArray()
                : Enumerable.Range(0, sizes[i]).Select(unit => lowest + unit % (highest - lowest + 1)).ToArray();
            _layers[i] = new OrderedDense(degrees, next, initializer, startsAtZero: last);
            register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
            degrees = next;
        }
    }

    /// <summary>The parameters for a feature depend on all inputs.</summary>
    public static Conditioner Full(int inputs, int features, int parametersPerFeature, Conditioning conditioning, Initializer initializer) =>
        new(new int[inputs], new int[features], parametersPerFeature, conditioning, initializer);

    /// <summary>The inputs are the features, and the parameters for a feature depend on those before it alone (MADE, Germain et al., 2015).</summary>
    public static Conditioner Masked(int features, int parametersPerFeature, Conditioning conditioning, Initializer initializer) =>
        new([.. Enumerable.Range(1, features)], [.. Enumerable.Range(0, features)], parametersPerFeature, conditioning, initializer);

    /// <returns>(batch, features, parameters), 0 before training</returns>
    public Tensor Call(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var h = _layers[0].Call(x.asinh().BesideCondition(condition));   // (batch, units); rows far out do not throw the layers off their course
        int layer = 1;
        for (; layer < _plain; layer++) h = Hidden(layer, h, step);
        for (; layer < _layers.Length - 1; layer += 2) h = h + Hidden(layer + 1, Hidden(layer, h, null), step);
        return Hidden(layer, h, null).view(-1, _features, _parameters);
    }

    /// <inheritdoc cref="Call(Tensor, Tensor?, TrainingStep?)"/>
    public OnnxValue Call(OnnxValue x, OnnxValue? condition)
    {
        var h = _layers[0].Call(x.Asinh().BesideCondition(condition));
        int layer = 1;
        for (; layer < _plain; layer++) h = Hidden(layer, h);
        for (; layer < _layers.Length - 1; layer += 2) h = h + Hidden(layer + 1, Hidden(layer, h));
        return Hidden(layer, h).Reshape(-1, _features, _parameters);
    }

    private Tensor Hidden(int layer, Tensor h, TrainingStep? step) => _layers[layer].Call(_activation.Apply(h).Dropped(_dropout, step));

    private OnnxValue Hidden(int layer, OnnxValue h) => _layers[layer].Call(h.Activate(_activation));
}
