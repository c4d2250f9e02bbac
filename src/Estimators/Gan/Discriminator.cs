using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Says how real packs of rows look: f(φ(x)) + ⟨V·c, φ(x)⟩, with φ the hidden layers and c the condition (projection, Miyato and Koyama, 2018). The rows of a pack are seen together
/// (Lin et al., 2018): packs of drawn rows that lack variety are told from real ones at sight.
/// </summary>
internal sealed class Discriminator : nn.Module
{
    private readonly Dense[] _layers;
    private readonly Dense _output;
    private readonly Parameter? _projection;    // (features of φ, conditions of a pack)
    private readonly SpectralNorm[] _norms;     // of the layers, the output and the projection; empty without
    private readonly Tensor? _frequencies;      // (1, waves)
    private readonly bool _seesNoise;
    private readonly Activation _activation;
    private readonly ImageEncoder? _look;

    /// <param name="width">Numbers of a pack.</param>
    /// <param name="conditionSize">Conditions of a pack, 0 for none.</param>
    /// <param name="look">What each image of a pack becomes first; null if rows are none.</param>
    /// <param name="waves">Frequencies at which every number is also seen as sine and cosine, 0 for none.</param>
    /// <param name="seesNoise">Whether it is told how much noise there is on a pack.</param>
    public Discriminator(
        int width, int conditionSize, IReadOnlyList<int> hiddenSizes, int waves, bool seesNoise, Activation activation, bool spectralNormalization, Initializer initializer, ImageEncoder? look = null) : base(nameof(Discriminator))
    {
        _activation = activation;
        _seesNoise = seesNoise;
        if (look is not null)
        {
            register_module("look", _look = look);
            width = width / look.Features * look.Outputs;
        }
        if (waves > 0) _frequencies = this.Own("frequencies", initializer.Fixed([.. Enumerable.Range(0, waves).Select(wave => LowestFrequency * MathF.Pow(2, wave))], 1, waves));
        _layers = new Dense[hiddenSizes.Count];
        FeatureSize = width * (1 + 2 * waves) + (seesNoise ? 1 : 0);
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new Dense(FeatureSize, hiddenSizes[i], initializer);
            register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
            FeatureSize = hiddenSizes[i];
        }
        register_module("output", _output = new Dense(FeatureSize, 1, initializer));
        if (conditionSize > 0) _projection = this.Own("projection", initializer.Uniform(1 / Math.Sqrt(FeatureSize), FeatureSize, conditionSize));
        _norms = spectralNormalization ? [.. Matrices.Select(matrix => new SpectralNorm(matrix, initializer))] : [];
        for (int i = 0; i < _norms.Length; i++) register_module(string.Create(CultureInfo.InvariantCulture, $"norm{i}"), _norms[i]);
    }

    // of sines, in radians per deviation of a feature
    private const float LowestFrequency = 2;

    /// <summary>What it is told of packs without noise, or with as little as there is in training; 1 stands for the most.</summary>
    public const float LeastNoise = -1;

    /// <summary>Size of φ.</summary>
    public int FeatureSize { get; }

    private IEnumerable<Parameter> Matrices => [.. _layers.Select(layer => layer.Weight), _output.Weight, .. _projection is null ? Array.Empty<Parameter>() : [_projection]];

    /// <summary>Brings the spectral norms up to the weights, which have moved a step.</summary>
    public void Iterate()
    {
        foreach (var (norm, matrix) in _norms.Zip(Matrices)) norm.Iterate(matrix);
    }

    /// <param name="x">(packs, width)</param>
    /// <param name="condition">(packs, conditions), or null.</param>
    /// <param name="noise">(packs, 1) how much noise there is, from <see cref="LeastNoise"/> to 1; null for the least.</param>
    /// <param name="frozen">Gradients for x, but none for the weights.</param>
    /// <returns>(packs,)</returns>
    public Tensor Call(Tensor x, Tensor? condition, Tensor? noise = null, bool frozen = false)
    {
        var features = Features(x, noise, frozen);                                                          // (packs, φ)
        var result = nn.functional.linear(features, Weight(_layers.Length, frozen), Bias(_output, frozen)).squeeze(-1);
        return _projection is null ? result : result + (features * nn.functional.linear(condition!, Weight(_layers.Length + 1, frozen))).sum(-1);
    }

    /// <returns>(packs, φ)</returns>
    public Tensor Features(Tensor x, Tensor? noise = null, bool frozen = false)
    {
        if (_look is not null) x = _look.Call(x.reshape(-1, _look.Features), frozen).view(x.shape[0], -1);
        x = Waves(x);
        if (_seesNoise) x = cat([x, noise ?? full(x.shape[0], 1, LeastNoise, device: x.device)], 1);
        for (int i = 0; i < _layers.Length; i++) x = _activation.Apply(nn.functional.linear(x, Weight(i, frozen), Bias(_layers[i], frozen)));
        return x;
    }

    private Tensor Waves(Tensor x)
    {
        if (_frequencies is null) return x;
        var angles = (x.unsqueeze(-1) * _frequencies).flatten(1);                                    // (packs, width·waves)
        return cat([x, angles.sin(), angles.cos()], 1);
    }

    // of the layers, the output and the projection, in this order
    private Tensor Weight(int matrix, bool frozen)
    {
        Tensor weight = matrix < _layers.Length ? _layers[matrix].Weight : matrix == _layers.Length ? _output.Weight : _projection!;
        if (frozen) weight = weight.detach();
        return _norms.Length == 0 ? weight : weight / _norms[matrix].Of(weight);
    }

    private static Tensor Bias(Dense layer, bool frozen) => frozen ? layer.Bias.detach() : layer.Bias;

    /// <inheritdoc cref="Call(Tensor, Tensor?, Tensor?, bool)"/>
    public OnnxValue Call(OnnxValue x, OnnxValue? condition)
    {
        var features = Features(x);
        var result = features.Linear(Weight(_layers.Length, frozen: true), _output.Bias).Squeeze(-1);
        return _projection is null ? result : result + (features * condition!.Linear(Weight(_layers.Length + 1, frozen: true))).Sum(-1);
    }

    /// <inheritdoc cref="Features(Tensor, Tensor?, bool)"/>
    public OnnxValue Features(OnnxValue x)
    {
        var noise = _seesNoise ? x.Narrow(1, 0, 1).Fill(LeastNoise) : null;
        if (_look is not null) x = _look.Call(x.Reshape(-1, _look.Features)).Reshape(-1, _layers[0].Weight.shape[1] - (_seesNoise ? 1 : 0));
        if (_frequencies is not null)
        {
            long waves = _frequencies.shape[1];
            var angles = (x.Unsqueeze(-1) * x.Graph.Weights(_frequencies)).Reshape(-1, (_layers[0].Weight.shape[1] - (_seesNoise ? 1 : 0)) / (1 + 2 * waves) * waves);
            x = x.Concatenate(1, angles.Sin(), angles.Cos());
        }
        if (noise is not null) x = x.Concatenate(1, noise);
        for (int i = 0; i < _layers.Length; i++) x = x.Linear(Weight(i, frozen: true), _layers[i].Bias).Activate(_activation);
        return x;
    }
}
