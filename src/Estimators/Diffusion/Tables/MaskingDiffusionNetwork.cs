using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The noise hides tokens, one after the other in a random order (absorbing states, Austin et al., 2021; in this order, autoregressive diffusion, Hoogeboom et al., 2022). What is hidden says how far it has gone, so that the
/// network is told no time; what is not hidden is as it was.</summary>
internal sealed partial class MaskingDiffusionNetwork : TableDiffusionNetwork, IMostLikelyImputer
{
    private readonly Tensor _hidden;   // (columns,) Int64 what stands for a hidden token
    private readonly TokenCentres _centres;
    private readonly Tensor _orders;   // (pairs of orders, columns) random places by which the density hides columns, and then from the other end

    public MaskingDiffusionNetwork(DiffusionOptions options, NetworkInput input, Initializer initializer) : base(options, input, initializer)
    {
        _hidden = initializer.Indices(Columns.Select((_, j) => Denoiser.HiddenTokens + j));
        _centres = new(Columns, initializer);
        _orders = this.Own("orders", initializer.Normal((options.DensityProbes + 1) / 2, Columns.Count));
    }

    /// <summary>The bound, one term for each row: n of the columns hidden, n even over 1 to all, and the mean over these of −log p, times the number of columns.</summary>
    private protected override Tensor Loss(Batch batch, TrainingStep step)
    {
        long rows = batch.Rows, columns = Columns.Count;
        Tensor weights, state;
        using (no_grad())
        {
            var count = (arange(rows, float32, step.Device).unsqueeze(1) + Random(1)).mul_((double)columns / rows).floor_().clamp_(0, columns - 1).add_(1);   // (batch, 1)
            var isHidden = Random(columns).argsort(1).argsort(1).lt(count);                                                                                    // (batch, columns)
            state = where(isHidden, _hidden, batch.X.to(int64));
            weights = isHidden.to(float32).div_(count).mul_((double)columns / rows);
        }
        var output = Denoiser.Call(state, ConditionInput.Learnt(batch.Condition, Options.ConditionDropout, step), NoTime, step);
        return (LogChances(batch.X, output) * weights).sum().neg_();

        Tensor Random(long width) => empty(rows, width, device: step.Device).uniform_(0, 1, step.Generator);
    }

    private protected override Tensor LogChance(Tensor tokens, Func<Tensor, double, Tensor> output)
    {
        var sum = zeros(tokens.shape[0], device: tokens.device);
        foreach (var (isHidden, weight) in Passes())
        {
            using var scope = NewDisposeScope();
            var chances = LogChances(tokens, output(where(isHidden.gt(0), _hidden, tokens), 0));
            sum.add_((chances * isHidden).sum(-1), weight);
        }
        return sum;
    }

    // which columns are hidden, (columns,), and the weight of each of them in the bound
    private IEnumerable<(Tensor IsHidden, double Weight)> Passes()
    {
        int columns = Columns.Count, passes = Math.Min(columns, Options.DensitySteps);
        for (int order = 0; order < Options.DensityProbes; order++)
        {
            var rank = (_orders[order / 2] * (order % 2 == 0 ? 1 : -1)).argsort(0).argsort(0);
            for (int pass = 0; pass < passes; pass++)
            {
                int count = (int)((pass + 0.5) * columns / passes) + 1;
                yield return (rank.lt(count).to(float32), (double)columns / (count * passes * Options.DensityProbes));
            }
        }
    }

    private protected override Tensor DrawTokens(DrawStart start, Denoised denoised, DrawTerms terms, Generator generator)
    {
        int columns = Columns.Count;
        var rank = Normal(start.Rows, columns, generator).argsort(1).argsort(1);                     // (batch, columns)
        var choices = Uniform(start.Rows, columns, generator);
        var isDrawn = start.Known is { } known ? known.logical_not() : start.Time < 1 ? rank.lt(HiddenCount(start, generator)) : ones_like(rank, @bool);
        var state = start.Tokens is null ? _hidden.unsqueeze(0).expand(start.Rows, -1) : where(isDrawn, _hidden, start.Tokens);
        foreach (int j in Restricted(terms))
        {
            state = Reveal(state, isDrawn.logical_and(arange(columns, int64, state.device).eq(j)), [j]);
            isDrawn = isDrawn.logical_and(arange(columns, int64, state.device).ne(j));
        }
        int steps = Steps;
        for (int i = 0; i < steps; i++)
            state = Reveal(state, isDrawn.logical_and(rank.ge(FirstOf(i))).logical_and(rank.lt(FirstOf(i + 1))), Enumerable.Range(0, columns));
        return state;

        Tensor Reveal(Tensor hidden, Tensor isDue, IEnumerable<int> which)
        {
            using var scope = NewDisposeScope();
            var logits = denoised(hidden, 0);
            var values = hidden.unbind(1);
            foreach (int j in which)
            {
                var due = isDue.select(1, j).nonzero().squeeze(1);                                   // a few of the rows
                values[j] = values[j].clone().index_copy_(0, due, Choose(j, logits, terms, choices.narrow(1, j, 1), due));
            }
            return stack(values, 1).MoveToOuterDisposeScope();
        }
    }

    /// <summary>In one pass: the network is told what is known, and that the rest is hidden.</summary>
    public Tensor MostLikely(Tensor x, Tensor known, Tensor? condition)
    {
        var start = Start(x, known);
        var logits = Denoised(condition, Options.GuidanceWeight)(where(start.Known!, start.Tokens!, _hidden), 0);
        return _centres.Fill(x, known, j => Chances(j, logits, DrawTerms.AnyValue));
    }

    private int Steps => Math.Min(Columns.Count, Options.SamplingSteps);

    // the first place of the columns that are drawn in a step
    private int FirstOf(int step) => (int)((long)Columns.Count * step / Steps);

    // (batch, 1): as many as a uniform share of the time says
    private Tensor HiddenCount(DrawStart start, Generator generator) =>
        empty(start.Rows, 1, device: _hidden.device).uniform_(0, 1, generator).mul_(2 * start.Time * (Columns.Count + 1)).floor_();

    private Tensor NoTime => Denoiser.TimeCode(zeros(1, device: _hidden.device));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hidden.Dispose();
            _centres.Dispose();
        }
        base.Dispose(disposing);
    }
}
