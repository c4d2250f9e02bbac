using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>How it learns: the edges, and weights of which the likelihood is exact, before the first step; others in steps, by pseudo-likelihood and persistent contrastive
/// divergence; the log-partition at the end.</summary>
internal sealed partial class PairwiseNetwork
{
    // of the steps, by pseudo-likelihood, which finds weights from which the chains are soon where they belong
    private const double ShareOfPseudoLikelihood = 0.5;

    // rows drawn from a network to see which pairs it has
    private const int FewestDrawnRows = 20_000, MostDrawnRows = 50_000;

    private Tensor? _mask;           // (all tokens, all tokens) 1 where the variables have an edge, while training
    private ColouredGibbs? _gibbs;   // while training
    private bool _usesChains;

    public override IReadOnlyList<Objective> Objectives =>
    [
        new Objective(_isFinal ? "negative log-likelihood" : "negative pseudo-log-likelihood", Loss) { WritesGradients = true, LearningRateScale = _isFinal ? 0 : 1 },
    ];

    public void Initialise(Func<IEnumerable<Batch>> rows, Generator generator, ITrainingLog log, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var labelWeights = _options.Training.BalanceLabels && Labels > 1 ? EvenLabels(rows()) : null;
        var counts = PairCounts.Of(rows(), _layout, x => _tensors.Indicators(_tensors.Tokens(x)), Labels, Smoothing, _couplings.device, labelWeights);
        double penalty = _options.Penalty ?? 0.1 / counts.Rows;
        SetBiases(ExactFit.OfTree(counts, new PairGraph(_layout.Count)).Nodes);
        if (_options.Structure == MarkovStructure.BoundedTreewidth)
        {
            var (graph, order, weights) = new ThinGraph(counts, Math.Min(MostTableEntries, PairwiseInference.MostEntries / _layout.Count), penalty, log, cancellation)
            {
                PairsOf = (tree, current) => DrawnPairs(tree, current, counts.LabelShares, (long)Math.Clamp(counts.Rows, FewestDrawnRows, MostDrawnRows), generator),
            }.Learn();
            SetEdges(graph);
            SetOrder(order);
            if (_options.MayBeExact) Finish(weights, graph, order);
            return;
        }
        var edges = EdgesOf(counts, rows, log, cancellation);
        SetEdges(edges);
        if (!_options.MayBeExact || OrderOf(edges) is not { } found)
        {
            log.Info($"{edges.Edges.Count()} edges; inference is not exact.");
            return;
        }
        var start = ExactFit.OfTree(counts, edges);
        bool isSolved = _options.Structure == MarkovStructure.Tree && Labels == 1;
        if (!isSolved) ExactFit.Run(start, counts, edges, new CliqueTree(_layout, edges, found), penalty, 1000, 1e-8, cancellation);
        SetOrder(found);
        Finish(start, edges, found);
    }

    // (labels, 1) weights of rows by which every label that there is counts as much, and all rows as many as they are
    private Tensor EvenLabels(IEnumerable<Batch> rows)
    {
        var counts = zeros(Labels, 1, device: _couplings.device);
        foreach (var batch in rows) counts.add_(batch.Condition!.sum(dim: 0).unsqueeze(1));
        return where(counts.gt(0), counts.sum() / (counts.gt(0).sum() * counts), zeros_like(counts));
    }

    private double Smoothing => _options.Smoothing ?? (_options.Structure == MarkovStructure.Tree ? 4 : 0.5);

    private PairGraph EdgesOf(PairCounts counts, Func<IEnumerable<Batch>> rows, ITrainingLog log, CancellationToken cancellation)
    {
        switch (_options.Structure)
        {
            case MarkovStructure.Tree:
                return PairGraph.SpanningTree(_layout.Count, (a, b) => counts.Divergence(a, b, counts.Independent));
            case MarkovStructure.Complete:
                return PairGraph.Complete(_layout.Count);
            case MarkovStructure.Grid:
                return PairGraph.Grid(_layout.Count, _options.GridWidth!.Value);
            case MarkovStructure.Given:
                return Given();
            case MarkovStructure.Sparse:
                return Sparse(rows, log, cancellation);
            default:
                throw new InvalidOperationException($"No edges for {_options.Structure}.");
        }
    }

    private PairGraph Given()
    {
        var graph = new PairGraph(_layout.Count);
        foreach (var edge in _options.Edges!) graph.Add(Find(edge.First), Find(edge.Second));
        return graph;

        int Find(string name)
        {
            for (int i = 0; i < _layout.Count; i++)
                if (_layout.Names[i] == name) return i;
            throw new ArgumentException($"Edges names '{name}', which there is not; there are {string.Join(", ", _layout.Names.Take(10).Select(n => $"'{n}'"))}{(_layout.Count > 10 ? ", …" : "")}.");
        }
    }

