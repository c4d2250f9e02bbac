using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Autoencoder: x → code → x̂, trained to give back rows to which noise was added (Vincent et al., 2008).
/// </summary>
/// <remarks>
/// A denoiser of many scales knows where rows come from: x̂(y) − y points up the density of rows with noise (Alain and Bengio, 2014). New rows start as
/// draws of a Gaussian fitted to the rows, with the coarsest noise, and follow that direction down to the finest (the probability-flow equation of Song et al.,
/// 2021, by Euler's steps). Without noise in training there is one step, the reconstruction.
/// </remarks>
internal sealed partial class AutoencoderNetwork : GenerativeNetwork, ISampler, IVariationSampler, IReconstructor, IEncoder, IScorer, ICalibrated
{
    // the highest scale of noise in a row over the lowest
    private const double NoiseRange = 16;

    // of a new row on its way from noise; more make it no better
    private const int Steps = 16;

    // keeps the covariance of constant features positive
    private const double SmallestSpread = 1e-6;

    private readonly AutoencoderOptions _options;
    private readonly InputTransform _transform;
    private readonly DenseStack _encoder;
    private readonly Dense _code;
    private readonly DenseStack _decoder;
    private readonly Dense _output;
    private readonly SpanLikelihood _likelihood;
    private readonly Tensor _center;   // (conditions or 1, features): mean of the transformed rows, of each label
    private readonly Tensor _spread;   // (features, features), lower triangle: transformed rows have covariance S·Sᵀ around their center;
                                       // or, of very many features, (1, features): their standard deviations

    public AutoencoderNetwork(AutoencoderOptions options, NetworkInput input, Initializer initializer) : base("autoencoder", input)
    {
        _options = options;
        LatentSize = options.LatentSize ?? 64;
        double dropout = options.Training.Dropout ?? 0;
        var hidden = options.HiddenSizes ?? DenseStack.DefaultSizes(input.Features);
        register_module("transform", _transform = new InputTransform(input, options.HalfWhitening && input.CanBeWhitened, initializer));
        register_module("encoder", _encoder = new DenseStack(input.Features + input.ConditionSize, hidden, options.Activation, dropout, initializer));
        register_module("code", _code = new Dense(_encoder.OutputSize, LatentSize, initializer));
        register_module("decoder", _decoder = new DenseStack(LatentSize + input.ConditionSize, hidden.Reverse().ToList(), options.Activation, dropout, initializer));
        register_module("output", _output = new Dense(_decoder.OutputSize, input.Features, initializer));
        register_module("likelihood", _likelihood = new SpanLikelihood(input, fixedVariance: 1, lowestVariance: 1, initializer));
        _center = this.Own("center", initializer.Zeros(Math.Max(1, input.ConditionSize), input.Features));
        _spread = this.Own("spread", input.Features <= InputTransform.MostWhitenedFeatures ? initializer.Identity(input.Features) : initializer.Zeros(1, input.Features));
    }

    public int LatentSize { get; }

