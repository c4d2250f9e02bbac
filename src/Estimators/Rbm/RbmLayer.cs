using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// The energy of a restricted Boltzmann machine, and what follows from it in closed form. For binary units h and visible units v that are binary (set B) or real (set R):
/// E(v, h) = Σ_R (v − b)²/2σ² − Σ_B b·v − c·h − Σ_ij (v_i/σ_i²)·W_ij·h_j, with σ = 1 for binary units. A condition, one-hot, shifts b and c.
/// </summary>
internal sealed partial class RbmLayer : nn.Module
{
    private const double LowestVariance = 0.01;         // of what is standardised: bounds the density
    private const int MostEnumerated = 20, EnumeratedAtOnce = 1 << 12;

    // chances of the distribution that annealing starts from stay this far from 0 and 1
    private const double SmallestChance = 0.01;

    private readonly UnitBiases _visible, _hidden;
    private readonly Tensor? _isReal;                   // (visible,) 1 or 0; null if all are binary
    private readonly Tensor? _fixedLogVariance;         // (visible,)

    /// <param name="isReal">Which of the visible units are real.</param>
    /// <param name="average">Mean of every visible unit over the training rows; null for a layer that is filled from a file, or whose units are as often 0 as 1.</param>
    /// <param name="fixedVariance">Of real units; null to learn one for each.</param>
    public RbmLayer(bool[] isReal, float[]? average, int hidden, int conditions, double? fixedVariance, Initializer initializer) : base(nameof(RbmLayer))
    {
        const double WeightBound = 0.02;
        int visible = isReal.Length;
        var mean = average ?? isReal.Select(real => real ? 0f : 0.5f).ToArray();
        Weight = this.Own("weight", initializer.Uniform(WeightBound, visible, hidden));
        register_module("visible", _visible = new UnitBiases([.. mean.Select((m, i) => isReal[i] ? m : Logit(m))], conditions, learnsVariance: isReal.Contains(true) && fixedVariance is null, initializer));
        register_module("hidden", _hidden = new UnitBiases(new float[hidden], conditions, learnsVariance: false, initializer));
        VisibleOffset = this.Own("visibleOffset", initializer.Fixed(mean));
        HiddenOffset = this.Own("hiddenOffset", initializer.Fixed(Enumerable.Repeat(0.5f, hidden).ToArray()));
        if (!isReal.Contains(true)) return;
        _isReal = initializer.Derived(tensor(isReal.Select(real => real ? 1f : 0f).ToArray(), device: initializer.Device));
        if (fixedVariance is not null) _fixedLogVariance = initializer.Derived(_isReal * Math.Log(fixedVariance.Value));
    }

    /// <summary>W, (visible, hidden)</summary>
    public Parameter Weight { get; }

    /// <summary>b, (visible,)</summary>
    public Parameter VisibleBias => _visible.Bias;

    /// <summary>c, (hidden,)</summary>
    public Parameter HiddenBias => _hidden.Bias;

    /// <summary>What a condition adds to b, (conditions, visible); null without.</summary>
    public Parameter? VisibleShift => _visible.Shift;

    /// <summary>What a condition adds to c, (conditions, hidden); null without.</summary>
    public Parameter? HiddenShift => _hidden.Shift;

    /// <summary>log σ², (visible,), of which those of real units count; null if it is fixed, or there are none.</summary>
    public Parameter? LogVariance => _visible.LogVariance;

    /// <summary>What is taken from visible units in the gradient: their mean in training, (visible,).</summary>
    public Tensor VisibleOffset { get; }

    /// <summary>What is taken from hidden units in the gradient: their mean in training, (hidden,).</summary>
    public Tensor HiddenOffset { get; }

    public int Visible => (int)Weight.shape[0];

    public int Hidden => (int)Weight.shape[1];

    public int Conditions => (int)(VisibleShift?.shape[0] ?? 0);

    /// <summary>(visible,) 1 for real units, 0 for binary ones; null if all are binary.</summary>
    public Tensor? IsReal => _isReal;

    /// <summary>Whether the log-partition can be summed: there are few hidden units, or few visible ones and all of them are binary.</summary>
    public bool CanBeEnumerated => Math.Min(Hidden, _isReal is null ? Visible : int.MaxValue) <= MostEnumerated;

