using System.Globalization;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Deep belief network (Hinton, Osindero and Teh, 2006): p(x, h_1, …, h_L) = p(x|h_1)·p(h_1|h_2)·…·p(h_{L−1}, h_L), the last a restricted Boltzmann machine, learnt one layer after the other, each
/// from draws of the units below.
/// </summary>
internal sealed partial class DeepBeliefNetwork : GenerativeNetwork, ISampler, IVariationSampler, ILogDensity, IReconstructor, IEncoder, IScorer, ICalibrated
{
    // rows times samples that are worked on at a time
    private const int MostRowsAtOnce = 4096;

    private readonly DeepBeliefOptions _options;
    private readonly InputTransform _transform;
    private readonly VisibleUnits _units;
    private readonly RbmLayer[] _layers;
    private readonly RbmLearning[] _learnings;
    private readonly RecognitionLayer[] _recognition;   // of the layers below the top, where all are fine-tuned together
    private readonly RbmPartitions _partitions;    // of the top
    private readonly Tensor _thresholds;           // (samples, hidden units below the top): units whose logit lies above are 1; the same for every row
    private readonly Tensor? _untied;              // (1,) 1 if the way up has weights of its own; null if it never does

    public DeepBeliefNetwork(DeepBeliefOptions options, NetworkInput input, Initializer initializer) : base("deepbelief", input)
    {
        _options = options;
        _units = new VisibleUnits(input);
        register_module("transform", _transform = new InputTransform(input, halfWhitening: false, initializer));
        var sizes = options.HiddenSizesFor(input.Features);
        _layers = new RbmLayer[sizes.Count];
        _learnings = new RbmLearning[sizes.Count];
        for (int i = 0; i < sizes.Count; i++)
        {
            _layers[i] = new RbmLayer(i == 0 ? _units.IsReal : new bool[sizes[i - 1]], i == 0 ? _units.Average : null, sizes[i], input.ConditionSize, options.FixedVariance, initializer);
            _learnings[i] = new RbmLearning(_layers[i], options.Learning, initializer);
            register_module(LayerName(i), _layers[i]);
            register_module("learning" + (i + 1).ToString(CultureInfo.InvariantCulture), _learnings[i]);
        }
        register_module("partitions", _partitions = new RbmPartitions(Math.Max(1, input.ConditionSize), initializer));
        _thresholds = this.Own("thresholds", initializer.Derived(Logistic(initializer.Normal(options.ImportanceSamples, sizes.Take(sizes.Count - 1).Sum()))));
        _recognition = options.FineTuning is null ? [] : [.. _layers.SkipLast(1).Select(layer => new RecognitionLayer(layer, initializer))];
        for (int i = 0; i < _recognition.Length; i++) register_module("recognition" + (i + 1).ToString(CultureInfo.InvariantCulture), _recognition[i]);
        if (options.FineTuning is not null) _untied = this.Own("untied", initializer.Zeros(1));
        Objectives = [.. _layers.Select((_, i) => new Objective($"free energy above draws, layer {i + 1}", (batch, step) => Loss(i, batch, step))
        {
            WritesGradients = true,
            Moves = name => name.StartsWith(LayerName(i) + ".", StringComparison.Ordinal),
            Begin = step => Begin(i, step),
            LearningRateScale = StandsOnLower(i) ? options.UpperLearningRate : 1,
            KeepsLearningRate = StandsOnLower(i),
            Turn = (i / (double)_layers.Length, (i + 1) / (double)_layers.Length),
        })];
    }

    private bool StandsOnLower(int layer) => layer > 0 && _layers[layer].CanStandOn(_layers[layer - 1]);

    internal IReadOnlyList<RbmLayer> Layers => _layers;

    public int LatentSize => _layers[^1].Hidden;

    public int RowsAtOnce => 1024;

    public DensityKind DensityKind => _layers[^1].CanBeEnumerated ? DensityKind.Bound : DensityKind.Estimate;

    public double? DensityError => _layers[^1].CanBeEnumerated ? null : _partitions.Error;

    public override IReadOnlyList<Objective> Objectives { get; }

    public override Tensor Prepare(Tensor x) => _transform.IsIdentity ? x : _transform.Apply(x);

    private Tensor Loss(int layer, Batch batch, TrainingStep step)
    {
        using var noGradient = no_grad();
        var noise = new UnitNoise(step.Generator);
        if (step.Validating) return MeasuredBound(batch, layer, step.Generator);
        _partitions.Changed();
        var v = batch.X;
        for (int i = 0; i < layer; i++) v = noise.Draw(Up(i, v, batch.Condition));
        return _learnings[layer].Learn(v, batch.Condition, noise);
    }

    // of held-out rows, of the layers up to this one, with one sample and less exactly
    private Tensor MeasuredBound(Batch batch, int top, Generator generator) =>
        Bound(batch.X, batch.Condition, top, _thresholds.narrow(0, 0, 1), _partitions.WhileMeasuring(_layers[top], generator)).mean().neg_();

