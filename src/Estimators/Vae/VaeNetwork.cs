using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Variational autoencoder: q(z|x, c) = N(μ(x, c), σ²(x, c)), p(z) = N(0, I), p(x|z, c) as those that derive from this say, trained on
/// E_q[log p(x|z)] − β·KL(q ‖ p) (Kingma and Welling, 2014, equation 3).</summary>
internal abstract partial class VaeNetwork : GenerativeNetwork, IVariationSampler, ILogDensity, IEncoder, IScorer
{
    // rows times samples that are decoded at a time: bounds memory, and keeps the layers in the cache
    private const int MostDecodedRows = 16384;

    // of the posterior; beyond them a step would overshoot
    private const double LowestLogVariance = -8, HighestLogVariance = 6;

    private readonly VaeOptions _options;
    private readonly DenseStack _encoder;
    private readonly Dense _posterior;
    private readonly DenseStack _decoder;
    private readonly Dense _output;
    private readonly Tensor _noise;

    /// <param name="inputs">Numbers that the encoder reads of a row.</param>
    /// <param name="outputs">Numbers that the last layer gives.</param>
    private protected VaeNetwork(VaeOptions options, NetworkInput input, int inputs, int outputs, int latentSize, IReadOnlyList<int> hidden, Initializer initializer) : base("vae", input)
    {
        _options = options;
        LatentSize = options.LatentSize ?? latentSize;
        double dropout = options.Training.Dropout ?? 0;
        hidden = options.HiddenSizes ?? hidden;
        register_module("encoder", _encoder = new DenseStack(inputs + input.ConditionSize, hidden, options.Activation, dropout, initializer));
        register_module("posterior", _posterior = new Dense(_encoder.OutputSize, 2 * LatentSize, initializer));
        register_module("decoder", _decoder = new DenseStack(LatentSize + input.ConditionSize, hidden.Reverse().ToList(), options.Activation, dropout, initializer));
        register_module("output", _output = new Dense(_decoder.OutputSize, outputs, initializer));
        _noise = this.Own("noise", initializer.Normal(options.ImportanceSamples, LatentSize));
    }

    public int LatentSize { get; }

    public DensityKind DensityKind => DensityKind.Bound;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative ELBO", Loss)];

    /// <summary>What the encoder reads of prepared rows.</summary>
    /// <returns>(batch, inputs)</returns>
    protected abstract Tensor Seen(Tensor y);

    /// <summary>What the last layer gives, as the decoder's output: of an image its pixels.</summary>
    /// <returns>(…, outputs)</returns>
    protected abstract Tensor Finish(Tensor layers);

    /// <summary>log p(y|z) of prepared rows.</summary>
    /// <param name="y">(batch, …)</param>
    /// <param name="output">(…, batch, outputs)</param>
    /// <returns>(…, batch), nats</returns>
    protected abstract Tensor LogLikelihood(Tensor y, Tensor output);

    /// <summary>The sum of <see cref="LogLikelihood(Tensor, Tensor)"/> over a batch.</summary>
    protected abstract Tensor TotalLogLikelihood(Tensor y, Tensor output);

    /// <summary>What a log-density of prepared rows loses in the units of the rows.</summary>
    /// <returns>(batch or 1,)</returns>
    protected abstract Tensor LogVolume(Tensor x);

    /// <summary>Rows drawn from p(x|z).</summary>
    /// <param name="output">(batch, outputs)</param>
    protected abstract Tensor Draw(Tensor output, double temperature, Generator generator);