    /// <summary>b and c under a condition: (visible,) and (hidden,), or (batch, …).</summary>
    public RbmBiases Biases(Tensor? condition) => condition is null ? new(VisibleBias, HiddenBias)
        : new(VisibleBias.addmm(condition, VisibleShift!), HiddenBias.addmm(condition, HiddenShift!));

    /// <summary>b and c under the condition of that number; without conditions, as they are.</summary>
    public RbmBiases BiasesUnder(int condition) =>
        VisibleShift is null ? Biases(null) : new(VisibleBias + VisibleShift.select(0, condition), HiddenBias + HiddenShift!.select(0, condition));

    /// <summary>1/σ², (visible,); null if all units are binary.</summary>
    public Tensor? Precision() => BoundedLogVariance() is { } logVariance ? logVariance.neg().exp_() : null;

    /// <summary>Logits of the hidden units, given the visible ones.</summary>
    /// <param name="v">(batch, visible)</param>
    /// <returns>(batch, hidden)</returns>
    public Tensor HiddenLogits(Tensor v, RbmBiases biases) => biases.Hidden.addmm(Precision() is { } precision ? v * precision : v, Weight);

    /// <summary>Logits of binary visible units, means of real ones, given the hidden ones.</summary>
    /// <param name="h">(batch, hidden)</param>
    /// <returns>(batch, visible)</returns>
    public Tensor VisibleInput(Tensor h, RbmBiases biases) => biases.Visible.addmm(h, Weight.t());

    /// <summary>Mean of the visible units.</summary>
    /// <param name="input">From <see cref="VisibleInput(Tensor, RbmBiases)"/>.</param>
    public Tensor VisibleMean(Tensor input) => _isReal is null ? input.sigmoid() : where(_isReal.to(@bool), input, input.sigmoid());

    /// <summary>Draws visible units.</summary>
    /// <param name="input">From <see cref="VisibleInput(Tensor, RbmBiases)"/>, which is overwritten.</param>
    /// <param name="temperature">Scale of the noise of real units.</param>
    public Tensor DrawVisible(Tensor input, UnitNoise noise, double temperature = 1)
    {
        if (_isReal is null) return noise.Draw(input);
        var real = input + noise.Normal(input).mul_((BoundedLogVariance()! / 2).exp_().mul_(temperature));
        return where(_isReal.to(@bool), real, noise.Draw(input));
    }

    /// <summary>F(v) = −log Σ_h exp(−E(v, h)) = V(v) − Σ_j softplus(c_j + Σ_i v_i·W_ij/σ_i²), where V(v) = Σ_R (v − b)²/2σ² − Σ_B b·v.</summary>
    /// <returns>(batch,)</returns>
    public Tensor FreeEnergy(Tensor v, RbmBiases biases) => FreeEnergy(v, HiddenLogits(v, biases), biases);

    /// <inheritdoc cref="FreeEnergy(Tensor, RbmBiases)"/>
    /// <param name="logits">From <see cref="HiddenLogits(Tensor, RbmBiases)"/>.</param>
    public Tensor FreeEnergy(Tensor v, Tensor logits, RbmBiases biases) => VisibleEnergy(v, biases).sub_(nn.functional.softplus(logits).sum(-1));

    /// <summary>log p(v | h), (batch,)</summary>
    /// <param name="input">From <see cref="VisibleInput(Tensor, RbmBiases)"/>.</param>
    public Tensor LogDensityOfVisible(Tensor v, Tensor input)
    {
        var binary = v * input - nn.functional.softplus(input);
        if (_isReal is null) return binary.sum(-1);
        var real = (v - input).square().mul_(Precision()!).add_(BoundedLogVariance()! + Math.Log(2 * Math.PI)).div_(-2);
        return where(_isReal.to(@bool), real, binary).sum(-1);
    }

