using System.Globalization;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Generative adversarial network (Goodfellow et al., 2014): a generator G(z, c) of rows, a discriminator that learns to tell them from real ones, and, once these are trained,
/// an encoder that finds the code of a row (f-AnoGAN, Schlegl et al., 2019).</summary>
internal abstract partial class GanNetwork : GenerativeNetwork, IVariationSampler, ISampler, IEncoder, IScorer, ICalibrated, IMonitored
{
    // weight of the discriminator's features beside the row itself, and of finding the codes of drawn rows, for the encoder
    private const double FeatureWeight = 1, CodeWeight = 0.1;

    // of the players' steps, in which the least noise falls to what it is at last
    private const double FallingShare = 0.5;

    // of the chances that noise stands for
    private const float LeastChance = 1e-6f;

    // of residuals, in squared deviations of a feature
    private const double LeastVariance = 0.0025;

    // held-out rows that samples are compared with, and the share of what coverage should be below which modes are called missing
    private const int MostMonitoredRows = 1000, CalibrationRows = 1000;
    private const double LeastCoverage = 0.7;

    private readonly GanOptions _options;
    private readonly double _leastNoise;
    private readonly int _width;
    private readonly RowHead _head;
    private readonly Perceptron _generator;
    private readonly Discriminator _discriminator;
    private readonly Perceptron _encoder;
    private readonly Tensor _codeDeviation; // (latent,): of a row's true code from that which the encoder finds
    private readonly Tensor _residualVariance; // (width,): of the rows from what comes back, over the training rows
    private readonly Tensor _featureVariance;  // (1,): the same of the discriminator's features, their mean
    private readonly Tensor? _companions;   // (pack − 1, noise): what the rows are drawn from that a row is scored with

    /// <param name="spans">What the numbers of a prepared row are.</param>
    /// <param name="hidden">Units of the layers, if the options do not say.</param>
    /// <param name="leastNoise">Least deviation of the noise on what the discriminator sees: it need not tell apart what differs by less.</param>
    /// <param name="isHard">Whether one-hot vectors are rounded when rows are drawn.</param>
    private protected GanNetwork(
        GanOptions options, NetworkInput input, IReadOnlyList<FeatureSpan> spans, IReadOnlyList<int> hidden, double leastNoise, bool isHard, Initializer initializer) : base("gan", input)
    {
        _options = options;
        _leastNoise = leastNoise;
        _width = spans.Sum(span => span.Width);
        _head = new RowHead(spans, isHard);
        LatentSize = options.LatentSize ?? GanOptions.DefaultLatentSize(_width);
        hidden = options.HiddenSizes ?? hidden;
        var discriminatorHidden = options.DiscriminatorHiddenSizes ?? hidden;
        register_module("generator", _generator = new Perceptron(LatentSize + input.ConditionSize, hidden, _width, options.Activation, initializer, paint: Paint()));
        register_module("discriminator", _discriminator = new Discriminator(
            options.Packing * _width, options.Packing * input.ConditionSize, discriminatorHidden, options.Waves ?? GanOptions.DefaultWaves(_width), options.InstanceNoise > _leastNoise, options.Activation, options.UsesSpectralNormalization, initializer, Look(normalized: false)));
        register_module("encoder", _encoder = new Perceptron(_width + input.ConditionSize, hidden, LatentSize, options.Activation, initializer, Look(normalized: true)));
        _codeDeviation = this.Own("codeDeviation", initializer.Zeros(LatentSize));
        _residualVariance = this.Own("residualVariance", initializer.Fixed([.. Enumerable.Repeat(1f, _width)]));
        _featureVariance = this.Own("featureVariance", initializer.Fixed([1f]));
        if (options.Packing > 1) _companions = this.Own("companions", initializer.Normal(options.Packing - 1, LatentSize + _head.NoiseWidth));

        ImageEncoder? Look(bool normalized) => options.Image is { } image ? new ImageEncoder(image, options.ImageChannels, initializer, normalized) : null;
        ImageDecoder? Paint() => options.Image is { } image ? new ImageDecoder(image, options.ImageChannels, initializer) : null;
    }

    public int LatentSize { get; }

    public override IReadOnlyList<Objective> Objectives =>
    [
        new Objective("discriminator", DiscriminatorLoss) { Moves = OfDiscriminator, Beta1 = Beta1, LearningRateScale = _options.DiscriminatorRateScale, Turn = (0, PlayersShare), IsJudgedBySamples = true },
        new Objective("generator", GeneratorLoss) { Moves = OfGenerator, Beta1 = Beta1, BatchesPerStep = _options.DiscriminatorStepsForLoss, Turn = (0, PlayersShare), IsJudgedBySamples = true },
        new Objective("encoder", EncoderLoss) { Moves = OfEncoder, Turn = (PlayersShare, 1) },
    ];

