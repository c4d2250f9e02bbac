using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>EoNADE (Uria et al., 2014): one set of weights for all orders of the variables. Trained on the conditionals of what is not known of a row, with what is known drawn anew
/// for every row and step; its density is the mean over an ensemble of orders.</summary>
internal sealed partial class OrderAgnosticNadeNetwork : GenerativeNetwork, ISampler, IVariationSampler, ILogDensity, IScorer, IImputer
{
    private readonly InputTransform _transform;
    private readonly SpanConditionals _conditionals;

    public OrderAgnosticNadeNetwork(NadeOptions options, NetworkInput input, Initializer initializer) : base("nade", input)
    {
        register_module("transform", _transform = new InputTransform(input, false, initializer));
        register_module("conditionals", _conditionals = new SpanConditionals(input, options.MixtureComponents, initializer));
        Layers = new NadeLayers(input, _conditionals, options, indicators: true, initializer);
        foreach (var (name, module) in Layers.Modules) register_module(name, module);
        Orders = Enumerable.Range(0, options.Orders).Select(i => new NadeOrder(Order(i), _conditionals, true, initializer)).ToArray();
    }

    public DensityKind DensityKind => DensityKind.Exact;

    internal NadeLayers Layers { get; }

    internal IReadOnlyList<NadeOrder> Orders { get; }

    private int Variables => _conditionals.Variables.Count;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative log-density", Loss)];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    /// <summary>An unbiased estimate of the negative log-density, averaged over all orders (Uria et al., 2014, equation 9): for every row a random order and a random point in it; what
    /// comes after the point is predicted from what comes before.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        Tensor known, weights;
        using (no_grad())
        {
            long rows = batch.Rows;
            var ranks = empty(rows, Variables, device: step.Device).uniform_(0, 1, step.Generator).argsort(1).argsort(1);   // (batch, variables)
            var points = empty(rows, 1, device: step.Device).uniform_(0, Variables, step.Generator).floor_().clamp_(0, Variables - 1);
            known = ranks.lt(points).to(float32);
            weights = (1 - known) / (Variables - points) * ((float)Variables / rows);
        }
        var outputs = Layers.OutputsGiven(batch.X, batch.Condition, known, known.index_select(1, Layers.VariableOfFeature), step);
        return _conditionals.LogDensities(batch.X, outputs).mul(weights).sum().neg();
    }

    /// <summary>log of the mean density over the ensemble of orders, each of which is exact.</summary>
    public Tensor LogDensity(Tensor x, Tensor? condition)
    {
        var y = _transform.Apply(x);
        var perOrder = stack(Orders.Select(order => LogDensity(y, condition, order)).ToList(), 0);   // (orders, batch)
        return perOrder.logsumexp(0) - Math.Log(Orders.Count) - _transform.LogVolume;
    }

    private Tensor LogDensity(Tensor y, Tensor? condition, NadeOrder order)
    {
        using var scope = NewDisposeScope();
        return _conditionals.LogDensity(y, Layers.Outputs(y, condition, order)).MoveToOuterDisposeScope();
    }

    public Tensor Score(Tensor x, Tensor? condition) => -LogDensity(x, condition);

    /// <summary>Rows of the ensemble: each is drawn in one of the orders.</summary>
    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        var device = _transform.Mean.device;
        var which = special.ndtr(empty(rows, device: device).normal_(0, 1, generator));   // (batch,)
        var noise = empty(rows, NoiseWidths[1], device: device).normal_(0, 1, generator);
        var y = zeros(rows, Input.Features, device: device);
        for (int i = 0; i < Orders.Count; i++)
        {
            using var scope = NewDisposeScope();
            var inOrder = which.gt(i / (float)Orders.Count);
            if (i == 0) inOrder = ones_like(inOrder);
            if (i + 1 < Orders.Count) inOrder = inOrder.logical_and(which.gt((i + 1) / (float)Orders.Count).logical_not());
            var drawn = inOrder.nonzero().view(-1);                                       // the rows of this order
            if (drawn.numel() == 0) continue;
            var part = zeros(drawn.shape[0], Input.Features, device: device);
            Layers.Draw(part, null, condition?.index_select(0, drawn), Orders[i], noise.index_select(0, drawn));
            y.index_copy_(0, drawn, part);
        }
        return _transform.Invert(y);
    }

    /// <summary>Each row keeps some of its variables, whichever, and has the others drawn anew, given those: as many as <paramref name="temperature"/> times a uniformly drawn share
    /// of all.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var ranks = empty(x.shape[0], Variables, device: x.device).uniform_(0, 1, generator).argsort(1).argsort(1);   // (batch, variables)
        var known = ranks.to(float32).lt(Variables - NadeLayers.Redrawn(x, Variables, temperature, generator)).to(float32);
        return Fill(x, known, condition, generator);
    }

    /// <summary>Draws what is not known from its conditional distribution given all that is; a category with an unknown number is unknown.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        var unknownNumbers = zeros(x.shape[0], Variables, device: x.device).index_add_(1, Layers.VariableOfFeature, 1 - known, 1);
        return Fill(x, unknownNumbers.eq(0).to(float32), condition, generator);
    }

    // known: (batch, variables)
    private Tensor Fill(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        var isKnown = known.index_select(1, Layers.VariableOfFeature).to(@bool);                       // (batch, features)
        var y = where(isKnown, _transform.Apply(where(isKnown, x, _transform.Mean)), zeros_like(x));
        var noise = empty(x.shape[0], NoiseWidths[1], device: x.device).normal_(0, 1, generator);
        Layers.Draw(y, known, condition, Orders[0], noise);
        return where(isKnown, x, _transform.Invert(y));
    }

    // the same orders for the same number of variables, whatever the seed: they are no part of what is learnt
    private int[] Order(int number)
    {
        var order = Enumerable.Range(0, Variables).ToArray();
        if (number == 0) return order;
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)(RandomSeeds.Of(number, i) % (i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var order in Orders) order.Dispose();
            Layers.Dispose();
        }
        base.Dispose(disposing);
    }
}
