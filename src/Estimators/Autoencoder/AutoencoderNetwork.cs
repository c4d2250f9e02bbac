using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Autoencoder: x → code → x̂, trained to give back rows to which noise was added (Vincent et al., 2008). Once it is trained, a Gaussian is
/// fitted to the codes of the training rows; new rows are decoded from draws of it (Ghosh et al., 2020, ex-post density estimation).</summary>
internal sealed class AutoencoderNetwork : GenerativeNetwork, ISampler, IVariationSampler, IReconstructor, IEncoder, IScorer, ICalibrated
{
    // the highest scale of noise in a row over the lowest
    private const double NoiseRange = 16;

    private readonly AutoencoderOptions _options;
    private readonly InputTransform _transform;
    private readonly DenseStack _encoder;
    private readonly Dense _code;
    private readonly DenseStack _decoder;
    private readonly Dense _output;
    private readonly SpanLikelihood _likelihood;
    private readonly Tensor _codeMean;           // (latent,)
    private readonly Tensor _codeFactor;         // (latent, latent), lower triangle: codes have covariance F·Fᵀ
    private readonly Tensor _residualVariance;   // (features,) of transformed rows

    public AutoencoderNetwork(AutoencoderOptions options, NetworkInput input, Initializer initializer) : base("autoencoder", input)
    {
        _options = options;
        LatentSize = options.LatentSize ?? 64;
        double dropout = options.Training.Dropout;
        var hidden = options.HiddenSizes ?? DenseStack.DefaultSizes(input.Features);
        register_module("transform", _transform = new InputTransform(input, options.HalfWhitening && input.CanBeWhitened, initializer));
        register_module("encoder", _encoder = new DenseStack(input.Features + input.ConditionSize, hidden, options.Activation, dropout, initializer));
        register_module("code", _code = new Dense(_encoder.OutputSize, LatentSize, initializer));
        register_module("decoder", _decoder = new DenseStack(LatentSize + input.ConditionSize, hidden.Reverse().ToList(), options.Activation, dropout, initializer));
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
        var x = _transform.Apply(batch.X);                                  // (batch, features)
        var seen = _options.NoiseScale > 0 ? AddNoise(x, step.Generator) : x;
        var code = Code(seen, batch.Condition, step);                       // (batch, latent)
        var loss = _likelihood.LogDensity(x, Decode(code, batch.Condition, step)).mean().mul(-1.0 / Input.Features);
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
            var y = _transform.Apply(batch.X);
            var code = Code(y, batch.Condition, null);                       // (batch, latent)
            var residual = y - _likelihood.Mean(Decode(code, batch.Condition, null));
            var wide = code.to(float64);
            sum.add_(wide.sum(dim: 0));
            products.add_(wide.t().mm(wide));
            residuals.add_(residual.square().sum(dim: 0, type: float64));
            rows += batch.Rows;
        }
        var mean = sum / rows;
        var covariance = products / rows - outer(mean, mean) + eye(LatentSize, dtype: float64, device: mean.device) * 1e-6;
        _codeMean.copy_(mean);
        _codeFactor.copy_(linalg.cholesky(covariance));
        _residualVariance.copy_(residuals / rows);
    }

    // a decoded code, with the noise that the residuals of the training rows have
    private Tensor Draw(Tensor code, Tensor? condition, double temperature, Generator generator) =>
        _transform.Invert(_likelihood.Draw(Decode(code, condition, null), temperature, generator, _residualVariance));

    // the row given back, from the row, both transformed
    private Tensor Mean(Tensor y, Tensor? condition) => _likelihood.Mean(Decode(Code(y, condition, null), condition, null));

    private Tensor Code(Tensor x, Tensor? condition, TrainingStep? step) => _code.forward(_encoder.Call(x.BesideCondition(condition), step));   // (batch, latent)

    private Tensor Decode(Tensor code, Tensor? condition, TrainingStep? step) => _output.forward(_decoder.Call(code.BesideCondition(condition), step));
}