    // less than usual: the direction changes with what the other player does
    private const double Beta1 = 0;

    // of the steps: the encoder has the rest
    private const double PlayersShare = 2 / 3.0;

    private static bool OfGenerator(string weights) => weights.StartsWith("generator.", StringComparison.Ordinal);

    private static bool OfDiscriminator(string weights) => weights.StartsWith("discriminator.", StringComparison.Ordinal);

    private static bool OfEncoder(string weights) => weights.StartsWith("encoder.", StringComparison.Ordinal);

    /// <summary>Prepared rows as rows again.</summary>
    /// <param name="generator">Where comes from what they do not say, as normal noise: <see cref="RestoredNoise"/> numbers a row.</param>
    protected abstract Tensor Restore(Tensor y, Generator generator);

    /// <summary>What is added to the score for what preparing takes from a row: how far outside of the numbers learnt its own are. Null for nothing.</summary>
    /// <returns>(batch,)</returns>
    protected virtual Tensor? Beyond(Tensor x) => null;

    private Tensor DiscriminatorLoss(Batch batch, TrainingStep step)
    {
        _discriminator.Iterate();
        Tensor drawn;
        using (no_grad()) drawn = Packed(Generate(batch.Rows, batch.Condition, step.Generator));
        var real = Packed(batch.X);                                                       // (packs, pack·width)
        var deviations = NoiseDeviations(real.shape[0], step);                            // (packs, 1)
        (real, drawn) = (Blurred(real, deviations, step), Blurred(drawn, deviations, step));
        var condition = batch.Condition is null ? null : Packed(batch.Condition);        // (packs, pack·conditions)
        var noise = Told(deviations);
        var of = _discriminator.Call(cat([real, drawn]), condition is null ? null : cat([condition, condition]), noise is null ? null : cat([noise, noise])).chunk(2);
        var loss = _options.Loss.OfDiscriminator(of[0], of[1]);
        double weight = _options.PenaltyWeight;
        if (weight == 0) return loss;
        Tensor Critic(Tensor x) => _discriminator.Call(x, condition, noise);
        if (_options.Penalty == GanPenalty.UnitGradient) return loss + weight * GradientPenalty.OfUnitLength(Critic, real, drawn, step.Generator);
        var weights = deviations.square().add(_leastNoise * _leastNoise).squeeze(1);          // (packs,): gradients are steeper the less noise there is
        var penalty = GradientPenalty.OfLength(Critic, real, weights);
        if (_options.Penalty == GanPenalty.RealAndDrawnGradients) penalty += GradientPenalty.OfLength(Critic, drawn, weights);
        return loss + weight * penalty;
    }

    private Tensor GeneratorLoss(Batch batch, TrainingStep step)
    {
        var condition = batch.Condition is null ? null : Packed(batch.Condition);
        var rows = Packed(Generate(batch.Rows, batch.Condition, step.Generator));
        var deviations = NoiseDeviations(rows.shape[0], step);
        var noise = Told(deviations);
        var drawn = _discriminator.Call(Blurred(rows, deviations, step), condition, noise, frozen: true);
        using var noGradient = no_grad();
        var real = _options.Loss == GanLoss.Relativistic ? _discriminator.Call(Blurred(Packed(batch.X), deviations, step), condition, noise) : drawn;
        using var gradient = enable_grad();
        return _options.Loss.OfGenerator(real, drawn);
    }

    private static Tensor Blurred(Tensor y, Tensor deviations, TrainingStep step) => y + deviations * empty_like(y, requires_grad: false).normal_(0, 1, step.Generator);

    /// <summary>Of the noise on each pack, evenly in their logarithm: first only so much that all modes overlap, then also less and less.</summary>
    /// <returns>(packs, 1)</returns>
    internal Tensor NoiseDeviations(long packs, TrainingStep step)
    {
        double most = _options.InstanceNoise;
        if (most <= _leastNoise) return full(packs, 1, most, device: step.Device);
        double fall = Math.Log(most / _leastNoise) * (step.StartedTrained ? 1 : Math.Min(1, step.Progress / FallingShare));
        return empty(packs, 1, device: step.Device).uniform_(-fall, 0, step.Generator).exp_().mul_(most);
    }

    // the discriminator is told the logarithm of the noise, from the least to 1
    private Tensor? Told(Tensor deviations) => _options.InstanceNoise <= _leastNoise ? null
        : deviations.div(_options.InstanceNoise).log_().mul_((1 - Discriminator.LeastNoise) / Math.Log(_options.InstanceNoise / _leastNoise)).add_(1);

