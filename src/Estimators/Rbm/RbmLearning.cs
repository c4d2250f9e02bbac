using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>How a layer learns: the gradient of the log-likelihood, in closed form, from rows and from draws of the layer itself.</summary>
internal sealed class RbmLearning : nn.Module
{
    // share of a batch in the running mean of the hidden units
    private const double OffsetRate = 0.01;

    // draws make the steps so noisy that the weights are never as good as their mean
    private const double AveragedShareOfLayer = 0.08;

    // of as many, each is seen less often: learning has to be faster, and needs less to hold it back
    private const int ManyRows = 20_000;

    /// <summary>Longest gradient of a log-variance that is not shortened: draws that are far out make it larger, and so the next ones lie further out.</summary>
    public const double LongestOfVariance = 0.1;

    private readonly RbmLayer _layer;
    private readonly RbmLearningOptions _options;
    private readonly BinaryRbmStep _binary;
    private readonly Tensor _chains;           // (temperatures·chains, hidden) 0 or 1, the coldest temperature first; chain i has condition i mod conditions
    private readonly Tensor? _conditions;      // (chains, conditions), one-hot

    public RbmLearning(RbmLayer layer, RbmLearningOptions options, Initializer initializer) : base(nameof(RbmLearning))
    {
        _layer = layer;
        _options = options;
        _binary = new BinaryRbmStep(layer, options);
        int conditions = Math.Max(1, layer.Conditions);
        Chains = (options.Chains + conditions - 1) / conditions * conditions;
        Temperatures = options.Gradient == RbmGradient.ParallelTempering ? options.Temperatures : 1;
        _chains = this.Own("chains", initializer.Zeros(Temperatures * Chains, layer.Hidden));
        if (layer.Conditions > 0)
            _conditions = initializer.Derived(nn.functional.one_hot(arange(Chains, device: initializer.Device).remainder(conditions), conditions).to(float32));
    }

    /// <summary>Chains of each temperature.</summary>
    public int Chains { get; }

    public int Temperatures { get; }

    /// <summary>Hidden states that belong to draws from the layer, (chains, hidden).</summary>
    public Tensor States => _chains.narrow(0, 0, Chains);

    /// <summary>What the chains are conditioned on, (chains, conditions); null without conditions.</summary>
    public Tensor? Conditions => _conditions;

    /// <summary>Writes the gradient of the negative log-likelihood into the parameters, as far as it can be estimated.</summary>
    /// <returns>Mean free energy of the rows less that of the draws: the figure whose gradient it is.</returns>
    public Tensor Learn(Tensor v, Tensor? condition, UnitNoise noise)
    {
        using var noGradient = no_grad();
        if (_binary.Suits(v, condition))
        {
            var (loss, meanHidden) = _binary.Learn(v, _chains, noise);
            if (_options.Centered) _layer.HiddenOffset.mul_(1 - OffsetRate).add_(tensor(meanHidden), OffsetRate);
            return tensor((float)loss);
        }
        var biases = _layer.Biases(condition);
        var h = _layer.HiddenLogits(v, biases);                                              // (batch, hidden)
        var energy = _layer.FreeEnergy(v, h, biases).mean();
        var states = _options.Gradient == RbmGradient.ContrastiveDivergence ? noise.DrawBeside(h) : h.sigmoid_();   // of h, which now holds chances
        var drawn = _options.Gradient switch
        {
            RbmGradient.ContrastiveDivergence => Contrast(states, condition, noise),
            RbmGradient.Persistent => GoOn(Shares(condition), noise),
            _ => Temper(Shares(condition), noise),
        };
        Write(new RbmDraws(v, h, biases, condition, null, energy), drawn);
        if (_options.Centered) _layer.HiddenOffset.mul_(1 - OffsetRate).add_(h.mean([0]), OffsetRate);
        return energy - drawn.FreeEnergy;
    }

    /// <summary>Hidden states that belong to draws from the layer, with the conditions that they are under: those of the chains, or, for contrastive divergence, some Gibbs steps from rows.</summary>
    /// <param name="v">(batch, visible)</param>
    public (Tensor States, Tensor? Conditions) Draws(Tensor v, Tensor? condition, UnitNoise noise)
    {
        if (_options.Gradient != RbmGradient.ContrastiveDivergence) return (States, _conditions);
        var biases = _layer.Biases(condition);
        var h = noise.Draw(_layer.HiddenLogits(v, biases));
        for (int step = 0; step < _options.GibbsSteps; step++) h = Sweep(h, biases, noise);
        return (h, condition);
    }

