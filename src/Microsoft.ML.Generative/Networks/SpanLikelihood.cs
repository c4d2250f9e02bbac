using Microsoft.ML.Generative.Encoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>How likely standardised rows are, given what a decoder says of them: Gaussian for continuous spans, Bernoulli for binary spans and
/// proportions. The decoder gives one number per feature: a mean, or the logit of a chance.</summary>
internal sealed partial class SpanLikelihood : nn.Module
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly Tensor? _isContinuous;   // (features,) 1 or 0; null if all features are of one kind
    private readonly Tensor? _isDrawn;        // (features,) 1 for binary features, 0 for proportions, whose mean is what a draw gives
    private readonly Parameter? _spread;      // (features,) log v = lowest + softplus(spread): smooth, and never below the bound
    private readonly double _lowestLogVariance;
    private readonly bool _anyContinuous, _anyChance;

    /// <param name="fixedVariance">Variance of every continuous feature, standardised; null to learn one for each.</param>
    /// <param name="lowestVariance">Bound below a learned variance, which keeps constant and discrete features from ever greater densities.</param>
    public SpanLikelihood(NetworkInput input, double? fixedVariance, double lowestVariance, Initializer initializer) : base(nameof(SpanLikelihood))
    {
        var kinds = input.Spans.SelectMany(s => Enumerable.Repeat(s.Kind, s.Width)).ToArray();
        _anyContinuous = kinds.Contains(SpanKind.Continuous);
        _anyChance = kinds.Any(k => k is SpanKind.Binary or SpanKind.Proportion);
        if (_anyContinuous && _anyChance) _isContinuous = this.Own("isContinuous", initializer.Fixed(kinds.Select(k => k == SpanKind.Continuous ? 1f : 0f).ToArray()));
        if (_anyChance) _isDrawn = this.Own("isDrawn", initializer.Fixed(kinds.Select(k => k == SpanKind.Binary ? 1f : 0f).ToArray()));
        _lowestLogVariance = Math.Log(fixedVariance ?? lowestVariance);
        if (fixedVariance is null && _anyContinuous) _spread = this.Own("spread", initializer.Constant(-_lowestLogVariance, kinds.Length));
    }

    /// <summary>Log-density of every row of <paramref name="x"/> under the decoder's output for it.</summary>
    /// <param name="x">(batch, features) or anything that broadcasts to the output.</param>
    /// <param name="output">(…, features)</param>
    /// <returns>(…,), nats</returns>
    public Tensor LogDensity(Tensor x, Tensor output)
    {
        if (!_anyChance && LogVariance() is { } logVariance)   // a product with a vector is far faster than a sum over few features
            return (x - output).square().matmul((-logVariance).exp().div_(-2)).sub_((logVariance + LogTwoPi).sum() / 2);
        var perFeature = (_anyContinuous, _anyChance) switch
        {
            (true, false) => Gaussian(x, output),
            (false, true) => Bernoulli(x, output),
            _ => where(_isContinuous!.to(@bool), Gaussian(x, output), Bernoulli(x, output)),
        };
        return perFeature.sum(-1);   // (…,)
    }

    /// <summary>The sum of <see cref="LogDensity(Tensor, Tensor)"/> over a batch, in as few operations as it takes: what a step of training costs is their number.</summary>
    /// <returns>A scalar, nats.</returns>
    public Tensor TotalLogDensity(Tensor x, Tensor output)
    {
        switch (_anyContinuous, _anyChance)
        {
            case (false, true):
                return nn.functional.binary_cross_entropy_with_logits(output, x, reduction: nn.Reduction.Sum).neg();
            case (true, false) when _spread is null:
                return nn.functional.mse_loss(output, x, nn.Reduction.Sum).mul(-0.5 * Math.Exp(-_lowestLogVariance)).add(-0.5 * x.numel() * (_lowestLogVariance + LogTwoPi));
            case (true, false):
                var squares = (x - output).square().sum(dim: 0);            // (features,)
                var share = (-_spread!).sigmoid();                          // e^(−softplus(s)) = σ(−s): 1/v is this over the lowest variance
                return squares.dot(share).mul(-0.5 * Math.Exp(-_lowestLogVariance))
                    .add(nn.functional.softplus(_spread!).sum(), -0.5 * x.shape[0]).add(-0.5 * x.numel() * (_lowestLogVariance + LogTwoPi));
            default:
                return LogDensity(x, output).sum();
        }
    }

    /// <summary>The mean of the rows, from the decoder's output.</summary>
    public Tensor Mean(Tensor output) => (_anyContinuous, _anyChance) switch
    {
        (true, false) => output,
        (false, true) => output.sigmoid(),
        _ => where(_isContinuous!.to(@bool), output, output.sigmoid()),
    };

    /// <summary>A draw: Gaussian noise of the learned variance on continuous features, 0 or 1 for binary ones, the mean of proportions.</summary>
    /// <param name="temperature">Scale of the noise of continuous features.</param>
    public Tensor Draw(Tensor output, double temperature, Generator generator)
    {
        var mean = Mean(output);   // (batch, features)
        var continuous = _anyContinuous
            ? mean + empty_like(mean).normal_(0, 1, generator).mul_(Variance().sqrt()).mul_(temperature)
            : mean;
        if (!_anyChance) return continuous;
        var chances = mean.clamp(0, 1);
        var chance = where(_isDrawn!.to(@bool), empty_like(mean).bernoulli_(chances, generator), chances);
        return _anyContinuous ? where(_isContinuous!.to(@bool), continuous, chance) : chance;
    }

    private Tensor? LogVariance() => _spread is null ? null : nn.functional.softplus(_spread) + _lowestLogVariance;   // (features,)

    private Tensor Variance() => LogVariance()?.exp() ?? full(1, Math.Exp(_lowestLogVariance), device: _isDrawn?.device);

    private Tensor Gaussian(Tensor x, Tensor mean)
    {
        var squares = (x - mean).square();   // (…, features)
        if (LogVariance() is not { } logVariance) return squares.mul(-0.5 * Math.Exp(-_lowestLogVariance)).sub_((_lowestLogVariance + LogTwoPi) / 2);
        return (squares * (-logVariance).exp() + logVariance + LogTwoPi) * -0.5;
    }

    // x·logit − softplus(logit)
    private static Tensor Bernoulli(Tensor x, Tensor logits) => x * logits - nn.functional.softplus(logits);
}
