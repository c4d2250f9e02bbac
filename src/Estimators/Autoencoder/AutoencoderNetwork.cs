using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Autoencoder: x → code → x̂, trained to give back rows to which noise was added (Vincent et al., 2008). Once it is trained, a Gaussian is
/// fitted to the codes of the training rows; new rows are decoded from draws of it (Ghosh et al., 2020, ex-post density estimation).</summary>
internal sealed class AutoencoderNetwork : GenerativeNetwork, ISampler, IVariationSampler, IReconstructor, IEncoder, IScorer, ICalibrated
{
    // a feature that is given back exactly in training must not decide the score by rounding errors
    private const double LowestResidualVariance = 1e-4;

    private readonly AutoencoderOptions _options;
    private readonly Standardization _standardization;
    private readonly DenseStack _encoder;
    private readonly Dense _code;
    private readonly DenseStack _decoder;
    private readonly Dense _output;
    private readonly SpanLikelihood _likelihood;
    private readonly Tensor _codeMean;           // (latent,)
    private readonly Tensor _codeFactor;         // (latent, latent), lower triangle: codes have covariance F·Fᵀ
    private readonly Tensor _residualVariance;   // (features,) of standardised rows

    public AutoencoderNetwork(AutoencoderOptions options, NetworkInput input, Initializer initializer) : base("autoencoder", input)
    {
        _options = options;
        LatentSize = options.LatentSize ?? Math.Clamp(input.Features / 2, 2, 64);
        double dropout = options.Training.Dropout;
        register_module("standardization", _standardization = new Standardization(input, initializer));
        register_module("encoder", _encoder = new DenseStack(input.Features + input.ConditionSize, options.HiddenSizes, options.Activation, dropout, initializer));
        register_module("code", _code = new Dense(_encoder.OutputSize, LatentSize, initializer));
        register_module("decoder", _decoder = new DenseStack(LatentSize + input.ConditionSize, options.HiddenSizes.Reverse().ToList(), options.Activation, dropout, initializer));
        register_module("output", _output = new Dense(_decoder.OutputSize, input.Features, initializer));
        register_module("likelihood", _likelihood = new SpanLikelihood(input, fixedVariance: 1, lowestVariance: 1, initializer));
        _codeMean = this.Own("codeMean", zeros(LatentSize, device: initializer.Device));
        _codeFactor = this.Own("codeFactor", eye(LatentSize, device: initializer.Device));
        _residualVariance = this.Own("residualVariance", ones(input.Features, device: initializer.Device));
    }

    public int LatentSize { get; }

    public override IReadOnlyList<Objective> Objectives => [new Objective("reconstruction error", Loss)];

    // half the squared error of continuous features, cross-entropy of the others: the mean over batch and features
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var x = _standardization.Apply(batch.X);                                                // (batch, features)
        bool noisy = _options.NoiseScale > 0 && !step.Validating;
        var seen = noisy ? empty_like(x).normal_(0, _options.NoiseScale, step.Generator).add_(x) : x;
        var code = Code(seen, batch.Condition, step);                                           // (batch, latent)
        var loss = _likelihood.LogDensity(x, Decode(code, batch.Condition, step)).mean().mul(-1.0 / Input.Features);
        return _options.Sparsity > 0 ? loss + code.abs().mean() * _options.Sparsity : loss;
    }

    /// <summary>Mean over the features of the squared residual, each in units of its variance over the training rows.</summary>
    public Tensor Score(Tensor x, Tensor? condition)
    {
        var standardized = _standardization.Apply(x);
        var residual = standardized - _likelihood.Mean(Decode(Code(standardized, condition, null), condition, null));   // (batch, features)
        return residual.square().div_(_residualVariance).mean([-1]);
    }

    public Tensor Encode(Tensor x, Tensor? condition) => Code(_standardization.Apply(x), condition, null);

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _standardization.Invert(_likelihood.Mean(Decode(Encode(x, condition), condition, null)));

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        var noise = empty(condition?.shape[0] ?? rows, LatentSize, device: _codeMean.device).normal_(0, 1, generator);
        return Draw(_codeMean + noise.mm(_codeFactor.t()), condition, 1, generator);
    }

    /// <summary>Codes are moved by a Gaussian kernel of Scott's width (Scott, 1992) times the temperature.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var code = Encode(x, condition);
        double width = temperature * Math.Pow(Input.Rows, -1.0 / (LatentSize + 4));
        var noise = empty_like(code).normal_(0, width, generator);
        return Draw(code + noise.mm(_codeFactor.t()), condition, temperature, generator);
    }

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var sum = zeros_like(_codeMean, float64);
        var products = zeros_like(_codeFactor, float64);
        var residuals = zeros_like(_residualVariance, float64);
        long rows = 0;
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var x = _standardization.Apply(batch.X);
            var code = Code(x, batch.Condition, null);                       // (batch, latent)
            var residual = x - _likelihood.Mean(Decode(code, batch.Condition, null));
            var wide = code.to(float64);
            sum.add_(wide.sum(0));
            products.add_(wide.t().mm(wide));
            residuals.add_(residual.square().sum(0, type: float64));
            rows += batch.Rows;
        }
        var mean = sum / rows;
        var covariance = products / rows - outer(mean, mean) + eye(LatentSize, dtype: float64, device: mean.device) * 1e-6;
        _codeMean.copy_(mean);
        _codeFactor.copy_(linalg.cholesky(covariance));
        _residualVariance.copy_((residuals / rows).clamp_min(LowestResidualVariance));
    }

    // a decoded code, with the noise that the residuals of the training rows have
    private Tensor Draw(Tensor code, Tensor? condition, double temperature, Generator generator) =>
        _standardization.Invert(_likelihood.Draw(Decode(code, condition, null), temperature, generator));

    private Tensor Code(Tensor x, Tensor? condition, TrainingStep? step) => _code.forward(_encoder.Call(x.BesideCondition(condition), step));   // (batch, latent)

    private Tensor Decode(Tensor code, Tensor? condition, TrainingStep? step) => _output.forward(_decoder.Call(code.BesideCondition(condition), step));
}