    private PairGraph Sparse(Func<IEnumerable<Batch>> rows, ITrainingLog log, CancellationToken cancellation)
    {
        var indicators = new List<Tensor>();
        var bias = new List<Tensor>();
        long taken = 0;
        foreach (var batch in rows())
        {
            if (taken >= SparseGraph.MostRows) break;
            indicators.Add(_tensors.Indicators(_tensors.Tokens(batch.X)));
            bias.Add(batch.Condition?.mm(_biases.view(Labels, -1)) ?? _biases.view(1, -1).expand(batch.Rows, -1));
            taken += batch.Rows;
        }
        double sparsity = _options.Sparsity ?? SparseGraph.DefaultPenalty(taken, _layout.Count);
        var (couplings, graph) = SparseGraph.Learn(_layout, _tensors, cat(indicators), cat(bias), sparsity, cancellation);
        log.Info(FormattableString.Invariant($"{graph.Edges.Count()} edges are left at a penalty of {sparsity:G3}."));
        _couplings.copy_(couplings);
        return graph;
    }

    private double[] DrawnPairs(CliqueTree tree, Potentials weights, double[] labelShares, long rows, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var sampler = new CliqueSampler(_layout, tree, weights, _couplings.device);
        var pairs = zeros(_layout.Tokens, _layout.Tokens, float64, _couplings.device);
        const int atOnce = 4096;
        for (long done = 0; done < rows; done += atOnce)
        {
            using var batch = NewDisposeScope();
            var uniform = empty(atOnce, _layout.Count, device: _couplings.device).uniform_(0, 1, generator);
            var labels = Labels == 1 ? null : multinomial(tensor(labelShares, float32, _couplings.device), atOnce, true, generator);
            var drawn = _tensors.Indicators(sampler.Draw(uniform, labels));
            pairs.add_(drawn.t().mm(drawn).to(float64));
        }
        double[] result = pairs.cpu().data<double>().ToArray();
        double total = (rows + atOnce - 1) / atOnce * atOnce;
        for (int i = 0; i < result.Length; i++) result[i] /= total;
        return result;
    }

    private void SetEdges(PairGraph graph)
    {
        var edges = new float[_layout.Count * _layout.Count];
        foreach (var (a, b) in graph.Edges) edges[a * _layout.Count + b] = edges[b * _layout.Count + a] = 1;
        _edges.copy_(tensor(edges, device: _edges.device).view(_layout.Count, _layout.Count));
    }

    private void SetOrder(EliminationOrder order) =>
        _order.copy_(tensor(Enumerable.Range(0, _layout.Count).Select(v => (float)Array.IndexOf(order.Variables, v)).ToArray(), device: _order.device));

    private void SetBiases(double[][] nodes) => _biases.copy_(tensor(nodes.SelectMany(node => node.Select(b => (float)b)).ToArray(), device: _biases.device));

    private void Finish(Potentials weights, PairGraph graph, EliminationOrder order)
    {
        SetBiases(weights.Nodes);
        var couplings = new float[_layout.Tokens * _layout.Tokens];
        foreach (var ((first, second), values) in graph.Edges.Zip(weights.Edges))
            for (int a = _layout.Offsets[first], k = 0; a < _layout.Offsets[first + 1]; a++)
                for (int b = _layout.Offsets[second]; b < _layout.Offsets[second + 1]; b++, k++)
                    couplings[a * _layout.Tokens + b] = couplings[b * _layout.Tokens + a] = (float)values[k];
        _couplings.copy_(tensor(couplings, device: _couplings.device).view(_layout.Tokens, _layout.Tokens));
        _isFinal = true;
        var tree = new CliqueTree(_layout, graph, order);
        SetLogPartitions([.. weights.Nodes.Select(nodes => new LogPartition(tree.Sum(nodes, weights.Edges), 0))]);
    }

    private void SetLogPartitions(LogPartition[] values)
    {
        _logPartition.copy_(tensor(values.Select(value => (float)value.Value).ToArray(), device: _logPartition.device).view(-1, 1));
        _logPartitionError.copy_(tensor(values.Select(value => (float)value.StandardError).ToArray(), device: _logPartition.device).view(-1, 1));
    }

