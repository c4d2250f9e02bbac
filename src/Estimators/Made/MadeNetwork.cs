using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>MADE: p(x) is the product over the variables, in some order, of p(x_i | those before it), all conditionals from one masked network (Germain et al., 2015);
/// with several orders, the mean of their densities.</summary>
internal sealed partial class MadeNetwork : GenerativeNetwork, ISampler, IVariationSampler, IImputer, ILogDensity, IScorer
{
    // floats of a layer that are worked on at a time: bounds memory, and keeps them in the cache
    private const long MostNumbersAtOnce = 1 << 20;

    /// <summary>Fewer rows than this are learnt longer, more carefully, and with inputs hidden.</summary>
    public const int FewRows = 5000;

    // more features than this are learnt by large networks of which much is dropped, all in the order of the features: others learn less of pixels or samples, and there is no time for many
    private const int ManyFeatures = 256;

    private const double DropoutOfLarge = 0.4;

    private readonly MadeOptions _options;
    private readonly InputTransform _transform;
    private readonly SpanConditionals _conditionals;
    private readonly MaskedStack _stack;
    private readonly IReadOnlyList<int[]> _positions;    // of each variable in each order
    private readonly int _widest;
    private readonly Tensor[] _hiddenShare;              // (orders, 1, 1) of the inputs in training, if anything is hidden

    public MadeNetwork(MadeOptions options, NetworkInput input, Initializer initializer) : base("made", input)
    {
        _options = options;
        int variables = Variable.Of(input.Spans).Count;
        if (options.FirstOrder is { } given && given.Count != variables)
            throw new ArgumentException($"FirstOrder has {given.Count} numbers, and the rows have {variables} variables; it must name each of them once.");
        register_module("transform", _transform = new InputTransform(input, halfWhitening: false, initializer));
        register_module("conditionals", _conditionals = new SpanConditionals(input, options.MixtureComponents, initializer));
        _positions = VariableOrders.Positions(variables, options.Orders ?? DefaultOrders(input), options.FirstOrder ?? [.. Enumerable.Range(0, variables)]);
        if (options.OrderWeights == OrderWeights.Separate && (options.RepeatFirstOrder ?? input.Features > ManyFeatures)) _positions = [.. _positions.Select(_ => _positions[0])];
        var hiddenShares = Enumerable.Range(0, options.OrderWeights == OrderWeights.Separate ? Orders : 1).Select(order => (float)(options.InputDropout ?? DefaultInputDropout(input, order))).ToArray();
        _hiddenShare = hiddenShares.Any(share => share > 0) ? [initializer.Derived(tensor(hiddenShares, device: initializer.Device).view(-1, 1, 1))] : [];
        var sizes = options.HiddenSizes ?? DefaultSizes(input);
        _widest = Math.Max(sizes.Max(), _conditionals.Parameters);
        register_module("stack", _stack = new MaskedStack(
            new MaskedStackInput(_conditionals.VariableOfFeature(), _conditionals.VariableOfParameter(), input.ConditionSize, _positions, options.OrderWeights != OrderWeights.Separate),
            new MaskedStackShape(sizes, options.ResidualBlocks, options.Activation, options.Training.Dropout ?? (IsLarge(input) ? DropoutOfLarge : 0), options.DirectConnections),
            _conditionals.StartingParameters(input), initializer));
    }

    public int Orders => _positions.Count;

    /// <summary>For each order, the position of each variable.</summary>
    internal IReadOnlyList<int[]> PositionsOfVariables => _positions;

    public DensityKind DensityKind => DensityKind.Exact;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative log-likelihood", Loss)];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    /// <summary>Whether a network is large unless the options say something else.</summary>
    public static bool IsLarge(NetworkInput input) => input.Features > ManyFeatures && input.Rows >= FewRows;

    private static IReadOnlyList<int> DefaultSizes(NetworkInput input) => [IsLarge(input) ? 2000 : Math.Clamp(8 * input.Features, 128, 500)];

