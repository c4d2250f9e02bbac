using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The noise puts other tokens in the place of those that there are (<see cref="TokenTransitions"/>), with α = ᾱ of <see cref="CosineSchedule"/>.</summary>
internal sealed partial class MultinomialDiffusionNetwork : TableDiffusionNetwork
{
    private readonly TokenTransitions _transitions;
    private readonly Tensor _noise;   // (steps, draws, 2·columns) by which the density puts noise on rows

    public MultinomialDiffusionNetwork(DiffusionOptions options, NetworkInput input, Initializer initializer) : base(options, input, initializer)
    {
        _transitions = new TokenTransitions(Columns, areAlike: options.TokenNoise == DiffusionTokenNoise.Uniform, initializer);
        _noise = this.Own("noise", initializer.Normal(DensitySteps, options.DensityProbes, 2 * Columns.Count));
    }

    /// <summary>−log p of the tokens behind the noise, whatever its amount: times are even over (0, 1).</summary>
    private protected override Tensor Loss(Batch batch, TrainingStep step)
    {
        long rows = batch.Rows;
        Tensor state, angles;
        using (no_grad())
        {
            angles = CosineSchedule.Angle((arange(rows, float32, step.Device) + Random(1).squeeze(1)) / rows);
            state = TokenTransitions.AddNoise(batch.X.to(int64), angles.cos().square().unsqueeze(1), Random(Columns.Count), _transitions.Fresh(Random(Columns.Count)));
        }
        var output = Denoiser.Call(state, ConditionInput.Learnt(batch.Condition, Options.ConditionDropout, step), Denoiser.TimeCode(angles), step);
        return LogChances(batch.X, output).sum().mul(-1.0 / rows);

        Tensor Random(long width) => empty(rows, width, device: step.Device).uniform_(0, 1, step.Generator);
    }

    /// <summary>−Σ KL(q(x_s|x_t, x_0) ‖ p(x_s|x_t)) over the steps in which rows are drawn, or over some of them.</summary>
    private protected override Tensor LogChance(Tensor tokens, Func<Tensor, double, Tensor> output)
    {
        var sum = zeros(tokens.shape[0], device: tokens.device);
        foreach (var (now, earlier, stays, fresh, weight) in Passes())
        {
            using var scope = NewDisposeScope();
            var state = where(stays, tokens, fresh);
            sum.add_(_transitions.Divergence(Logits(output(state, CosineSchedule.Angle(now))), state, tokens, Left(earlier), Left(now)), -weight);
        }
        return sum;
    }

    // which tokens stay and what takes the place of others, (1, columns) each, the same for every row; and the weight of each pass in the bound
    private IEnumerable<(double Now, double Earlier, Tensor Stays, Tensor Fresh, double Weight)> Passes()
    {
        int columns = Columns.Count;
        for (int i = 0; i < DensitySteps; i++)
        {
            int at = (int)((i + 0.5) * Options.SamplingSteps / DensitySteps);
            for (int draw = 0; draw < Options.DensityProbes; draw++)
            {
                var uniform = TokenDraws.Uniform(_noise[i, draw]).unsqueeze(0);   // (1, 2·columns)
                yield return (Time(at + 1), Time(at), uniform.narrow(1, 0, columns).lt(Left(Time(at + 1))), _transitions.Fresh(uniform.narrow(1, columns, columns)), (double)Options.SamplingSteps / (DensitySteps * Options.DensityProbes));
            }
        }
    }

    /// <summary>What is known takes, with noise of its own, the place of what was drawn at every time, and every step is gone back and done again (as RePaint does for numbers, Lugmayr et al., 2022).</summary>
    private protected override Tensor DrawTokens(DrawStart start, Denoised denoised, DrawTerms terms, Generator generator)
    {
        if (start.Time == 0) return start.Tokens!;
        if (Restricted(terms).Any())
        {
            // from what there is of each column where nothing is known of the others
            var (logits, choices) = (denoised(Fresh(), CosineSchedule.Angle(1)), Random());
            start = start.With(Columns.Count, _noise.device, Restricted(terms).Select(j => (j, Choose(j, logits, terms, choices.narrow(1, j, 1)))));
        }
        int steps = Math.Max(1, (int)Math.Ceiling(Options.SamplingSteps * start.Time)), repeats = start.Known is null ? 1 : Options.ImputationRepeats;
        double Moment(int step) => start.Time * (steps - step) / steps;
        var state = start.Tokens is null || start.Known is not null ? Fresh() : Noised(start.Tokens, Left(start.Time));
        for (int i = 0; i < steps; i++)
        {
            var (now, earlier) = (Moment(i), Moment(i + 1));
            for (int repeat = 1; repeat <= repeats; repeat++)
            {
                using var scope = NewDisposeScope();
                var noisy = start.Known is null ? state : where(start.Known, Noised(start.Tokens!, Left(now)), state);
                var logits = denoised(noisy, CosineSchedule.Angle(now));
                var choices = Random();
                var clean = stack([.. Enumerable.Range(0, Columns.Count).Select(j => Choose(j, logits, terms, choices.narrow(1, j, 1)))], 1);
                if (start.Known is not null) clean = where(start.Known, start.Tokens!, clean);
                var drawn = _transitions.Back(noisy, clean, Left(earlier), Left(now), Random(), Fresh());
                state = (repeat < repeats ? Noised(drawn, Left(now) / Left(earlier)) : drawn).MoveToOuterDisposeScope();
            }
        }
        return start.Known is null ? state : where(start.Known, start.Tokens!, state);

        Tensor Random() => Uniform(start.Rows, Columns.Count, generator);
        Tensor Fresh() => _transitions.Fresh(Random());
        Tensor Noised(Tensor tokens, double stay) => TokenTransitions.AddNoise(tokens, full(1, stay, float32, tokens.device), Random(), Fresh());
    }

    private int DensitySteps => Math.Min(Options.SamplingSteps, Options.DensitySteps);

    private double Time(int step) => (double)step / Options.SamplingSteps;

    // α
    private static double Left(double time) => CosineSchedule.SignalShare(time);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _transitions.Dispose();
        base.Dispose(disposing);
    }
}
