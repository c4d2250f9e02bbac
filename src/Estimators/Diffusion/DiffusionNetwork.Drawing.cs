using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>New rows, variations of rows, and what is missing of rows.</summary>
internal sealed partial class DiffusionNetwork
{
    public bool CanBeGuided => Input.ConditionSize > 0 && _options.ConditionDropout > 0;

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Sample(rows, condition, _options.GuidanceWeight, generator);

    public Tensor Sample(long rows, Tensor? condition, double guidance, Generator generator)
    {
        var fresh = Fresh(condition?.shape[0] ?? rows, generator);
        return Finish(DiffusionSteps.Draw(GuidedVelocity(condition, guidance), fresh(), DrawingAngles(CosineSchedule.MostTime), _options.Stochasticity, IsSecondOrder, fresh));
    }

    /// <summary>Noise up to a time in proportion to the temperature, which is then taken off (SDEdit, Meng et al., 2022).</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        double time = Math.Min(CosineSchedule.MostTime, _options.VariationTime * temperature);
        if (time < CosineSchedule.LeastTime) return Finish(_transform.Apply(x));
        var fresh = Fresh(x.shape[0], generator);
        var angles = DrawingAngles(time);
        var y = DiffusionSteps.AddNoise(_transform.Apply(x), 0, angles[0], fresh());
        return Finish(DiffusionSteps.Draw(GuidedVelocity(condition, _options.GuidanceWeight), y, angles, _options.Stochasticity, IsSecondOrder, fresh));
    }

    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        // in the units of the rows, since that is where numbers are known; rows without their mean, since noise has none
        var velocity = GuidedVelocity(condition, _options.GuidanceWeight);
        var fresh = Fresh(x.shape[0], generator);
        var mask = known.to(@bool);
        var filled = DiffusionSteps.Fill(
            (rows, angle) => ToRows(velocity(FromRows(rows), angle)), x - _transform.Mean, mask, DrawingAngles(CosineSchedule.MostTime), _options.ImputationRepeats, () => ToRows(fresh()));
        return where(mask, x, _rounding.Undo(filled.add_(_transform.Mean)));

        Tensor ToRows(Tensor y) => _transform.Invert(y).sub_(_transform.Mean);
        Tensor FromRows(Tensor rows) => _transform.Apply(rows + _transform.Mean);
    }

    /// <summary>The row that is expected behind the given one with a little of its size taken off: one step of denoising.</summary>
    public Tensor Reconstruct(Tensor x, Tensor? condition)
    {
        double angle = CosineSchedule.Angle(ReconstructionTime);
        var y = _transform.Apply(x).mul_(Math.Cos(angle));
        return _transform.Invert((y * Math.Cos(angle)).add_(VelocityGiven(condition)(y, angle), -Math.Sin(angle)));
    }

    // of the noise that a reconstruction takes a row to have
    private const double ReconstructionTime = 0.2;

    // what is extrapolated must not be noise
    private bool IsSecondOrder => _options.SecondOrder && _options.Stochasticity == 0;

    private double[] DrawingAngles(double time) => CosineSchedule.Falling(time, Math.Max(1, (int)Math.Ceiling(_options.SamplingSteps * time)));

    private Tensor Finish(Tensor y) => _rounding.Undo(_transform.Invert(y));

    private Func<Tensor> Fresh(long rows, Generator generator) => () => empty(rows, Input.Features, device: _lowest.device).normal_(0, 1, generator);
}
