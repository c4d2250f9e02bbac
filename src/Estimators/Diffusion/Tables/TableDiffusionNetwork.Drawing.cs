using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>New rows, variations of rows, and what is missing of rows.</summary>
internal abstract partial class TableDiffusionNetwork
{
    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Sample(rows, condition, Options.GuidanceWeight, generator);

    public Tensor SampleEvenly(long rows, Tensor? condition, Generator generator) => Sample(rows, condition, generator);

    public Tensor Sample(long rows, Tensor? condition, double guidance, Generator generator) =>
        Draw(new DrawStart(condition?.shape[0] ?? rows, null, null, 1), null, condition, guidance, DrawTerms.Anything, generator);

    public Tensor SampleEvenly(long rows, KnownValues? given, Tensor? condition, DrawTerms terms, Generator generator) =>
        Draw(given is null ? new DrawStart(rows, null, null, 1) : Start(given.X, given.Known), given?.X, condition, terms.Guidance ?? Options.GuidanceWeight, terms, generator);

    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator) =>
        Draw(Start(x, known), x, condition, Options.GuidanceWeight, DrawTerms.AnyValue, generator);

    /// <summary>Noise up to a time in proportion to the temperature, which is then taken off (as SDEdit does for numbers, Meng et al., 2022).</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var tokens = Prepare(x).to(int64);
        var start = new DrawStart(x.shape[0], tokens, null, Math.Min(1, Options.VariationTime * temperature));
        var varied = Draw(start, null, condition, Options.GuidanceWeight, DrawTerms.Anything, generator);
        if (_positionFeatures is null) return varied;
        // a token that stays keeps its position
        var stays = Prepare(varied).eq(tokens);                                                      // (batch, columns)
        var columns = varied.unbind(1);
        for (int j = 0; j < Columns.Count; j++)
            if (Columns[j].Position is { } position) columns[position] = where(stays.select(1, j), x.select(1, position), columns[position]);
        return stack(columns, 1);
    }

    private protected DrawStart Start(Tensor x, Tensor known) => new(x.shape[0], Prepare(x).to(int64), known.index_select(1, _tokenFeatures).to(@bool), 1);

    /// <param name="x">(batch, features) where what is known comes from; null where nothing is.</param>
    private Tensor Draw(DrawStart start, Tensor? x, Tensor? condition, double guidance, DrawTerms terms, Generator generator)
    {
        start = WithShares(start, terms, generator);
        var tokens = DrawTokens(start, Denoised(condition, guidance), terms, generator);             // (batch, columns)
        var result = zeros(start.Rows, Input.Features, device: tokens.device);
        result.index_copy_(1, _tokenFeatures, tokens.sub(_firstTokens).to(float32));
        if (_positionFeatures is not null) result.index_copy_(1, _positionFeatures, Uniform(start.Rows, _positionFeatures.shape[0], generator));
        return x is null || start.Known is null ? result : where(FeaturesOf(start.Known), x, result);
    }

    private protected Denoised Denoised(Tensor? condition, double guidance)
    {
        var given = ConditionInput.Given(condition);
        var nothing = condition is not null && guidance > 0 ? ConditionInput.Nothing(condition) : null;
        return (state, angle) =>
        {
            var output = Denoiser.Call(state, given, Code(angle), null);
            return Logits(nothing is null ? output : ConditionInput.Guide(output, Denoiser.Call(state, nothing, Code(angle), null), guidance));
        };
    }

    // columns whose shares are given are drawn first, and then known
    private DrawStart WithShares(DrawStart start, DrawTerms terms, Generator generator)
    {
        if (terms.Restrictions is not { } restrictions || !restrictions.Any(restriction => restriction is { Replaces: true })) return start;
        return start.With(Columns.Count, _firstTokens.device,
            from j in Enumerable.Range(0, Columns.Count)
            where restrictions[j] is { Replaces: true }
            let chances = tensor(restrictions[j]!.Weights.Select(weight => (float)weight).ToArray(), device: _firstTokens.device)
            select (j, multinomial(chances, start.Rows, true, generator) + _firstTokens[j]));
    }

    // (batch, features) of (batch, columns)
    private Tensor FeaturesOf(Tensor known)
    {
        var features = new Tensor[Input.Features];
        for (int j = 0; j < Columns.Count; j++)
        {
            features[Columns[j].Token] = known.select(1, j);
            if (Columns[j].Position is { } position) features[position] = known.select(1, j);
        }
        return stack(features, 1);
    }

    /// <summary>A token of one column by what the network says and the terms ask for.</summary>
    /// <param name="logits">(batch, tokens) of all columns</param>
    /// <param name="uniform">(batch, 1)</param>
    /// <param name="rows">(rows,) Int64 for which; null for all.</param>
    /// <returns>(batch or rows,) Int64, among the tokens of all columns</returns>
    private protected Tensor Choose(int column, Tensor logits, DrawTerms terms, Tensor uniform, Tensor? rows = null)
    {
        using var scope = NewDisposeScope();
        if (rows is not null) uniform = uniform.index_select(0, rows);
        return (TokenDraws.Choose(Chances(column, logits, terms, rows), uniform) + _firstTokens[column]).MoveToOuterDisposeScope();
    }

    /// <summary>How likely the tokens of one column are by what the network says and the terms ask for.</summary>
    /// <returns>(batch or rows, tokens)</returns>
    /// <inheritdoc cref="Choose(int, Tensor, DrawTerms, Tensor, Tensor)"/>
    private protected Tensor Chances(int column, Tensor logits, DrawTerms terms, Tensor? rows = null)
    {
        var own = _likelihood.Logits(logits, column);
        if (rows is not null) own = own.index_select(0, rows);
        if (terms.Temperature != 1) own = own / terms.Divisor;
        if (terms.Restrictions?[column] is { Replaces: false } restriction) own = own + tensor(restriction.LogWeights, device: own.device);
        if (terms.Excluded(column, Columns[column]) is { } missing)
        {
            own = own.clone();
            own.select(1, missing).fill_(float.NegativeInfinity);
        }
        return own.softmax(-1);
    }

    /// <summary>Columns that are restricted, the most restricted first.</summary>
    private protected IEnumerable<int> Restricted(DrawTerms terms) => terms.Restrictions is not { } restrictions ? [] : Enumerable.Range(0, Columns.Count)
        .Where(j => restrictions[j] is { Replaces: false })
        .OrderBy(j => Columns[j].Counts.Zip(restrictions[j]!.Weights, (count, weight) => count * weight).Sum());
}