    /// <summary>Writes the gradient of −log p(v | h) into all parameters that it depends on; that of the weights of a real unit times its variance, as all that learns them does.</summary>
    /// <param name="v">(rows, visible)</param>
    /// <param name="h">(rows, hidden) 0 or 1</param>
    public void WriteGradientOfVisible(Tensor v, Tensor h, Tensor? condition)
    {
        var error = VisibleMean(VisibleInput(h, Biases(condition))).sub_(v);
        Weight.grad?.copy_(error.t().mm(h).div_(v.shape[0]));
        VisibleBias.grad?.copy_(error.mean([0]));
        VisibleShift?.grad?.copy_(condition!.t().mm(error).div_(v.shape[0]));
        LogVariance?.grad?.copy_((1 - error.square().mean([0]).mul_(Precision()!)).div_(2).mul_(_isReal!).clamp_(-RbmLearning.LongestOfVariance, RbmLearning.LongestOfVariance));
    }

    /// <summary>Takes weights and variances of real units to start from; those of binary units stay.</summary>
    /// <param name="weight">(hidden, visible)</param>
    /// <param name="thresholds">(hidden, visible): rows at which each hidden unit is as likely on as off, as far as its real units say.</param>
    /// <param name="variance">Of real units, if they learn theirs.</param>
    public void StartFrom(Tensor weight, Tensor thresholds, double variance)
    {
        LogVariance?.fill_(Math.Log(variance)).mul_(_isReal!);
        Weight.copy_(where(_isReal!.to(@bool).unsqueeze(1), weight.t(), Weight));
        var ofReal = weight * _isReal;
        HiddenBias.copy_((ofReal * thresholds * Precision()!).sum(1).neg_());
        HiddenOffset.copy_(HiddenLogits(thresholds, Biases(null)).sigmoid_().mean([0]));
        VisibleBias.sub_(ofReal.t().mv(HiddenOffset));   // the mean stays
    }

    /// <summary>Takes over from a layer whose hidden units are the visible ones of this: their biases and means, and, if this layer has room for all its visible units and they are
    /// binary, its weights, transposed, so that the two together are the model that the other one was.</summary>
    public void StandOn(RbmLayer below)
    {
        VisibleBias.copy_(below.HiddenBias);
        VisibleOffset.copy_(below.HiddenOffset);
        VisibleShift?.copy_(below.HiddenShift!);
        if (!CanStandOn(below)) return;
        int units = below.Visible;
        Weight.narrow(1, 0, units).copy_(below.Weight.t());
        HiddenBias.narrow(0, 0, units).copy_(below.VisibleBias);
        HiddenOffset.narrow(0, 0, units).copy_(below.VisibleOffset);
        HiddenShift?.narrow(1, 0, units).copy_(below.VisibleShift!);
        if (Hidden > units) VisibleBias.sub_(Weight.narrow(1, units, Hidden - units).mv(HiddenOffset.narrow(0, units, Hidden - units)));   // the mean stays
    }

    /// <summary>Whether <see cref="StandOn"/> takes the weights over.</summary>
    public bool CanStandOn(RbmLayer below) => below.IsReal is null && Hidden >= below.Visible;

    /// <summary>−F(v) less <see cref="Usual"/>: near 0, so that few digits are lost where the log-partition less the same is taken off.</summary>
    /// <returns>(batch,)</returns>
    public Tensor LogWeight(Tensor v, RbmBiases biases) => nn.functional.softplus(HiddenLogits(v, biases)).sub_(Usual()).sum(-1).sub_(VisibleEnergy(v, biases));

    /// <summary>What each hidden unit adds to −F where it has no reason, log 2; above real units, what it adds at the mean of the rows, (hidden,).</summary>
    public Tensor Usual() => _isReal is null ? full_like(HiddenBias, Math.Log(2)) : nn.functional.softplus(HiddenBias);

    /// <summary>V(v), (batch,)</summary>
    public Tensor VisibleEnergy(Tensor v, RbmBiases biases)
    {
        if (_isReal is null) return (biases.Visible.dim() == 1 ? v.mv(biases.Visible) : (v * biases.Visible).sum(-1)).neg_();
        var squares = (v - biases.Visible).square().mul_(Precision()!).div_(2);
        return where(_isReal.to(@bool), squares, (v * biases.Visible).neg_()).sum(-1);
    }

