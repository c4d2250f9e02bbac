using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Σ_k π_k·N(μ_k, diag σ_k²), all of it learned; one component is a diagonal Gaussian.</summary>
internal sealed class MixtureBase : FlowBase
{
    private readonly Parameter _logits;      // (components,)
    private readonly Parameter _means;       // (components, features)
    private readonly Parameter _logScales;   // (components, features)
    private readonly int _components, _features;

    public MixtureBase(int features, int components, Initializer initializer) : base(nameof(MixtureBase))
    {
        _components = components;
        _features = features;
        _logits = this.Own("logits", initializer.Constant(0, components));
        _means = this.Own("means", initializer.Uniform(components == 1 ? 0 : 1.5, components, features));   // apart, or they would all learn the same
        _logScales = this.Own("logScales", initializer.Constant(0, components, features));
    }

    // one component leaves nothing to choose
    public override int NoiseWidth => _components == 1 ? _features : 1 + _features;

    public override Tensor LogDensity(Tensor z, Tensor? condition, TrainingStep? step) => LogJoint(z).logsumexp(-1);

    public override Tensor Encode(Tensor z, Tensor? condition) => z;

    public override Tensor FromNoise(Tensor noise, Tensor? condition)
    {
        if (_components == 1) return noise * _logScales.exp() + _means;
        var level = special.ndtr(noise.narrow(1, 0, 1));                                                // (batch, 1) uniform
        var chosen = level.ge(_logits.softmax(0).cumsum(0).narrow(0, 0, _components - 1)).sum(-1);      // (batch,)
        return noise.narrow(1, 1, _features) * _logScales.exp().index_select(0, chosen) + _means.index_select(0, chosen);
    }

    public override Tensor ToNoise(Tensor z, Tensor? condition, Generator generator)
    {
        if (_components == 1) return (z - _means) * (-_logScales).exp();
        var chosen = multinomial(LogJoint(z).softmax(-1), 1, true, generator).view(-1);                  // (batch,)
        var chances = _logits.softmax(0);
        var height = empty(z.shape[0], device: z.device).uniform_(0, 1, generator);                     // within the component's share of the levels
        var level = chances.cumsum(0).index_select(0, chosen) - chances.index_select(0, chosen) * height;
        var deviation = (z - _means.index_select(0, chosen)) * (-_logScales).exp().index_select(0, chosen);
        return cat([NormalQuantile.Of(level).unsqueeze(1), deviation], 1);
    }

    public override OnnxValue LogDensity(OnnxValue z, OnnxValue? condition)
    {
        var graph = z.Graph;
        var deviation = (z.Unsqueeze(1) - graph.Weights(_means)) * (-graph.Weights(_logScales)).Exp();   // (batch, components, features)
        return ((deviation * deviation).Sum(-1) * -0.5f + graph.Weights(LogWeights())).LogSumExp(-1);
    }

    public override OnnxValue Encode(OnnxValue z, OnnxValue? condition) => z;

    public override OnnxValue FromNoise(OnnxValue noise, OnnxValue? condition)
    {
        var graph = noise.Graph;
        var (means, scales) = (graph.Weights(_means), graph.Weights(_logScales).Exp());
        if (_components == 1) return noise * scales + means;
        var level = noise.Narrow(1, 0, 1).NormalDistribution();
        var levels = graph.Weights(_logits.softmax(0).cumsum(0).narrow(0, 0, _components - 1));
        var chosen = level.GreaterOrEqual(levels).ToFloat().Sum(-1).ToIntegers();
        return noise.Narrow(1, 1, _features) * scales.GatherRows(chosen) + means.GatherRows(chosen);
    }

    // (batch, components)
    private Tensor LogJoint(Tensor z)
    {
        var deviation = (z.unsqueeze(1) - _means) * (-_logScales).exp();   // (batch, components, features)
        return deviation.square().sum(-1) * -0.5 + LogWeights();
    }

    // (components,): log of the weights over the normalisers
    private Tensor LogWeights() => _logits.log_softmax(0) - _logScales.sum(-1) - _features * Math.Log(2 * Math.PI) / 2;
}