    // A layer that is as large as the visible units of the one below starts as that one upside down: the model is then the same, and learning can only improve the bound (section 4 of the paper).
    private void Begin(int layer, TrainingStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (layer == 0) _untied?.zero_();
        if (layer == 0 || step.StartedTrained) return;
        _layers[layer].StandOn(_layers[layer - 1]);
        _learnings[layer].StartFrom(_learnings[layer - 1], _options.Sampling.BurnIn, new UnitNoise(step.Generator));
    }

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0, _thresholds.device);   // always the same noise: the figure is a function of the weights
        var noise = new UnitNoise(generator);
        foreach (var batch in batches)
        {
            var v = _transform.Apply(batch.X);
            for (int i = 0; i < _layers.Length - 1; i++) v = noise.Draw(Up(i, v, batch.Condition));
            _learnings[^1].Settle(v, _options.Sampling.BurnIn, noise);
            break;   // a batch is there until the next is asked for
        }
        _partitions.Estimate(_layers[^1], _options.Annealing, generator);
    }

    public Tensor LogDensity(Tensor x, Tensor? condition) => Bound(_transform.Apply(x), condition, _layers.Length - 1, _thresholds, _partitions.Values).sub_(_transform.LogVolume);

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    private Tensor Bound(Tensor y, Tensor? condition, int top, Tensor thresholds, Tensor logPartitions) =>
        RowBlocks.Compute(y, condition, Math.Max(1, MostRowsAtOnce / thresholds.shape[0]), (rows, conditions) => BoundOfBlock(rows, conditions, top, thresholds, logPartitions));

    /// <summary>log of the mean over samples of p(x, h) / q(h|x), with q the pass upwards, of the layers up to <paramref name="top"/>.</summary>
    /// <param name="thresholds">(samples, hidden units below the top)</param>
    /// <param name="logPartitions">(conditions or 1,) of the top</param>
    /// <returns>(batch,) nats of transformed rows</returns>
    private Tensor BoundOfBlock(Tensor y, Tensor? condition, int top, Tensor thresholds, Tensor logPartitions)
    {
        long samples = thresholds.shape[0], rows = y.shape[0];
        var repeatedThresholds = thresholds.repeat_interleave(rows, 0);                             // (samples·batch, …), of the first sample first
        var repeated = condition?.repeat(samples, 1);
        var v = y.repeat(samples, 1);
        var logWeight = zeros(samples * rows, device: y.device);
        int unit = 0;
        for (int i = 0; i < top; i++)
        {
            var layer = _layers[i];
            var biases = layer.Biases(repeated);
            var logits = Up(i, v, repeated);
            var h = logits.gt(repeatedThresholds.narrow(1, unit, layer.Hidden)).to(float32);
            logWeight.add_(layer.LogDensityOfVisible(v, layer.VisibleInput(h, biases))).sub_((h * logits - nn.functional.softplus(logits)).sum(-1));
            unit += layer.Hidden;
            v = h;
        }
        logWeight.add_(_layers[top].LogWeight(v, _layers[top].Biases(repeated)));
        var logDensity = logWeight.view(samples, rows).logsumexp(0).sub_(Math.Log(samples));
        return logDensity.sub_(condition is null ? logPartitions : condition.mv(logPartitions));
    }

    /// <summary>Chances of the top units, passing chances upwards.</summary>
    public Tensor Encode(Tensor x, Tensor? condition)
    {
        var v = _transform.Apply(x);
        for (int i = 0; i < _layers.Length - 1; i++) v = Up(i, v, condition).sigmoid_();
        return _layers[^1].HiddenLogits(v, _layers[^1].Biases(condition)).sigmoid_();
    }

    public Tensor Reconstruct(Tensor x, Tensor? condition)
    {
        var h = Encode(x, condition);
        foreach (var layer in _layers.Reverse()) h = layer.VisibleMean(layer.VisibleInput(h, layer.Biases(condition)));
        return _transform.Invert(h);
    }

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        var noise = new UnitNoise(generator);
        var top = _layers[^1];
        var parts = _learnings[^1].DrawInputs(condition?.shape[0] ?? rows, condition, _options.Sampling, noise).Select(input => top.DrawVisible(input, noise));
        return Down(cat(parts.ToList()), condition, noise, 1);
    }

    /// <summary>Up to the top and down again, in which hidden units are drawn with the chance that the temperature is, and else count with their chances.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var noise = new UnitNoise(generator);
        var v = _transform.Apply(x);
        for (int i = 0; i < _layers.Length - 1; i++) v = noise.DrawPartly(Up(i, v, condition), temperature);
        var top = _layers[^1];
        v = noise.DrawPartly(top.HiddenLogits(v, top.Biases(condition)), temperature);
        return Down(noise.DrawPartly(top.VisibleInput(v, top.Biases(condition)), temperature), condition, noise, temperature);
    }

    // from the units below the top to rows
    private Tensor Down(Tensor h, Tensor? condition, UnitNoise noise, double temperature)
    {
        for (int i = _layers.Length - 2; i > 0; i--) h = noise.DrawPartly(_layers[i].VisibleInput(h, _layers[i].Biases(condition)), temperature);
        return _transform.Invert(_units.Drawn(_layers[0], _layers[0].VisibleInput(h, _layers[0].Biases(condition)), noise, temperature));
    }

    // standard normal noise as noise of the logistic distribution: above it lies a logit as often as its chance says
    private static Tensor Logistic(Tensor normal)
    {
        var uniform = normal.to(float64).div_(Math.Sqrt(2)).erf_().add_(1).div_(2);
        return (uniform.log() - (1 - uniform).log_()).to(float32);
    }

    private static string LayerName(int i) => "layer" + (i + 1).ToString(CultureInfo.InvariantCulture);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _partitions.Changed();
        base.Dispose(disposing);
    }
}