    /// <summary>log Z = log Σ_h ∫ exp(−E(v, h)) dv, by a sum over all states of the smaller side.</summary>
    public LogPartition Enumerate(RbmBiases biases)
    {
        bool overHidden = Hidden <= Visible || _isReal is not null;
        int units = overHidden ? Hidden : Visible;
        double total = double.NegativeInfinity;
        for (long first = 0; first < 1L << units; first += EnumeratedAtOnce)
        {
            using var scope = NewDisposeScope();
            var states = States(first, Math.Min(EnumeratedAtOnce, (1L << units) - first), units, Weight.device);
            var logWeights = overHidden ? MarginalOfHidden(states, biases) : FreeEnergy(states, biases).neg_();
            double block = logWeights.to(float64).logsumexp(0).item<double>(), highest = Math.Max(total, block);
            total = highest + Math.Log(Math.Exp(total - highest) + Math.Exp(block - highest));
        }
        return new LogPartition(total, 0);
    }

    /// <summary>log ∫ exp(−E(v, h)) dv, (batch,)</summary>
    public Tensor MarginalOfHidden(Tensor h, RbmBiases biases)
    {
        var input = VisibleInput(h, biases);
        var perUnit = nn.functional.softplus(input);
        if (_isReal is not null)
        {
            var real = (input.square() - biases.Visible.square()).mul_(Precision()!).add_(BoundedLogVariance()! + Math.Log(2 * Math.PI)).div_(2);
            perUnit = where(_isReal.to(@bool), real, perUnit);
        }
        return perUnit.sum(-1).add_(h.mv(biases.Hidden));
    }

    /// <summary>log Z by annealed importance sampling, or exactly if <paramref name="exactly"/> and the sides are small.</summary>
    public LogPartition LogPartition(RbmBiases biases, AnnealingOptions options, bool exactly, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (exactly && CanBeEnumerated) return Enumerate(biases);
        var estimates = new List<double>();
        var noise = new UnitNoise(generator);
        while (true)
        {
            using var rows = new AnnealedRows(this, biases, options.Chains, noise);
            estimates.AddRange(AnnealedImportance.Run(rows, rows.LogPartitionAtStart, options.StepsFor(Weight.numel())));
            var partition = Networks.LogPartition.Of(estimates);
            if (partition.StandardError <= options.StandardError || estimates.Count + options.Chains > options.MostChains) return partition;
        }
    }

    internal static float Logit(float chance)
    {
        double bounded = Math.Clamp(chance, SmallestChance / 10, 1 - SmallestChance / 10);
        return (float)Math.Log(bounded / (1 - bounded));
    }

    // log σ², 0 for binary units
    private Tensor? BoundedLogVariance() => LogVariance is null ? _fixedLogVariance : LogVariance.clamp_min(Math.Log(LowestVariance)) * _isReal!;

    // (count, units): the binary digits of the numbers
    private static Tensor States(long first, long count, int units, Device device)
    {
        var numbers = arange(first, first + count, int64, device).unsqueeze(1);
        return numbers.bitwise_right_shift(arange(0, units, int64, device)).remainder(2).to(float32);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isReal?.Dispose();
            _fixedLogVariance?.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>What one side of a layer has besides the weights.</summary>
internal sealed class UnitBiases : nn.Module
{
    public UnitBiases(float[] bias, int conditions, bool learnsVariance, Initializer initializer) : base(nameof(UnitBiases))
    {
        Bias = this.Own("bias", initializer.StartingFrom(bias));
        if (conditions > 0) Shift = this.Own("shift", initializer.Constant(0, conditions, bias.Length));
        if (learnsVariance) LogVariance = this.Own("logVariance", initializer.Constant(0, bias.Length));
    }

    /// <summary>(units,)</summary>
    public Parameter Bias { get; }

    /// <summary>(conditions, units); null without conditions.</summary>
    public Parameter? Shift { get; }

    /// <summary>(units,); null where there is none to learn.</summary>
    public Parameter? LogVariance { get; }
}

/// <summary>The biases of a layer under one condition, or under one for each row.</summary>
internal readonly record struct RbmBiases(Tensor Visible, Tensor Hidden);
