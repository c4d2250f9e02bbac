using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Variational autoencoder: q(z|x, c) = N(μ(x, c), σ²(x, c)), p(z) = N(0, I), p(x|z, c) as the spans say, trained on
/// E_q[log p(x|z)] − β·KL(q ‖ p) (Kingma and Welling, 2014, equation 3).</summary>
internal sealed partial class VaeNetwork : GenerativeNetwork, ISampler, IVariationSampler, ILogDensity, IReconstructor, IEncoder, IScorer
{
    // rows times samples that are decoded at a time: bounds memory, and keeps the layers in the cache
    private const int MostDecodedRows = 16384;

    // e^−6 of the features' variance
    private const double LowestVariance = 0.0025;

    // of the posterior; beyond them a step would overshoot
    private const double LowestLogVariance = -8, HighestLogVariance = 6;

    private readonly VaeOptions _options;
    private readonly InputTransform _transform;
    private readonly DenseStack _encoder;
    private readonly Dense _posterior;
    private readonly DenseStack _decoder;
    private readonly Dense _output;
    private readonly SpanLikelihood _likelihood;
    private readonly Tensor _noise;

    public VaeNetwork(VaeOptions options, NetworkInput input, Initializer initializer) : base("vae", input)
    {
        _options = options;
        LatentSize = options.LatentSize ?? Math.Clamp(input.Features / 2, 2, 64);
        double dropout = options.Training.Dropout ?? 0;
        var hidden = options.HiddenSizes ?? DenseStack.DefaultSizes(input.Features);
        register_module("transform", _transform = new InputTransform(input, options.HalfWhitening && input.CanBeWhitened, initializer));
        register_module("encoder", _encoder = new DenseStack(input.Features + input.ConditionSize, hidden, options.Activation, dropout, initializer));
        register_module("posterior", _posterior = new Dense(_encoder.OutputSize, 2 * LatentSize, initializer));
        register_module("decoder", _decoder = new DenseStack(LatentSize + input.ConditionSize, hidden.Reverse().ToList(), options.Activation, dropout, initializer));
        register_module("output", _output = new Dense(_decoder.OutputSize, input.Features, initializer));
        register_module("likelihood", _likelihood = new SpanLikelihood(input, options.FixedVariance, LowestVariance, initializer));
        _noise = this.Own("noise", initializer.Normal(options.ImportanceSamples, LatentSize));
    }

    public int LatentSize { get; }