    // the row and the discriminator's features of it should come back (Schlegl et al., 2019, equation 3), and drawn rows have codes that are known
    private Tensor EncoderLoss(Batch batch, TrainingStep step)
    {
        var z = empty(batch.Rows, LatentSize, device: batch.X.device).normal_(0, 1, step.Generator);
        Tensor drawn;
        using (no_grad()) drawn = Decode(z, batch.Condition);
        var again = _head.Apply(_generator.CallFrozen(Code(batch.X, batch.Condition).BesideCondition(batch.Condition)), null);
        var found = Code(drawn, batch.Condition);
        var (residuals, features) = Residuals(batch.X, again, batch.Condition);
        return residuals.square().mean() + features.square().mean().mul(FeatureWeight) + (found - z).square().mean().mul(CodeWeight);
    }

    // (batch, width) of the row, (batch, φ) of the discriminator's features
    private (Tensor OfRow, Tensor OfFeatures) Residuals(Tensor y, Tensor again, Tensor? condition)
    {
        var companions = Companions(y.shape[0], condition);
        return (y - again, _discriminator.Features(Beside(y, companions), frozen: true) - _discriminator.Features(Beside(again, companions), frozen: true));
    }

    /// <summary>Rows side by side: what is over of the last pack is left out, a pack that there are too few rows for is filled with the same again.</summary>
    /// <returns>(packs, pack·width)</returns>
    internal static Tensor Pack(Tensor x, int pack)
    {
        if (pack == 1) return x;
        long packs = x.shape[0] / pack;
        if (packs == 0) return x.index_select(0, arange(pack, int64, x.device).remainder(x.shape[0])).reshape(1, -1);
        return x.narrow(0, 0, packs * pack).reshape(packs, -1);
    }

    private Tensor Packed(Tensor x) => Pack(x, _options.Packing);

    // (batch, (pack − 1)·width): drawn from the same noise for every row; null for packs of one
    private Tensor? Companions(long rows, Tensor? condition)
    {
        if (_companions is null) return null;
        using var noGradient = no_grad();
        long others = _companions.shape[0];
        if (condition is null) return Generate(_companions, null).reshape(1, -1).expand(rows, -1);
        var repeated = condition.repeat_interleave(others, 0);                            // (rows·others, conditions)
        return Generate(_companions.repeat(rows, 1), repeated).reshape(rows, -1);
    }

    private static Tensor Beside(Tensor y, Tensor? companions) => companions is null ? y : cat([y, companions], 1);

    private Tensor Generate(long rows, Tensor? condition, Generator generator) =>
        Generate(empty(rows, LatentSize + _head.NoiseWidth, device: _codeDeviation.device).normal_(0, 1, generator), condition);

    // (batch, width) prepared rows; noise is (batch, latent + noise of the head)
    private Tensor Generate(Tensor noise, Tensor? condition) => _head.Apply(
        _generator.Call(noise.narrow(1, 0, LatentSize).BesideCondition(condition)), _head.NoiseWidth == 0 ? null : noise.narrow(1, LatentSize, _head.NoiseWidth));

    private Tensor Decode(Tensor z, Tensor? condition) => _head.Apply(_generator.Call(z.BesideCondition(condition)), null);

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Restore(Draw(condition?.shape[0] ?? rows, condition, generator), generator);

    private Tensor Draw(long rows, Tensor? condition, Generator generator)
    {
        var noise = empty(rows, DrawnNoise, device: _codeDeviation.device).normal_(0, 1, generator);
        int candidates = _options.CandidatesForLoss;
        if (candidates == 1) return Generate(noise, condition);
        var repeated = condition?.repeat_interleave(candidates, 0);                       // (rows·candidates, conditions)
        var drawn = Generate(noise.narrow(1, 0, noise.shape[1] - candidates).reshape(rows * candidates, -1), repeated);
        var logOdds = Judge(drawn, repeated).view(rows, candidates);
        // the greatest sum with Gumbel noise is a draw with these odds
        var gumbel = special.ndtr(noise.narrow(1, noise.shape[1] - candidates, candidates)).clamp_(LeastChance, 1 - LeastChance).log_().neg_().log_();
        var chosen = logOdds.sub_(gumbel).argmax(1).add_(arange(0, rows * candidates, candidates, int64, drawn.device));
        return drawn.index_select(0, chosen);
    }

    // what the discriminator says of each row, (rows,)
    private Tensor Judge(Tensor y, Tensor? condition) => _discriminator.Call(Beside(y, Companions(y.shape[0], condition)), condition?.repeat(1, _options.Packing));

