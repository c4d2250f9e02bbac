using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws: exactly where inference is exact, by Gibbs sampling otherwise.</summary>
internal sealed partial class PairwiseNetwork
{
    // of an imputation or a variation, which start from what is known
    private const int MostConditionalSweeps = 100;

    public int RowsAtOnce => 4096;

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        if (Inference.IsExact) return Rows(Inference.Sampler.Draw(Uniform(rows, _layout.Count, generator), LabelsOf(condition)), generator);
        var tokens = zeros(rows, _layout.Count, int64, _couplings.device);
        Sweep(tokens, null, condition, new Terms(zeros(1, _layout.Tokens, device: _couplings.device)), _options.BurnIn, generator);
        return Rows(tokens, generator);
    }

    public Tensor SampleEvenly(long rows, Tensor? condition, Generator generator)
    {
        if (!Inference.IsExact) return Sample(rows, condition, generator);
        rows = condition?.shape[0] ?? rows;
        using var strata = new PrefixStrata(rows, generator, _couplings.device);
        return Rows(Inference.Sampler.Draw(rows, strata, LabelsOf(condition)), generator);
    }

    public Tensor SampleEvenly(long rows, KnownValues? given, Tensor? condition, DrawTerms terms, Generator generator)
    {
        if (given is not null) return Redraw(given.X, _tensors.OfVariables(given.Known).gt(0.5), condition, terms, _options.BurnIn, generator);
        var nothing = zeros(rows, Input.Features, device: _couplings.device);
        return Redraw(nothing, zeros(rows, _layout.Count, @bool, _couplings.device), condition, terms, _options.BurnIn, generator);
    }

    /// <summary>Draws what is not known given all that is; never a missing value.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator) =>
        Redraw(x, _tensors.OfVariables(known).gt(0.5), condition, DrawTerms.AnyValue, ConditionalSweeps, generator);

    /// <summary>Each row keeps some of its columns, whichever, and has the others drawn anew: as many as <paramref name="temperature"/> times a uniformly drawn share of all.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var kept = TokenDraws.Kept(x.shape[0], _layout.Count, temperature, generator, x.device);
        return Redraw(x, kept, condition, DrawTerms.Anything, ConditionalSweeps, generator);
    }

    private int ConditionalSweeps => Math.Min(_options.BurnIn, MostConditionalSweeps);

    /// <param name="isKnown">(rows, variables)</param>
    private Tensor Redraw(Tensor x, Tensor isKnown, Tensor? condition, DrawTerms asked, int sweeps, Generator generator)
    {
        var (tokens, isSettled) = Settled(_tensors.Tokens(x), isKnown, asked, generator);
        var terms = TermsOf(asked);
        Tensor drawn;
        if (Inference.IsExact)
        {
            var noise = Uniform(tokens.shape[0], _layout.Count, generator);
            drawn = InBlocks(tokens, isSettled, condition, terms, (evidence, labels, first) => Inference.Conditionals.Draw(evidence, labels, terms.Temperature, noise.narrow(0, first, evidence.shape[0])));
        }
        else
        {
            drawn = tokens.clone();
            Sweep(drawn, isSettled, condition, terms, sweeps, generator);
        }
        return where(_tensors.OfFeatures(isKnown), x, Rows(drawn, generator));
    }

    // columns that are to have given shares are drawn by those, whatever the rest is
    private (Tensor Tokens, Tensor IsSettled) Settled(Tensor tokens, Tensor isKnown, DrawTerms asked, Generator generator)
    {
        if (asked.Restrictions?.Any(restriction => restriction is { Replaces: true }) != true) return (tokens, isKnown);
        (tokens, var isSettled) = (tokens.clone(), isKnown.clone());
        for (int v = 0; v < _layout.Count; v++)
        {
            if (asked.Restrictions[v] is not { Replaces: true } restriction) continue;
            var shares = tensor(restriction.Weights.Select(weight => (float)weight).ToArray(), device: tokens.device).unsqueeze(0);
            var drawn = TokenDraws.Choose((shares / shares.sum()).expand(tokens.shape[0], -1), Uniform(tokens.shape[0], 1, generator));
            var place = tokens.select(1, v);
            place.copy_(where(isKnown.select(1, v), place, drawn));
            isSettled.select(1, v).fill_(true);
        }
        return (tokens, isSettled);
    }

    /// <summary>Of each row something that follows from the exact conditionals of what is not known, as many rows at a time as their tables may take.</summary>
    /// <param name="compute">Given (rows, all tokens) what may be, (rows,) the labels, and the number of the first row.</param>
    private Tensor InBlocks(Tensor tokens, Tensor isKnown, Tensor? condition, Terms terms, Func<Tensor, Tensor?, long, Tensor> compute)
    {
        long rows = tokens.shape[0], atOnce = Inference.Conditionals.RowsAtOnce;
        var labels = LabelsOf(condition);
        var parts = new List<Tensor>();
        for (long first = 0; first < rows; first += atOnce)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(atOnce, rows - first);
            var isGiven = isKnown.narrow(0, first, count).index_select(1, _tensors.VariableOfToken);               // (rows, all tokens)
            var evidence = where(isGiven, (1 - _tensors.Indicators(tokens.narrow(0, first, count))) * TokenTensors.Impossible, terms.Allowed);
            parts.Add(compute(evidence, labels?.narrow(0, first, count), first).MoveToOuterDisposeScope());
        }
        return cat(parts);
    }

    private void Sweep(Tensor tokens, Tensor? isKnown, Tensor? condition, Terms terms, int sweeps, Generator generator)
    {
        var indicators = _tensors.Indicators(tokens);
        var (bias, couplings) = Tempered(condition, terms);
        // the first sweep as if variables did not depend on each other, so that rows start apart
        Inference.Gibbs.Sweep(tokens, indicators, bias, zeros_like(couplings), isKnown, generator);
        for (int i = 0; i < sweeps; i++) Inference.Gibbs.Sweep(tokens, indicators, bias, couplings, isKnown, generator);
    }

    private (Tensor Bias, Tensor Couplings) Tempered(Tensor? condition, Terms terms)
    {
        var bias = (condition?.mm(Inference.Biases) ?? Inference.Biases) / terms.Temperature + terms.Allowed;
        return (bias, terms.Temperature == 1 ? Inference.Couplings : Inference.Couplings / terms.Temperature);
    }

    /// <param name="Allowed">(1, all tokens) added to the log of how likely each token is: 0, or far below for one that can't be drawn.</param>
    /// <param name="Temperature">What all weights are divided by.</param>
    private sealed record Terms(Tensor Allowed, double Temperature = 1);

    private Terms TermsOf(DrawTerms asked)
    {
        var allowed = new float[_layout.Tokens];
        for (int v = 0; v < _layout.Count; v++)
        {
            var ofVariable = allowed.AsSpan(_layout.Offsets[v], _layout.Sizes[v]);
            if (asked.Restrictions?[v] is { Replaces: false, LogWeights: var weights })
                for (int k = 0; k < ofVariable.Length; k++) ofVariable[k] = Math.Max(weights[k], TokenTensors.Impossible);
            if (Input.TokenColumns is { Count: > 0 } columns && asked.Excluded(v, columns[v]) is { } missing) ofVariable[missing] = TokenTensors.Impossible;
        }
        return new(tensor(allowed, device: _couplings.device).unsqueeze(0), asked.Divisor);
    }

    // (rows, features)
    private Tensor Rows(Tensor tokens, Generator generator)
    {
        bool hasPositions = Input.Features > _layout.Count;
        var positions = hasPositions ? Uniform(tokens.shape[0], Input.Features - _layout.Count, generator) : null;
        return _tensors.Rows(tokens, positions);
    }

    // (rows, width), made of normal noise as in the ONNX graph
    private Tensor Uniform(long rows, int width, Generator generator) =>
        TokenDraws.Uniform(rows, width, generator, _couplings.device);
}