    public override IReadOnlyList<Objective> Objectives => [new Objective("reconstruction error", Loss)];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    // half the squared error of continuous features, cross-entropy of the others: the mean over batch and features
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                    // (batch, features), transformed
        var seen = _options.NoiseScale > 0 ? AddNoise(y, step.Generator) : y;
        var code = Code(seen, batch.Condition, step);                       // (batch, latent)
        var loss = _likelihood.TotalLogDensity(y, Decode(code, batch.Condition, step)).mul(-1.0 / y.numel());
        return _options.Sparsity > 0 ? loss + code.abs().mean() * _options.Sparsity : loss;
    }

    // Gaussian, of a scale that each row draws log-uniformly: fine structure and coarse are learnt alike
    private Tensor AddNoise(Tensor x, Generator generator)
    {
        var scale = empty(x.shape[0], 1, device: x.device).uniform_(Math.Log(_options.NoiseScale / NoiseRange), Math.Log(_options.NoiseScale), generator).exp_();
        return empty_like(x).normal_(0, 1, generator).mul_(scale).add_(x);
    }

    /// <summary>The squared error of the transformed row, the mean over the features.</summary>
    public Tensor Score(Tensor x, Tensor? condition)
    {
        var y = _transform.Apply(x);
        return (y - Mean(y, condition)).square().mean([-1]);   // (batch,)
    }

    public Tensor Encode(Tensor x, Tensor? condition) => Code(_transform.Apply(x), condition, null);

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(Mean(_transform.Apply(x), condition));

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        var center = condition is null ? _center : condition.mm(_center);   // (1 or rows, features)
        var noise = empty(condition?.shape[0] ?? rows, Input.Features, device: _spread.device).normal_(0, 1, generator);
        return Settle(center + (_spread.shape[0] == 1 ? noise * _spread : noise.mm(_spread.t())) + Noise(noise, _options.NoiseScale, generator), condition, _options.NoiseScale, generator);
    }

    /// <summary>Adds noise of the highest scale in training times the temperature, and removes it again.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        double scale = temperature * (_options.NoiseScale > 0 ? _options.NoiseScale : Math.Pow(Input.Rows, -1.0 / (Input.Features + 4)));   // else Scott's (1992)
        var y = _transform.Apply(x);
        return Settle(y + Noise(y, scale, generator), condition, scale, generator);
    }

    // from noisy rows to rows: y moves towards x̂(y) as its noise shrinks from the given scale, in even ratios, to the lowest of training
    private Tensor Settle(Tensor y, Tensor? condition, double scale, Generator generator)
    {
        double lowest = _options.NoiseScale / NoiseRange;
        if (scale > lowest && lowest > 0)
        {
            using var kept = full(1, Math.Pow(lowest / scale, 1.0 / Steps), device: y.device);
            for (int step = 0; step < Steps; step++) y = lerp(Mean(y, condition), y, kept);
        }
        return _transform.Invert(_likelihood.Draw(Decode(Code(y, condition, null), condition, null), 0, generator));
    }

    private static Tensor Noise(Tensor like, double scale, Generator generator) => empty_like(like).normal_(0, scale, generator);

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var counts = zeros(_center.shape[0], 1, float64, _center.device);
        var sums = zeros_like(_center, float64);
        var products = zeros_like(_spread, float64);
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var y = _transform.Apply(batch.X).to(float64);                              // (batch, features)
            var member = batch.Condition?.to(float64) ?? ones(batch.Rows, 1, float64, y.device);   // (batch, labels)
            counts.add_(member.sum(dim: 0).unsqueeze(1));
            sums.add_(member.t().mm(y));
            products.add_(_spread.shape[0] == 1 ? y.square().sum(dim: 0, keepdim: true) : y.t().mm(y));
        }
        var centers = where(counts.gt(0), sums / counts.clamp_min(1), _center.to(float64));   // (labels, features); that of a label not seen now stays
        _center.copy_(centers);
        if (_spread.shape[0] == 1)
        {
            var variance = (products - (centers.square() * counts).sum(dim: 0, keepdim: true)) / counts.sum();
            _spread.copy_(variance.clamp_min(SmallestSpread).sqrt());
            return;
        }
        var covariance = (products - centers.t().mm(centers * counts)) / counts.sum();
        _spread.copy_(linalg.cholesky(covariance + eye(Input.Features, dtype: float64, device: sums.device) * SmallestSpread));
    }

    // the transformed row given back
    private Tensor Mean(Tensor y, Tensor? condition) => _likelihood.Mean(Decode(Code(y, condition, null), condition, null));

    private Tensor Code(Tensor y, Tensor? condition, TrainingStep? step) => _encoder.Call(y.BesideCondition(condition), _code, step);   // (batch, latent)

    private Tensor Decode(Tensor code, Tensor? condition, TrainingStep? step) => _decoder.Call(code.BesideCondition(condition), _output, step);
}