    /// <summary>−ELBO, the mean over the batch, nats of transformed rows.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                            // (batch, features), transformed
        var (mean, logVariance) = Posterior(y, batch.Condition, step);              // (batch, latent) each
        var deviation = (logVariance / 2).exp();
        var z = addcmul(mean, deviation, empty_like(mean, requires_grad: false).normal_(0, 1, step.Generator), 1);   // (batch, latent)
        var logDensity = TotalLogLikelihood(y, Decode(z, batch.Condition, step));
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
        var (mean, logVariance) = Posterior(Prepare(rows), null, null);
        return Divergence(mean, logVariance);
    }

    public Tensor Encode(Tensor x, Tensor? condition) => PosteriorMean(Prepare(x), condition);

    /// <summary>The decoder's output for codes of the prior.</summary>
    /// <returns>(rows, outputs)</returns>
    protected Tensor DecodePrior(long rows, Tensor? condition, Generator generator)
    {
        var z = empty(condition?.shape[0] ?? rows, LatentSize, device: _noise.device).normal_(0, 1, generator);
        return Decode(z, condition, null);
    }

    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var (mean, logVariance) = Posterior(Prepare(x), condition, null);
        var z = mean + (logVariance / 2).exp() * empty_like(mean).normal_(0, temperature, generator);
        return Draw(Decode(z, condition, null), temperature, generator);
    }

    /// <summary>Importance-weighted bound (Burda et al., 2016, equation 8), with the same noise for every row: the value of a row does not depend on others.</summary>
    public Tensor LogDensity(Tensor x, Tensor? condition) => Bound(x, condition, _noise).sub_(LogVolume(x));

    /// <summary>−log p(x, z) at the posterior mean z = μ(x): one pass, and as good a score as the bound, which takes one per sample.</summary>
    public Tensor Score(Tensor x, Tensor? condition)
    {
        var y = Prepare(x);
        return LogVolume(x) + LatentSize * Math.Log(2 * Math.PI) / 2 - LogJoint(y, PosteriorMean(y, condition), condition);
    }

    /// <summary>log p(y|z)·p(z) of prepared rows, but for the constant of p(z).</summary>
    internal Tensor LogJoint(Tensor y, Tensor z, Tensor? condition) => LogLikelihood(y, Decode(z, condition, null)) - z.square().sum(-1) / 2;   // (batch,)

    // (batch,) nats of transformed rows
    private Tensor Bound(Tensor x, Tensor? condition, Tensor noise) =>
        RowBlocks.Compute(x, condition, Math.Max(1, MostDecodedRows / noise.shape[0]), (rows, conditions) => BoundOfBlock(rows, conditions, noise));

    private Tensor BoundOfBlock(Tensor rows, Tensor? condition, Tensor noise)
    {
        var x = Prepare(rows);                                                      // (batch, …)
        var (mean, logVariance) = Posterior(x, condition, null);                    // (batch, latent) each
        var offsets = noise.unsqueeze(1);                                           // (samples, 1, latent)
        var z = mean + (logVariance / 2).exp() * offsets;                           // (samples, batch, latent)
        var repeated = condition?.unsqueeze(0).expand(noise.shape[0], -1, -1);      // (samples, batch, conditions)
        var logWeight = LogLikelihood(x, Decode(z, repeated, null))        // (samples, batch)
            + (offsets.square() + logVariance - z.square()).sum(-1) / 2;            // log p(z) − log q(z|x)
        return logWeight.logsumexp(0).sub_(Math.Log(noise.shape[0]));               // (batch,)
    }

    private Tensor PosteriorMean(Tensor x, Tensor? condition) => Statistics(x, condition, null).narrow(-1, 0, LatentSize);   // (batch, latent)

    private Tensor Statistics(Tensor x, Tensor? condition, TrainingStep? step) => _encoder.Call(Seen(x).BesideCondition(condition), _posterior, step);   // (batch, 2·latent)

    private (Tensor Mean, Tensor LogVariance) Posterior(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var statistics = Statistics(x, condition, step);
        var halves = statistics.chunk(2, -1);
        return (halves[0], nn.functional.hardtanh(halves[1], LowestLogVariance, HighestLogVariance));
    }

    private protected Tensor Decode(Tensor z, Tensor? condition, TrainingStep? step) => Finish(_decoder.Call(z.BesideCondition(condition), _output, step));   // (…, outputs)
}
