using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>How likely rows are, and how unusual.</summary>
internal sealed partial class DiffusionNetwork
{
    // at which the score looks
    private static readonly double[] ScoreTimes = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

    /// <summary>The log-density of rows with the least noise that the network knows, by <see cref="DiffusionSteps.LogDensity"/>; the directions are the same for every row, so that the value of a row
    /// does not depend on others.</summary>
    public Tensor LogDensity(Tensor x, Tensor? condition) => RowBlocks.Compute(x, condition, RowsAtOnce, (rows, conditions) =>
    {
        var angles = CosineSchedule.Rising(_options.DensitySteps);
        var y = _transform.Apply(rows).mul_(Math.Cos(angles[0]));
        var given = ConditionInput.Given(conditions);
        return DiffusionSteps.LogDensity(VelocityGiven(conditions), (state, angle, step) => WithDivergence(state, given, angle, Directions(step)), y, angles) - _transform.LogVolume;
    });

    // (directions, 1, features)
    private Tensor Directions(int step) => (HasExactDivergence ? eye(Input.Features, device: _probes.device) : _probes[step]).unsqueeze(1);

    // uᵀ·∂v/∂y·u, the mean over random directions or the sum over those of the features
    private (Tensor Velocity, Tensor Divergence) WithDivergence(Tensor y, Tensor? given, double angle, Tensor directions)
    {
        var (value, change) = _denoiser.Differentiate(y.BesideCondition(given), Code(y, angle), directions);
        var ofDirections = (ToVelocity(change, directions, angle) * directions).sum(-1);   // (directions, batch)
        return (ToVelocity(value, y, angle), HasExactDivergence ? ofDirections.sum(dim: 0) : ofDirections.mean([0]));
    }

    /// <summary>The variational bound, but for a constant, by <see cref="DiffusionSteps.Bound"/> with fixed draws of noise: what is the same for all labels falls out when they are compared (Li et al., 2023).</summary>
    public Tensor ComparableLogDensity(Tensor x, Tensor? condition) => RowBlocks.Compute(x, condition, RowsAtOnce, (rows, conditions) =>
        DiffusionSteps.Bound(VelocityGiven(conditions), _transform.Apply(rows), [.. _comparedNoise.unbind(0)]));

    // at how many times labels are compared
    private const int ComparedTimes = 8;

    /// <summary>The squared length of the noise that the network finds in a row to which none was added, summed over several amounts of noise that it is told there to be: the length of the gradient of
    /// the log-density of rows with that noise.</summary>
    public Tensor Score(Tensor x, Tensor? condition) => RowBlocks.Compute(x, condition, RowsAtOnce, (rows, conditions) =>
    {
        var y = _transform.Apply(rows);
        var velocity = VelocityGiven(conditions);
        Tensor? sum = null;
        foreach (double angle in ScoreTimes.Select(CosineSchedule.Angle))
        {
            var scaled = y * Math.Cos(angle);
            var noise = (scaled * Math.Sin(angle)).add_(velocity(scaled, angle), Math.Cos(angle));   // (batch, features)
            var length = noise.square().sum(-1);
            sum = sum is null ? length : sum.add_(length);
        }
        return sum!;
    });
}
