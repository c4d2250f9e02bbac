using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>NADE (Larochelle and Murray, 2011) in the order of the columns, RNADE (Uria et al., 2013) where they are continuous: p(x) = Π p(x_t | x_1 … x_{t−1}), trained on
/// its exact log-density.</summary>
internal sealed partial class NadeNetwork : GenerativeNetwork, ISampler, IVariationSampler, ILogDensity, IScorer
{
    private readonly InputTransform _transform;
    private readonly SpanConditionals _conditionals;
    private readonly NadeOrder _order;

    public NadeNetwork(NadeOptions options, NetworkInput input, Initializer initializer) : base("nade", input)
    {
        register_module("transform", _transform = new InputTransform(input, false, initializer));
        register_module("conditionals", _conditionals = new SpanConditionals(input, options.MixtureComponents, initializer));
        Layers = new NadeLayers(input, _conditionals, options, indicators: false, initializer);
        foreach (var (name, module) in Layers.Modules) register_module(name, module);
        _order = new NadeOrder(Enumerable.Range(0, _conditionals.Variables.Count).ToList(), _conditionals, false, initializer);
    }

    public DensityKind DensityKind => DensityKind.Exact;

    internal NadeLayers Layers { get; }

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative log-density", Loss) { WritesGradients = true }];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    private Tensor Loss(Batch batch, TrainingStep step)
    {
        foreach (var parameter in step.Validating ? [] : parameters()) parameter.grad?.zero_();
        return Layers.Loss(batch.X, batch.Condition, _order, step);
    }

    public Tensor LogDensity(Tensor x, Tensor? condition)
    {
        var y = _transform.Apply(x);
        return _conditionals.LogDensity(y, Layers.Outputs(y, condition, _order)) - _transform.LogVolume;   // (batch,)
    }

    public Tensor Score(Tensor x, Tensor? condition) => -LogDensity(x, condition);

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        var y = zeros(rows, Input.Features, device: _transform.Mean.device);
        Layers.Draw(y, null, condition, _order, Noise(rows, generator));
        return _transform.Invert(y);
    }

    /// <summary>Each row keeps its first variables and has the others drawn anew, given those: as many as <paramref name="temperature"/> times a uniformly drawn share of all. The
    /// model's distribution stays what it is under such steps, as under a Gibbs sampler's.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var positions = arange(0, Variables, int64, x.device).to(float32);
        var known = positions.lt(Variables - NadeLayers.Redrawn(x, Variables, temperature, generator)).to(float32);   // (batch, variables)
        var y = _transform.Apply(x) * known.index_select(1, Layers.VariableOfFeature);
        Layers.Draw(y, known, condition, _order, Noise(x.shape[0], generator));
        return _transform.Invert(y);
    }

    private int Variables => _conditionals.Variables.Count;

    private Tensor Noise(long rows, Generator generator) => empty(rows, NoiseWidths[0], device: _transform.Mean.device).normal_(0, 1, generator);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _order.Dispose();
            Layers.Dispose();
        }
        base.Dispose(disposing);
    }
}
