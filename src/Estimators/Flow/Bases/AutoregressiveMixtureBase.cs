using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Every feature a mixture of Gaussians that those before it, and the condition, decide (Uria et al., 2013): the most that a base can learn. Draws take one pass per feature.</summary>
internal sealed class AutoregressiveMixtureBase : FlowBase
{
    private const int NoisePerFeature = 2;   // one chooses the component, one is added to its mean

    private readonly Conditioner _conditioner;
    private readonly MixtureGroup _mixtures;
    private readonly Parameter _start;   // (features·parameters,)
    private readonly int _features;

    public AutoregressiveMixtureBase(int features, int components, Conditioning conditioning, Initializer initializer) : base(nameof(AutoregressiveMixtureBase))
    {
        _features = features;
        register_module("mixtures", _mixtures = new MixtureGroup(Enumerable.Range(0, features).ToList(), components));
        register_module("conditioner", _conditioner = Conditioner.Masked(features, _mixtures.ParametersPerVariable, conditioning, initializer));
        _start = this.Own("start", initializer.StartingFrom(_mixtures.StartingParameters(new float[features], rows: 0)));
    }

    public override int NoiseWidth => NoisePerFeature * _features;

    public override Tensor LogDensity(Tensor z, Tensor? condition, TrainingStep? step) => _mixtures.LogDensities(z, Parameters(z, condition, step)).sum(-1);

    /// <summary>How far every feature lies from what those before it lead to expect, in deviations.</summary>
    public override Tensor Encode(Tensor z, Tensor? condition)
    {
        var (mean, deviation) = _mixtures.Moments(Parameters(z, condition, null));
        return (z - mean) / deviation;
    }

    public override Tensor FromNoise(Tensor noise, Tensor? condition)
    {
        var byFeature = noise.view(-1, _features, NoisePerFeature);
        var z = zeros(noise.shape[0], _features, device: noise.device);
        for (int i = 0; i < _features; i++)
        {
            using var scope = NewDisposeScope();
            var parameters = Parameters(z, condition, null).view(-1, _features, _mixtures.ParametersPerVariable).select(1, i);
            z.narrow(1, i, 1).copy_(_mixtures.Draw(parameters, byFeature.narrow(1, i, 1), i));
        }
        return z;
    }

    public override Tensor ToNoise(Tensor z, Tensor? condition, Generator generator)
    {
        var (level, deviation) = _mixtures.Explain(z, Parameters(z, condition, null), generator);
        return stack([NormalQuantile.Of(level), deviation], -1).view(-1, NoiseWidth);
    }

    public override OnnxValue LogDensity(OnnxValue z, OnnxValue? condition) => _mixtures.LogDensities(z, Parameters(z, condition)).Sum(-1);

    public override OnnxValue Encode(OnnxValue z, OnnxValue? condition)
    {
        var (mean, deviation) = _mixtures.Moments(Parameters(z, condition));
        return (z - mean) / deviation;
    }

    public override OnnxValue FromNoise(OnnxValue noise, OnnxValue? condition)
    {
        var byFeature = noise.Reshape(-1, _features, NoisePerFeature);
        var z = byFeature.Narrow(-1, 0, 1).Squeeze(-1) * 0;   // (batch, features)
        for (int i = 0; i < _features; i++) z = z.WithFeature(i, _features, _mixtures.Draw(Parameters(z, condition), byFeature));
        return z;
    }

    private Tensor Parameters(Tensor z, Tensor? condition, TrainingStep? step) => _conditioner.Call(z, condition, step).view(z.shape[0], -1) + _start;

    private OnnxValue Parameters(OnnxValue z, OnnxValue? condition) =>
        _conditioner.Call(z, condition).Reshape(-1, _features * _mixtures.ParametersPerVariable) + z.Graph.Weights(_start);
}
