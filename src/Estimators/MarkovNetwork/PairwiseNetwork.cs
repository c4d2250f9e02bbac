using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A pairwise Markov network: p(x) = exp(Σ_i b_i(x_i) + Σ over the edges (i, j) of w_ij(x_i, x_j)) / Z, over variables with a few tokens each. With a label, each label has its
/// own b, and Z.</summary>
internal sealed partial class PairwiseNetwork : GenerativeNetwork, IInitialised, ICalibrated, ITableSampler, IVariationSampler, IMostLikelyImputer, ILogDensity, IScorer
{
    private readonly MarkovNetworkOptions _options;
    private readonly TokenLayout _layout;
    private readonly TokenTensors _tensors;
    private readonly Parameter _couplings;         // (all tokens, all tokens), symmetric
    private readonly Parameter _biases;            // (labels · all tokens,), of one dimension, as is what must not decay
    private readonly Tensor _edges;                // (variables, variables) 1 where there is one
    private readonly Tensor _order;                // (variables,) where each stands in the order in which they are summed out
    private readonly Tensor _logPartition;         // (labels, 1)
    private readonly Tensor _logPartitionError;    // (labels, 1) standard error of it
    private readonly Tensor? _chains;              // (chains, variables) tokens, of persistent contrastive divergence
    private readonly TokenCells?[] _cells;         // of each column of a table; null where every token is one value
    private readonly TokenCentres _centres;
    private readonly Lazy<PairwiseInference> _inference;
    private bool _isFinal;                         // whether the weights are not for the steps to move

    public PairwiseNetwork(MarkovNetworkOptions options, TokenLayout layout, NetworkInput input, Initializer initializer) : base("markov", input)
    {
        _options = options;
        _layout = layout;
        Labels = Math.Max(1, input.ConditionSize);
        Part nodes = new("nodes"), pairs = new("pairs");
        register_module("nodes", nodes);
        register_module("pairs", pairs);
        _biases = nodes.Own("bias", initializer.Constant(0, Labels * layout.Tokens));
        _couplings = pairs.Own("weight", initializer.Constant(0, layout.Tokens, layout.Tokens));
        _edges = this.Own("edges", initializer.Zeros(layout.Count, layout.Count));
        _order = this.Own("order", initializer.Zeros(layout.Count));
        _logPartition = this.Own("logPartition", initializer.Zeros(Labels, 1));
        _logPartitionError = this.Own("logPartitionError", initializer.Zeros(Labels, 1));
        if (MayNeedChains) _chains = this.Own("chains", initializer.Zeros(options.Chains, layout.Count));
        _tensors = new TokenTensors(layout, input.Features, initializer);
        _cells = [.. input.TokenColumns.Select(column => TokenCells.Of(column, initializer))];
        _centres = input.TokenColumns.Count > 0 ? new(input.TokenColumns, initializer) : new(layout.Features);
        _inference = new(MakeInference);
    }

    /// <summary>How many sets of biases there are.</summary>
    public int Labels { get; }

    public TokenLayout Layout => _layout;

    /// <summary>What follows from the weights, once they are final.</summary>
    public PairwiseInference Inference => _inference.Value;

    public DensityKind DensityKind => Inference.IsExact ? DensityKind.Exact : DensityKind.Estimate;

    /// <summary>The log-partition of each label; one without labels.</summary>
    public IReadOnlyList<LogPartition> LogPartitions => [.. _logPartition.ToFloats().Zip(_logPartitionError.ToFloats(), (value, error) => new LogPartition(value, error))];

    private bool MayNeedChains => _options.Fit == MarkovFit.ContrastiveDivergence
        || (_options.Fit == MarkovFit.Automatic && _options.Structure is not (MarkovStructure.Tree or MarkovStructure.BoundedTreewidth));

    private PairwiseInference MakeInference()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = Graph();
        return new PairwiseInference(_layout, graph, OrderOf(graph), Couplings(MaskOf(graph)), _biases.view(Labels, -1).clone());
    }

    private PairGraph Graph()
    {
        float[] edges = _edges.ToFloats();
        var graph = new PairGraph(_layout.Count);
        for (int a = 0; a < _layout.Count; a++)
            for (int b = a + 1; b < _layout.Count; b++)
                if (edges[a * _layout.Count + b] > 0.5) graph.Add(a, b);
        return graph;
    }

    private EliminationOrder? OrderOf(PairGraph graph)
    {
        float[] places = _order.ToFloats();
        return PairwiseInference.OrderOf(_layout, graph, [.. Enumerable.Range(0, _layout.Count).OrderBy(v => places[v])], MostTableEntries);
    }

    // inference in a tree takes tables of two variables, and is exact whatever they take
    private double MostTableEntries => Math.Max(_options.Structure == MarkovStructure.Tree ? (double)_layout.Widest * _layout.Widest : 0, _options.MostTableEntries ?? (_layout.Widest == 2 ? 4096 : 16_384));

    // (all tokens, all tokens)
    private Tensor Couplings(Tensor mask) => (_couplings + _couplings.t()).mul_(mask * 0.5);

    private Tensor MaskOf(PairGraph graph)
    {
        var edges = new float[_layout.Count * _layout.Count];
        foreach (var (a, b) in graph.Edges) edges[a * _layout.Count + b] = edges[b * _layout.Count + a] = 1;
        return _tensors.ForTokens(tensor(edges, device: _couplings.device).view(_layout.Count, _layout.Count));
    }

    public override Tensor Prepare(Tensor x) => x;

    public Tensor LogDensity(Tensor x, Tensor? condition)
    {
        var indicators = _tensors.Indicators(_tensors.Tokens(x));
        return Energy(indicators, condition, Inference.Biases, Inference.Couplings) - LogPartitionOf(condition) + WithinTokens(x);
    }

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    // (batch,) log-density up to the log-partition
    private static Tensor Energy(Tensor indicators, Tensor? condition, Tensor biases, Tensor couplings)
    {
        var bias = condition is null ? biases : condition.mm(biases);                                     // (batch or 1, all tokens)
        return addcmul(bias, indicators.mm(couplings), ones(1, device: indicators.device), 0.5).mul_(indicators).sum(dim: 1);
    }

    // (batch or 1,)
    private Tensor LogPartitionOf(Tensor? condition) => (condition is null ? _logPartition : condition.mm(_logPartition)).squeeze(1);

    // (batch,) log-density of the values given their tokens
    private Tensor WithinTokens(Tensor x)
    {
        var result = zeros(x.shape[0], device: x.device);
        for (int j = 0; j < _cells.Length; j++)
            if (_cells[j] is { } cells) result.add_(cells.LogWithin(x));
        return result;
    }

    // (batch,) Int64 number of each row's label; null without
    private static Tensor? LabelsOf(Tensor? condition) => condition?.argmax(1);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_inference.IsValueCreated) _inference.Value.Dispose();
            _tensors.Dispose();
            _mask?.Dispose();
            _gibbs?.Dispose();
            foreach (var cells in _cells) cells?.Dispose();
            _centres.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>What weights belong to, by which they can be frozen.</summary>
    private sealed class Part(string name) : nn.Module(name);
}