    public DensityKind DensityKind => DensityKind.Bound;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative ELBO", Loss)];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    /// <summary>−ELBO, the mean over the batch, nats of transformed rows.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                            // (batch, features), transformed
        var (mean, logVariance) = Posterior(y, batch.Condition, step);              // (batch, latent) each
        var deviation = (logVariance / 2).exp();
        var z = addcmul(mean, deviation, empty_like(mean, requires_grad: false).normal_(0, 1, step.Generator), 1);   // (batch, latent)
        var logDensity = _likelihood.TotalLogDensity(y, Decode(z, batch.Condition, step));
        // twice the divergence (appendix B), but for the constant latent size
        var divergence = addcmul(mean.square(), deviation, deviation, 1).sub(logVariance).sum();
        double beta = Beta(step), rows = batch.Rows;
        return divergence.mul(beta / (2 * rows)).add(logDensity, -1 / rows).sub(beta * LatentSize / 2);
    }

    private double Beta(TrainingStep step) =>
        step.Validating || step.StartedTrained || _options.BetaWarmUp == 0 ? _options.Beta : _options.Beta * Math.Min(1, step.Progress / _options.BetaWarmUp);

    /// <summary>KL(N(μ, σ²) ‖ N(0, I)) in closed form (Kingma and Welling, 2014, appendix B).</summary>
    /// <returns>(batch,)</returns>
    internal static Tensor Divergence(Tensor mean, Tensor logVariance) => (mean.square() + logVariance.exp() - logVariance - 1).sum(-1) / 2;

    /// <summary>KL(q(z|x) ‖ p(z)) of every row: how much the code says of it, in nats.</summary>
    internal Tensor Divergence(Tensor rows)
    {
        var (mean, logVariance) = Posterior(_transform.Apply(rows), null, null);
        return Divergence(mean, logVariance);
    }

    public Tensor Encode(Tensor x, Tensor? condition) => PosteriorMean(_transform.Apply(x), condition);

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(_likelihood.Mean(Decode(Encode(x, condition), condition, null)));

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        var z = empty(condition?.shape[0] ?? rows, LatentSize, device: _noise.device).normal_(0, 1, generator);
        return _transform.Invert(_likelihood.Draw(Decode(z, condition, null), 1, generator));
    }

    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var (mean, logVariance) = Posterior(_transform.Apply(x), condition, null);
        var z = mean + (logVariance / 2).exp() * empty_like(mean).normal_(0, temperature, generator);
        return _transform.Invert(_likelihood.Draw(Decode(z, condition, null), temperature, generator));
    }

    /// <summary>Importance-weighted bound (Burda et al., 2016, equation 8), with the same noise for every row: the value of a row does not depend on others.</summary>
    public Tensor LogDensity(Tensor x, Tensor? condition) => Bound(x, condition, _noise).sub_(_transform.LogVolume);

    /// <summary>−log p(x, z) at the posterior mean z = μ(x): one pass, and as good a score as the bound, which takes one per sample.</summary>
    public Tensor Score(Tensor x, Tensor? condition)
    {
        var y = _transform.Apply(x);
        var z = PosteriorMean(y, condition);
        var logJoint = _likelihood.LogDensity(y, Decode(z, condition, null)) - z.square().sum(-1) / 2;   // (batch,)
        return _transform.LogVolume + LatentSize * Math.Log(2 * Math.PI) / 2 - logJoint;
    }

    // (batch,) nats of transformed rows
    private Tensor Bound(Tensor x, Tensor? condition, Tensor noise) =>
        RowBlocks.Compute(x, condition, Math.Max(1, MostDecodedRows / noise.shape[0]), (rows, conditions) => BoundOfBlock(rows, conditions, noise));

    private Tensor BoundOfBlock(Tensor rows, Tensor? condition, Tensor noise)
    {
        var x = _transform.Apply(rows);                                             // (batch, features)
        var (mean, logVariance) = Posterior(x, condition, null);                    // (batch, latent) each
        var offsets = noise.unsqueeze(1);                                           // (samples, 1, latent)
        var z = mean + (logVariance / 2).exp() * offsets;                           // (samples, batch, latent)
        var repeated = condition?.unsqueeze(0).expand(noise.shape[0], -1, -1);      // (samples, batch, conditions)
        var logWeight = _likelihood.LogDensity(x, Decode(z, repeated, null))        // (samples, batch)
            + (offsets.square() + logVariance - z.square()).sum(-1) / 2;            // log p(z) − log q(z|x)
        return logWeight.logsumexp(0).sub_(Math.Log(noise.shape[0]));               // (batch,)
    }

    private Tensor PosteriorMean(Tensor x, Tensor? condition) => Statistics(x, condition, null).narrow(-1, 0, LatentSize);   // (batch, latent)

    private Tensor Statistics(Tensor x, Tensor? condition, TrainingStep? step) => _encoder.Call(x.BesideCondition(condition), _posterior, step);   // (batch, 2·latent)

    private (Tensor Mean, Tensor LogVariance) Posterior(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var statistics = Statistics(x, condition, step);
        var halves = statistics.chunk(2, -1);
        return (halves[0], nn.functional.hardtanh(halves[1], LowestLogVariance, HighestLogVariance));
    }

    private Tensor Decode(Tensor z, Tensor? condition, TrainingStep? step) => _decoder.Call(z.BesideCondition(condition), _output, step);   // (…, features)
}