    /// <summary>Moves the chains to draws from the layer as it is.</summary>
    /// <param name="v">Rows to start from where the chains are not those of training.</param>
    public void Settle(Tensor v, int steps, UnitNoise noise)
    {
        using var noGradient = no_grad();
        if (_options.Gradient == RbmGradient.ContrastiveDivergence)
        {
            var repeated = arange(Chains, int64, v.device).remainder(v.shape[0]);
            States.copy_(noise.Draw(_layer.HiddenLogits(v.index_select(0, repeated), _layer.Biases(_conditions))));
        }
        Mix(steps, noise);
    }

    private void Mix(int steps, UnitNoise noise)
    {
        var states = States;
        var biases = _layer.Biases(_conditions);
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            states.copy_(Sweep(states, biases, noise));
        }
    }

    // a step of Gibbs sampling: the visible units given the hidden ones, and these given them
    private Tensor Sweep(Tensor h, RbmBiases biases, UnitNoise noise) => noise.Draw(_layer.HiddenLogits(_layer.DrawVisible(_layer.VisibleInput(h, biases), noise), biases));

    /// <summary>Starts the chains from those of a layer below, whose hidden units are the visible ones of this layer, after some steps more under the weights that it has ended with.</summary>
    public void StartFrom(RbmLearning below, int steps, UnitNoise noise)
    {
        below.Mix(steps, noise);
        for (int temperature = 0; temperature < Temperatures; temperature++)
            _chains.narrow(0, temperature * Chains, Chains).copy_(noise.Draw(_layer.HiddenLogits(below.States, _layer.Biases(_conditions))));
    }

    /// <summary>Draws of the visible units by Gibbs sampling, as what <see cref="RbmLayer.VisibleInput(Tensor, RbmBiases)"/> gives of the last states: rows of the chains, one block after the other.</summary>
    /// <returns>(rows of the block, visible)</returns>
    public IEnumerable<Tensor> DrawInputs(long rows, Tensor? condition, GibbsSamplingOptions sampling, UnitNoise noise)
    {
        long chains = condition is null ? Math.Min(rows, sampling.Chains) : rows;
        var biases = _layer.Biases(condition);
        var h = DrawStates(chains, condition, noise);
        int steps = sampling.BurnIn;
        for (long left = rows; left > 0; left -= chains)
        {
            for (int step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                h = Sweep(h, biases, noise).MoveToOuterDisposeScope();
            }
            yield return _layer.VisibleInput(h, biases).narrow(0, 0, Math.Min(left, chains));
            steps = sampling.Thinning;
        }
    }

    /// <summary>States of chains chosen at random, (count, hidden).</summary>
    /// <param name="condition">(count, conditions), one-hot: each state is of a chain with that condition; null without conditions.</param>
    public Tensor DrawStates(long count, Tensor? condition, UnitNoise noise)
    {
        int conditions = Math.Max(1, _layer.Conditions);
        var chosen = noise.Uniform(empty(count, device: _chains.device)).mul_(Chains / conditions).floor_();
        chosen = chosen.mul_(conditions).to(int64);
        return _chains.index_select(0, condition is null ? chosen : chosen + condition.argmax(1));
    }

    /// <summary>How layers are trained where the user leaves it open.</summary>
    public static TrainingDefaults DefaultTraining(NetworkInput input, int layers) => new()
    {
        BatchSize = 100,
        Steps = layers * (int)Math.Clamp(input.Rows, 10_000, 100_000),
        Optimizer = Optimizer.Sgd,
        Momentum = 0,
        Schedule = LearningRateSchedule.Cosine,
        LearningRate = input.Rows < ManyRows ? 0.1 : 0.2,
        WeightDecay = input.Rows < ManyRows ? 0.001 : 0.0005,
        ValidationFraction = 0.1,
        MostMeasurements = 20 * layers,
        AveragedShare = AveragedShareOfLayer / layers,
    };

    /// <summary>Notes a fault if a context is wanted: there would be a log-partition for every row.</summary>
    public static void RequireNoContext(OptionFaults faults, string? contextColumnName) =>
        faults.Require(contextColumnName is null, contextColumnName, "null: there would be another log-partition for every row", nameof(GenerativeOptions.ContextColumnName));

    private RbmDraws Contrast(Tensor states, Tensor? condition, UnitNoise noise)
    {
        var biases = _layer.Biases(condition);
        for (int step = 1; ; step++)
        {
            var v = _layer.DrawVisible(_layer.VisibleInput(states, biases), noise);          // (batch, visible)
            var logits = _layer.HiddenLogits(v, biases);
            if (step == _options.GibbsSteps) return Draws(v, logits, biases, condition, null, noise, out _);
            states = noise.Draw(logits);
        }
    }

    private RbmDraws GoOn(Tensor? shares, UnitNoise noise)
    {
        var biases = _layer.Biases(_conditions);
        for (int step = 1; ; step++)
        {
            var v = _layer.DrawVisible(_layer.VisibleInput(_chains, biases), noise);         // (chains, visible)
            var logits = _layer.HiddenLogits(v, biases);
            if (step < _options.GibbsSteps)
            {
                _chains.copy_(noise.Draw(logits));
                continue;
            }
            var draws = Draws(v, logits, biases, _conditions, shares, noise, out var states);
            _chains.copy_(states);
            return draws;
        }
    }

    private RbmDraws Temper(Tensor? shares, UnitNoise noise)
    {
        var biases = _layer.Biases(_conditions);
        var tempered = new TemperedChains(_layer, biases, Temperatures);
        for (int step = 1; ; step++)
        {
            var (v, logits) = tempered.Move(_chains, noise);                                 // (chains, …) of the coldest
            if (step == _options.GibbsSteps) return Draws(v, logits, biases, _conditions, shares, noise, out _);
        }
    }

    private RbmDraws Draws(Tensor v, Tensor logits, RbmBiases biases, Tensor? condition, Tensor? shares, UnitNoise noise, out Tensor states)
    {
        var perRow = _layer.FreeEnergy(v, logits, biases);
        states = noise.DrawBeside(logits);
        return new RbmDraws(v, logits, biases, condition, shares, shares is null ? perRow.mean() : perRow.dot(shares));
    }

    // (chains,) so that the conditions have the weights that they have in the batch; null where all chains weigh the same
    private Tensor? Shares(Tensor? condition) => condition is null ? null : _conditions!.mv(condition.mean([0])).mul_(_layer.Conditions / (double)Chains);

    // Statistics of the draws are taken from those of the rows, with means taken off (Montavon and Müller, 2012; Melchior, Fischer and Wiskott, 2016)
    private void Write(RbmDraws rows, RbmDraws drawn)
    {
        Tensor meanV = rows.MeanOf(rows.V) - drawn.MeanOf(drawn.V), meanH = rows.MeanOf(rows.H) - drawn.MeanOf(drawn.H);
        Tensor offsetV = _layer.VisibleOffset, offsetH = _layer.HiddenOffset;
        var left = cat([(_options.Centered ? rows.V - offsetV : rows.V) / -(double)rows.V.shape[0], drawn.Weighted(_options.Centered ? drawn.V - offsetV : drawn.V)]);
        var right = cat([rows.H, drawn.H]);
        if (_options.Centered) right.sub_(offsetH);
        var weight = _layer.Weight.grad ?? empty_like(_layer.Weight);
        weight.addmm_(left.t(), right, beta: 0);                                              // (visible, hidden)
        Add(_layer.VisibleBias, meanV.neg(), _options.Centered ? weight.mv(offsetH).neg_() : null);
        Add(_layer.HiddenBias, meanH.neg(), _options.Centered ? weight.t().mv(offsetV).neg_() : null);
        if (_options.SparsityTarget is { } target) _layer.HiddenBias.grad?.add_(rows.MeanOf(rows.H).sub_(target), _options.SparsityCost);
        if (_layer.VisibleShift is { } visibleShift)
        {
            Add(visibleShift, drawn.OfConditions(drawn.V) - rows.OfConditions(rows.V), null);
            Add(_layer.HiddenShift!, drawn.OfConditions(drawn.H) - rows.OfConditions(rows.H), null);
        }
        if (_layer.LogVariance is { } logVariance)
        {
            // of F by log σ²: (v·(W·h) − (v − b)²/2)/σ², with the means put back that were taken off
            var products = (_layer.Weight * weight).sum(1).neg_();
            if (_options.Centered) products.add_(offsetV * _layer.Weight.mv(meanH)).add_(meanV * _layer.Weight.mv(offsetH));
            var squares = rows.MeanOf((rows.V - rows.Biases.Visible).square()) - drawn.MeanOf((drawn.V - drawn.Biases.Visible).square());
            Add(logVariance, products.add_(squares, -0.5).mul_(_layer.Precision()!).mul_(_layer.IsReal!), null);
            logVariance.grad?.clamp_(-LongestOfVariance, LongestOfVariance);
        }
    }

    private static void Add(Parameter parameter, Tensor gradient, Tensor? more)
    {
        if (parameter.grad is not { } grad) return;   // frozen
        grad.copy_(more is null ? gradient : gradient.add_(more));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _conditions?.Dispose();
        base.Dispose(disposing);
    }
}
