using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws: column by column, whatever is known of a row staying as it is.</summary>
internal sealed partial class TableNetwork
{
    public int RowsAtOnce => 4096;

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Sample(rows, condition, null, generator);

    public Tensor SampleEvenly(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        using var strata = new PrefixStrata(rows, generator, _ranks.device);
        return Sample(rows, condition, strata, generator);
    }

    private Tensor Sample(long rows, Tensor? condition, PrefixStrata? strata, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        return Draw(Nothing(rows), null, condition, DrawTerms.Anything, strata, generator);
    }

    public Tensor SampleEvenly(long rows, KnownValues? given, Tensor? condition, DrawTerms terms, Generator generator)
    {
        using var strata = new PrefixStrata(rows, generator, _ranks.device);
        return Draw(given?.X ?? Nothing(rows), given is null ? null : KnownColumns(given.Known), condition, terms, strata, generator);
    }

    private Tensor Nothing(long rows) => zeros(rows, Input.Features, device: _ranks.device);

    private Tensor KnownColumns(Tensor known) => known.index_select(1, _tokenFeatures);   // (batch, columns)

    /// <summary>Draws what is not known given all that is; never a missing value.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator) =>
        Draw(x, KnownColumns(known), condition, DrawTerms.AnyValue, null, generator);

    /// <summary>Each row keeps some of its columns, whichever, and has the others drawn anew: as many as <paramref name="temperature"/> times a uniformly drawn share of all.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var kept = TokenDraws.Kept(x.shape[0], _columns.Count, temperature, generator, x.device).to(float32);
        return Draw(x, kept, condition, DrawTerms.Anything, null, generator);
    }

    /// <param name="known">(batch, columns), 1 where the column stays as it is; null where all are drawn.</param>
    /// <param name="strata">Where the numbers that tokens are chosen by come from; null for independent ones.</param>
    private Tensor Draw(Tensor x, Tensor? known, Tensor? condition, DrawTerms terms, PrefixStrata? strata, Generator generator)
    {
        var (inward, outward) = _layers.Tables();
        var choices = Uniform(x, NoiseWidths[0], generator);
        var positions = NoiseWidths.Count > 1 ? Uniform(x, NoiseWidths[1], generator) : null;
        var sum = _layers.Start(condition);                                                                         // (batch, hidden)
        sum = known is null ? sum.expand(x.shape[0], -1) : sum + Sum(Tokens(x), known, inward);
        var isGiven = known?.amin([0]).ToFloats();                                                                  // whether all rows have the column
        var result = x.unbind(1).ToArray();
        int[] order = [.. Order(terms).Where(j => isGiven?[j] != 1)];
        int[] constrained = [.. order.Where(j => terms.Restrictions?[j] is { Replaces: false })];
        Tensor[]? together = null;
        foreach (int j in order)
        {
            if (constrained.Length > 1 && j == constrained[0]) together = Together(constrained, sum, known, inward, outward, terms, generator);
            using var scope = NewDisposeScope();
            var isKnown = known?.select(1, j).to(@bool);                                                            // (batch,)
            var drawn = together is not null && Array.IndexOf(constrained, j) is >= 0 and var at
                ? together[at]
                : TokenDraws.Choose(Logits(j, sum, outward, terms).softmax(-1), strata?.Next() ?? choices.narrow(1, j, 1));     // (batch,) Int64
            strata?.Add(drawn, _columns[j].Categories);
            Put(_columns[j].Token, drawn.to(float32));
            if (_columns[j].Position is { } position) Put(position, positions!.select(1, _positionOf[j]));
            var grown = _layers.Terms(j, drawn, inward).add_(sum);
            sum = (isKnown is null ? grown : where(isKnown.unsqueeze(1), sum, grown)).MoveToOuterDisposeScope();

            void Put(int feature, Tensor values) => result[feature] = (isKnown is null ? values : where(isKnown, x.select(1, feature), values)).MoveToOuterDisposeScope();
        }
        return stack(result, 1);
    }

    // (batch, hidden)
    private Tensor Sum(Tensor tokens, Tensor known, Tensor inward) => known.unsqueeze(1).bmm(_layers.Terms(tokens, inward)).squeeze(1);

    private Tensor Logits(int column, Tensor sum, Tensor outward, DrawTerms terms)
    {
        if (terms.Restrictions?[column] is not { } restriction) return Unrestricted(column, sum, outward, terms);
        var weights = tensor(restriction.LogWeights, device: sum.device);   // (tokens,)
        return restriction.Replaces ? weights.unsqueeze(0).expand(sum.shape[0], -1) : Unrestricted(column, sum, outward, terms).add_(weights);
    }

    // (batch, tokens)
    private Tensor Unrestricted(int column, Tensor sum, Tensor outward, DrawTerms terms)
    {
        var logits = _layers.Logits(column, sum, outward);
        if (terms.Temperature != 1) logits.div_(terms.Divisor);
        if (terms.Excluded(column, _columns[column]) is { } missing) logits.select(1, missing).fill_(float.NegativeInfinity);
        return logits;
    }

    // (batch, width), made of normal noise as in the ONNX graph
    private static Tensor Uniform(Tensor x, int width, Generator generator) =>
        TokenDraws.Uniform(x.shape[0], width, generator, x.device);
}