    private static int DefaultOrders(NetworkInput input) => input.Features <= 32 ? 8 : input.Features <= ManyFeatures ? 4 : IsLarge(input) ? 3 : 1;

    // Hiding inputs helps some small tables much and harms others a little: one order in four is a mixture that comes near the better one on both.
    private static double DefaultInputDropout(NetworkInput input, int order) => input.Rows < FewRows && order % 4 == 3 ? 0.1 : 0;

    /// <summary>The mean over the batch and, where each order has its own weights, the orders, nats of transformed rows. What is held out is measured by the mean density.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                               // (batch, features), transformed
        if (step.Validating) return LogMeanDensity(y, batch.Condition).mean().neg();
        var masks = _options.OrderWeights switch
        {
            OrderWeights.Shared => _stack.Masks(Positions((int)(step.Step % Orders), 1)),
            OrderWeights.OrderAgnostic => _stack.Masks(randperm(_conditionals.Variables.Count, int64, y.device, generator: step.Generator).to(float32).unsqueeze(0)),
            _ => null,
        };
        var parameters = _stack.Call(PartlyHidden(y, step), batch.Condition, masks, step);   // (orders, batch, parameters)
        long orders = parameters.shape[0];
        return _conditionals.TotalLogDensity(y.unsqueeze(0).expand(orders, -1, -1), parameters).mul(-1.0 / (orders * batch.Rows));
    }

    // y, or (orders, batch, features) with other inputs hidden from each order
    private Tensor PartlyHidden(Tensor y, TrainingStep step)
    {
        if (_hiddenShare is not [var share]) return y;
        var uniform = empty([share.shape[0], .. y.shape], device: y.device).uniform_(0, 1, step.Generator);
        return y * uniform.ge(share).to(float32).div_(1 - share);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) foreach (var tensor in _hiddenShare) tensor.Dispose();
        base.Dispose(disposing);
    }

    public Tensor LogDensity(Tensor x, Tensor? condition) => LogMeanDensity(_transform.Apply(x), condition).sub_(_transform.LogVolume);

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    // (batch,) log of the mean over the orders, nats of transformed rows
    private Tensor LogMeanDensity(Tensor y, Tensor? condition)
    {
        if (_stack.PlanFor(y, condition) is { } plan && _conditionals.AreBernoulli) return LogMean(plan.BernoulliLogDensity(y.BesideCondition(condition)));
        long orders = _options.OrderWeights == OrderWeights.Separate ? Orders : Math.Clamp(MostNumbersAtOnce / (_widest * (long)Input.Features), 1, Orders);
        return RowBlocks.Compute(y, condition, Math.Max(1, MostNumbersAtOnce / (orders * _widest)), (rows, conditions) => OfBlock(rows, conditions, (int)orders));
    }

    // some rows at a time, under some orders at a time
    private Tensor OfBlock(Tensor y, Tensor? condition, int ordersAtOnce)
    {
        if (_stack.PlanFor(y, condition) is { } plan) return LogMean(_conditionals.LogDensity(y, plan.Outputs(y.BesideCondition(condition))));
        if (_options.OrderWeights == OrderWeights.Separate) return LogMean(_conditionals.LogDensity(y, _stack.Call(y, condition)));
        var all = new List<Tensor>();
        for (int first = 0; first < Orders; first += ordersAtOnce)
        {
            using var scope = NewDisposeScope();
            var masks = _stack.Masks(Positions(first, Math.Min(ordersAtOnce, Orders - first)));
            all.Add(_conditionals.LogDensity(y, _stack.Call(y, condition, masks)).MoveToOuterDisposeScope());   // (orders, batch)
        }
        return LogMean(cat(all));
    }

    private Tensor LogMean(Tensor logDensities) => Orders == 1 ? logDensities.squeeze(0) : logDensities.logsumexp(0).sub_(Math.Log(Orders));

    // (count, variables)
    private Tensor Positions(int first, int count) =>
        tensor(_positions.Skip(first).Take(count).SelectMany(p => p.Select(i => (float)i)).ToArray(), device: _transform.Mean.device).view(count, -1);
}
