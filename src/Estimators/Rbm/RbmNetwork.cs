using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Restricted Boltzmann machine, p(x) = exp(−F(x)) / Z, of binary and Gaussian units (Smolensky, 1986; Hinton, 2002; Cho, Ilin and Raiko, 2011).</summary>
internal sealed partial class RbmNetwork : GenerativeNetwork, IInitialised, ISampler, IVariationSampler, IImputer, ILogDensity, IReconstructor, IEncoder, IScorer, ICalibrated
{
    private readonly RbmOptions _options;
    private readonly InputTransform _transform;
    private readonly RbmLayer _layer;
    private readonly RbmLearning _learning;
    private readonly VisibleUnits _units;
    private readonly RbmPartitions _partitions;

    public RbmNetwork(RbmOptions options, NetworkInput input, Initializer initializer) : base("rbm", input)
    {
        _options = options;
        _units = new VisibleUnits(input);
        register_module("transform", _transform = new InputTransform(input, halfWhitening: false, initializer));
        register_module("layer", _layer = new RbmLayer(_units.IsReal, _units.Average, options.HiddenSize ?? DefaultHiddenSize(input.Features), input.ConditionSize, options.FixedVariance, initializer));
        register_module("learning", _learning = new RbmLearning(_layer, options.Learning, initializer));
        register_module("partitions", _partitions = new RbmPartitions(Math.Max(1, input.ConditionSize), initializer));
    }

    public static int DefaultHiddenSize(int features) => Math.Clamp(features, 64, 500);

    internal RbmLayer Layer => _layer;

    internal RbmLearning Learning => _learning;

    public int LatentSize => _layer.Hidden;

    public int RowsAtOnce => 1024;

    public DensityKind DensityKind => _layer.CanBeEnumerated ? DensityKind.Exact : DensityKind.Estimate;

    public double? DensityError => _layer.CanBeEnumerated ? null : _partitions.Error;

    public override IReadOnlyList<Objective> Objectives => [new Objective("free energy above the model's own rows", Loss) { WritesGradients = true }];

    public override Tensor Prepare(Tensor x) => _transform.IsIdentity ? x : _transform.Apply(x);

    public void Initialise(Func<IEnumerable<Batch>> rows, Generator generator, ITrainingLog log, CancellationToken cancellation) =>
        RbmStart.FromRows(_layer, rows().Select(batch => _transform.Apply(batch.X)), _options.FixedVariance, generator);

    private Tensor Loss(Batch batch, TrainingStep step)
    {
        if (step.Validating) return LogDensityOf(batch.X, batch.Condition, _partitions.WhileMeasuring(_layer, step.Generator)).mean().neg_();
        _partitions.Changed();
        return _learning.Learn(batch.X, batch.Condition, new UnitNoise(step.Generator));
    }

    /// <summary>Log-partitions under the weights as they are, and the chains that new rows start from.</summary>
    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0, _partitions.Values.device);   // always the same noise: the figure is a function of the weights
        foreach (var batch in batches)
        {
            _learning.Settle(_transform.Apply(batch.X), _options.Sampling.BurnIn, new UnitNoise(generator));
            break;   // a batch is there until the next is asked for
        }
        _partitions.Estimate(_layer, _options.Annealing, generator);
    }

    public Tensor LogDensity(Tensor x, Tensor? condition) => LogDensityOf(_transform.Apply(x), condition, _partitions.Values).sub_(_transform.LogVolume);

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    // (batch,) nats of transformed rows
    private Tensor LogDensityOf(Tensor y, Tensor? condition, Tensor logPartition) =>
        _layer.LogWeight(y, _layer.Biases(condition)).sub_(condition is null ? logPartition : condition.mv(logPartition));

    public Tensor Encode(Tensor x, Tensor? condition) => _layer.HiddenLogits(_transform.Apply(x), _layer.Biases(condition)).sigmoid_();

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(_layer.VisibleMean(_layer.VisibleInput(Encode(x, condition), _layer.Biases(condition))));

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        var noise = new UnitNoise(generator);
        var parts = _learning.DrawInputs(condition?.shape[0] ?? rows, condition, _options.Sampling, noise).Select(input => _units.Drawn(_layer, input, noise, 1));
        return _transform.Invert(cat(parts.ToList()));
    }

    /// <summary>A Gibbs step from the rows, in which hidden units are drawn with the chance that the temperature is, and else count with their chances.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var noise = new UnitNoise(generator);
        var biases = _layer.Biases(condition);
        var h = noise.DrawPartly(_layer.HiddenLogits(_transform.Apply(x), biases), temperature);
        return _transform.Invert(_units.Drawn(_layer, _layer.VisibleInput(h, biases), noise, temperature));
    }

    /// <summary>Gibbs steps with what is known held fast, from the means of what is not.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        var noise = new UnitNoise(generator);
        var biases = _layer.Biases(condition);
        var isKnown = known.to(@bool);
        var y = where(isKnown, _transform.Apply(x), _layer.VisibleOffset);
        for (int step = 0; ; step++)
        {
            using var scope = NewDisposeScope();
            var input = _layer.VisibleInput(noise.Draw(_layer.HiddenLogits(y, biases)), biases);
            if (step >= _options.Sampling.BurnIn) return _transform.Invert(where(isKnown, y, _units.Drawn(_layer, input, noise, 1))).MoveToOuterDisposeScope();
            y = where(isKnown, y, _layer.DrawVisible(input, noise)).MoveToOuterDisposeScope();
        }
    }
}