    /// <summary>A step: measured only where the weights are final.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        using var noGradient = no_grad();
        if (_isFinal) return (Energy(_tensors.Indicators(_tensors.Tokens(batch.X)), batch.Condition, _biases.view(Labels, -1), _couplings) - LogPartitionOf(batch.Condition)).mean().neg();
        Prepare(step);
        var indicators = _tensors.Indicators(_tensors.Tokens(batch.X));
        var biases = _biases.view(Labels, -1);
        var couplings = Couplings(_mask!);
        var (loss, byLogits) = _tensors.PseudoLoss(indicators, batch.Condition?.mm(biases) ?? biases, couplings);
        if (step.Validating) return loss;
        if (_usesChains && !step.StartedTrained && step.Progress >= ShareOfPseudoLikelihood) WriteContrast(batch, indicators, biases, couplings, step);
        else
        {
            _couplings.grad?.copy_(TokenTensors.ByCouplings(indicators, byLogits).mul_(_mask!));
            _biases.grad?.copy_((batch.Condition?.t().mm(byLogits) ?? byLogits.sum(dim: 0)).view(-1));
        }
        return loss;
    }

    private void Prepare(TrainingStep step)
    {
        if (_mask is not null) return;
        var graph = Graph();
        _mask = MaskOf(graph).DetachFromDisposeScope();
        _usesChains = _chains is not null;
        if (!_usesChains) return;
        _gibbs = new ColouredGibbs(_layout, graph, step.Device);
    }

    // the shares of pairs in the batch less those in chains of rows drawn from the model, each moved by a sweep (Tieleman, 2008); chains take the labels in turn
    private void WriteContrast(Batch batch, Tensor indicators, Tensor biases, Tensor couplings, TrainingStep step)
    {
        long count = _chains!.shape[0];
        var ofChains = arange(count, int64, step.Device).remainder(Labels);
        var shares = batch.Condition?.mean([0]) ?? ones(1, device: step.Device);                                                // (labels,)
        var given = nn.functional.one_hot(ofChains, Labels).to(float32);                                                        // (chains, labels)
        var weights = (given * (shares / given.sum(dim: 0).clamp_min(1))).sum(dim: 1).unsqueeze(1);                              // (chains, 1)
        var tokens = _chains.to(int64);
        var drawn = _tensors.Indicators(tokens);
        _gibbs!.Sweep(tokens, drawn, given.mm(biases), couplings, null, step.Generator);
        _chains.copy_(tokens);
        var weighted = drawn * weights;
        double share = 1.0 / batch.Rows;
        _couplings.grad?.copy_((weighted.t().mm(drawn) - indicators.t().mm(indicators).mul_(share)).mul_(_mask!));
        var observed = batch.Condition?.t().mm(indicators) ?? indicators.sum(dim: 0).unsqueeze(0);
        _biases.grad?.copy_((given.t().mm(weighted) - observed.mul_(share)).view(-1));
    }

    /// <summary>The log-partition of the final weights.</summary>
    public void Calibrate(IEnumerable<Batch> batches)
    {
        _mask?.Dispose();
        _gibbs?.Dispose();
        (_mask, _gibbs) = (null, null);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (Inference.Tree is { } exact)
        {
            var weights = Inference.Weights.Value;
            _ = Inference.Sampler;
            SetLogPartitions([.. weights.Nodes.Select(nodes => new LogPartition(exact.Value.Sum(nodes, weights.Edges), 0))]);
            return;
        }
        var singles = PairCounts.Of(batches, _layout, x => _tensors.Indicators(_tensors.Tokens(x)), Labels, Math.Max(1, Smoothing), _couplings.device).Singles;
        using var generator = new Generator(0, _couplings.device);
        SetLogPartitions([.. singles.Select((shares, label) => Annealed(shares, label, generator))]);
    }

    // from the shares of single tokens on
    private LogPartition Annealed(double[] shares, int label, Generator generator)
    {
        using var scope = NewDisposeScope();
        var start = tensor(shares.Select(share => (float)Math.Log(share)).ToArray(), device: _couplings.device).unsqueeze(0);   // (1, all tokens), of log-partition 0
        var tokens = zeros(_options.Chains, _layout.Count, int64, _couplings.device);
        var indicators = _tensors.Indicators(tokens);
        Inference.Gibbs.Sweep(tokens, indicators, start, zeros_like(_couplings), null, generator);
        var path = new AnnealedNetwork(Inference.Gibbs, tokens, indicators, start, Inference.Biases.narrow(0, label, 1), Inference.Couplings, generator);
        return LogPartition.Of(AnnealedImportance.Run(path, logPartitionAtStart: 0, _options.AnnealingSteps));
    }
}