    /// <summary>Draws codes around that which the encoder finds, as far from it as the true codes of drawn rows are, which is all that is known of the posterior.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var code = Code(Prepare(x), condition);
        var z = code + _codeDeviation * empty_like(code).normal_(0, temperature, generator);
        // at 0 nothing is drawn
        var noise = temperature == 0 || _head.NoiseWidth == 0 ? null : empty(x.shape[0], _head.NoiseWidth, device: x.device).normal_(0, temperature, generator);
        return Restore(_head.Apply(_generator.Call(z.BesideCondition(condition)), noise), generator);
    }

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(1, _codeDeviation.device);
        long rows = 0;
        var (residualSum, featureSum) = (zeros_like(_residualVariance), zeros_like(_featureVariance));
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var y = Prepare(batch.X);
            var (residuals, features) = Residuals(y, Again(y, batch.Condition), batch.Condition);
            residualSum.add_(residuals.square().sum(dim: 0));
            featureSum.add_(features.square().mean([1]).sum());
            rows += batch.Rows;
            if (rows > batch.Rows) continue;
            // the conditions of the first batch will do
            var z = empty(CalibrationRows, LatentSize, device: _codeDeviation.device).normal_(0, 1, generator);
            var condition = batch.Condition?.index_select(0, arange(CalibrationRows, int64, z.device).remainder(batch.Rows));
            _codeDeviation.copy_((Code(Decode(z, condition), condition) - z).square().mean([0]).sqrt());
        }
        _residualVariance.copy_((residualSum / rows).clamp_min(LeastVariance));
        _featureVariance.copy_((featureSum / rows).clamp_min(LeastVariance));
    }

    public Tensor Encode(Tensor x, Tensor? condition) => Code(Prepare(x), condition);

    private Tensor Code(Tensor y, Tensor? condition) => _encoder.Call(y.BesideCondition(condition));

    public Tensor Score(Tensor x, Tensor? condition)
    {
        var y = Prepare(x);
        var score = _options.Score == GanScore.Discriminator ? -Judge(y, condition) : Deviation(y, condition);
        return Beyond(x) is { } beyond ? score + beyond : score;
    }

    private Tensor Deviation(Tensor y, Tensor? condition)
    {
        var (residuals, features) = Residuals(y, Again(y, condition), condition);
        return (residuals.square() / _residualVariance).mean([1]) + (features.square() / _featureVariance).mean([1]).mul(FeatureWeight);
    }

    private protected Tensor Again(Tensor y, Tensor? condition) => Decode(Code(y, condition), condition);

    public double Measure(IEnumerable<Batch> rows, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (real, drawn) = Compared(rows, generator);
        return real.shape[0] < 2 ? 0 : SampleQuality.Discrepancy(real, drawn, SampleQuality.BandwidthsOf(real));
    }

    public void Report(IEnumerable<Batch> rows, Generator generator, ITrainingLog log)
    {
        using var scope = NewDisposeScope();
        var (real, drawn) = Compared(rows, generator);
        if (real.shape[0] <= SampleQuality.Neighbours) return;
        double coverage = SampleQuality.Coverage(real, drawn), expected = SampleQuality.ExpectedCoverage(real.shape[0], drawn.shape[0]);
        string found = string.Create(CultureInfo.InvariantCulture, $"{coverage:P1} of {real.shape[0]} rows have a drawn row near them, as {expected:P1} would have if draws were like rows (coverage)");
        if (coverage >= LeastCoverage * expected) log.Info($"{found}.");
        else log.Warning($"{found}: modes are missing or blurred. Train for more steps, raise {nameof(GanOptions.Packing)}, or take another {nameof(GanOptions.Loss)}.");
    }

    // as many drawn rows as real ones, for the same conditions, which stand beside the rows: they have to go together
    private (Tensor Real, Tensor Drawn) Compared(IEnumerable<Batch> batches, Generator generator)
    {
        var rows = new List<Tensor>();
        var conditions = new List<Tensor>();
        long count = 0;
        foreach (var batch in batches)
        {
            long taken = Math.Min(batch.Rows, MostMonitoredRows - count);
            rows.Add(batch.X.narrow(0, 0, taken).clone());
            if (batch.Condition is { } given) conditions.Add(given.narrow(0, 0, taken).clone());
            if ((count += taken) == MostMonitoredRows) break;
        }
        var condition = conditions.Count == 0 ? null : cat(conditions);
        return (cat(rows).BesideCondition(condition), Draw(count, condition, generator).BesideCondition(condition));
    }
}
