using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A denoising diffusion model: a network that knows the noise of rows with any amount of it, trained on ‖v̂(cosφ·y + sinφ·ε, φ) − v‖² with φ by <see cref="CosineSchedule"/> and times
/// even over (0, 1), or more often small.</summary>
internal sealed partial class DiffusionNetwork : GenerativeNetwork, IGuidedSampler, IVariationSampler, IComparableDensity, IReconstructor, IImputer, IScorer, ICalibrated
{
    // rows that are worked on at a time: bounds memory, and of images keeps the layers in the cache
    private const int RowsAtATime = 1024, ImagesAtATime = 128;

    // that no row of any training set has
    private const float Unbounded = 1e9f;

    private readonly DiffusionOptions _options;
    private readonly InputTransform _transform;
    private readonly Dequantization _rounding;
    private readonly Denoiser _denoiser;
    private readonly Tensor _lowest, _highest;   // (features,) of transformed training rows
    private readonly Tensor _probes;             // (steps, probes, features) ±1
    private readonly Tensor _comparedNoise;      // (times, features) by which labels are compared

    public DiffusionNetwork(DiffusionOptions options, NetworkInput input, Initializer initializer) : base("diffusion", input)
    {
        _options = options;
        register_module("transform", _transform = new InputTransform(input, options.UsesCorrelation && input.CanBeWhitened, initializer));
        register_module("rounding", _rounding = new Dequantization(input, enabled: true, samples: 1, initializer));
        int conditions = ConditionInput.WidthOf(input);
        register_module("denoiser", _denoiser = options.Image is { } image
            ? new UNetDenoiser(options, image, conditions, initializer)
            : new ResidualDenoiser(options, input.Features, conditions, initializer));
        _lowest = this.Own("lowest", initializer.Fixed(Enumerable.Repeat(-Unbounded, input.Features).ToArray()));
        _highest = this.Own("highest", initializer.Fixed(Enumerable.Repeat(Unbounded, input.Features).ToArray()));
        _probes = this.Own("probes", HasExactDivergence ? initializer.Zeros(0) : initializer.Normal(options.DensitySteps, options.DensityProbes, input.Features).sign_());
        _comparedNoise = this.Own("comparedNoise", initializer.Normal(ComparedTimes, input.Features));
    }

    public int RowsAtOnce => _options.Image is null ? RowsAtATime : ImagesAtATime;

    public DensityKind DensityKind => DensityKind.Estimate;

    public override IReadOnlyList<Objective> Objectives => [new Objective("denoising error", Loss)];

    private bool HasExactDivergence => _options.DensityProbes >= Input.Features;

    // what is sharp about rows of few features shows where there is little noise; noise as such is hard to tell there anyway, and has to be known where there is much
    private int TimePower => _options is { Image: null, Prediction: DiffusionPrediction.Velocity } && DiffusionOptions.AreFew(Input.Features) ? 2 : 1;

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    /// <summary>The squared error of what is predicted, the mean over rows and features.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                                          // (batch, features), transformed
        long rows = batch.Rows;
        // one time in each of as many equal parts as there are rows: the loss scatters less than with independent ones
        var places = (arange(rows, float32, y.device) + empty(rows, device: y.device).uniform_(0, 1, step.Generator)) / rows;
        var times = places.pow(TimePower).mul_(1 - CosineSchedule.LeastTime).add_(CosineSchedule.LeastTime);
        var angles = CosineSchedule.Angle(times);                                                 // (batch,)
        var (signal, share) = (angles.cos().unsqueeze(1), angles.sin().unsqueeze(1));
        var noise = empty_like(y, requires_grad: false).normal_(0, 1, step.Generator);
        var target = _options.Prediction == DiffusionPrediction.Noise ? noise : signal * noise - share * y;
        var predicted = _denoiser.Call((signal * y + share * noise).BesideCondition(ConditionInput.Learnt(batch.Condition, _options.ConditionDropout, step)), _denoiser.TimeCode(angles), step);
        return nn.functional.mse_loss(predicted, target);
    }

    /// <summary>The least and the greatest of every feature, beyond which no denoised row lies.</summary>
    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _lowest.fill_(Unbounded);
        _highest.fill_(-Unbounded);
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var y = Prepare(batch.X);
            _lowest.copy_(_lowest.minimum(y.amin([0])));
            _highest.copy_(_highest.maximum(y.amax([0])));
        }
    }

    // of rows with noise that have this condition: what the network knows, unguided
    private Velocity VelocityGiven(Tensor? condition)
    {
        var given = ConditionInput.Given(condition);
        return (y, angle) => ToVelocity(_denoiser.Call(y.BesideCondition(given), Code(y, angle), null), y, angle);
    }

    /// <summary>As rows are drawn: guided, and so that denoised rows are within the range of the training rows.</summary>
    private Velocity GuidedVelocity(Tensor? condition, double guidance)
    {
        var conditional = VelocityGiven(condition);
        var velocity = conditional;
        if (condition is not null && guidance > 0)
        {
            var nothing = ConditionInput.Nothing(condition);
            velocity = (y, angle) => ConditionInput.Guide(conditional(y, angle), ToVelocity(_denoiser.Call(y.BesideCondition(nothing), Code(y, angle), null), y, angle), guidance);
        }
        return (y, angle) =>
        {
            var (signal, share) = (Math.Cos(angle), Math.Sin(angle));
            var clean = (y * signal).add(velocity(y, angle), -share).maximum(_lowest).minimum(_highest);
            return (y * signal - clean).div_(share);
        };
    }

    private Tensor Code(Tensor y, double angle) => _denoiser.TimeCode(full(1, angle, float32, y.device));   // (1, …)

    // ε = sinφ·y + cosφ·v
    private Tensor ToVelocity(Tensor predicted, Tensor y, double angle) =>
        _options.Prediction == DiffusionPrediction.Velocity ? predicted : predicted.add(y, -Math.Sin(angle)).div_(Math.Cos(angle));
}
