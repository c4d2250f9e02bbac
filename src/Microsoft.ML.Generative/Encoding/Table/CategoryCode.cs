using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Texts, keys and Booleans: a token for each category that is kept, and one for all others together, if there is need of it.</summary>
internal sealed partial class CategoryCode<T> : TokenCode<T> where T : notnull
{
    private readonly Dictionary<T, int> _tokens;
    private readonly Dictionary<T, int> _drawn;
    private readonly float[] _drawnEnds;

    /// <param name="missing">Rows that have no value.</param>
    /// <param name="kept">Categories with a token of their own, and the rows that have them.</param>
    /// <param name="pooledRows">Rows that have one of the others; null if there is no token for those.</param>
    /// <param name="drawn">What the pooled token becomes when it is drawn, and how often each.</param>
    /// <param name="drawnAreOwn">Whether these are categories that the token stands for, rather than kept ones that replace them.</param>
    public CategoryCode(double missing, IReadOnlyList<(T Value, double Rows)> kept, double? pooledRows, IReadOnlyList<(T Value, double Rows)> drawn, bool drawnAreOwn, IEqualityComparer<T>? comparer)
        : base(missing)
    {
        Kept = kept;
        PooledRows = pooledRows;
        Drawn = drawn;
        DrawnAreOwn = drawnAreOwn;
        _tokens = kept.Select((value, i) => (value.Value, i)).ToDictionary(pair => pair.Value, pair => pair.i, comparer);
        _drawn = drawnAreOwn ? drawn.Select((value, i) => (value.Value, i)).ToDictionary(pair => pair.Value, pair => pair.i, comparer) : new(comparer);
        _drawnEnds = Shares.Ends(drawn.Select(value => value.Rows));
    }

    public IReadOnlyList<(T Value, double Rows)> Kept { get; }

    public double? PooledRows { get; }

    public IReadOnlyList<(T Value, double Rows)> Drawn { get; }

    public bool DrawnAreOwn { get; }

    /// <summary>The token of all categories without one of their own.</summary>
    public int? Pooled => PooledRows is null ? null : FirstValue + Kept.Count;

    public override int Categories => FirstValue + Kept.Count + (PooledRows is null ? 0 : 1);

    public override bool HasPosition => Drawn.Count > 1;

    public override bool TryEncode(T value, out float token, out float position)
    {
        position = 0;
        if (_tokens.TryGetValue(value, out int kept))
        {
            token = FirstValue + kept;
            return true;
        }
        token = Pooled ?? 0;
        if (Drawn.Count > 1 && _drawn.TryGetValue(value, out int outcome)) position = Shares.Middle(_drawnEnds, outcome);
        return PooledRows is not null;
    }

    public override IEnumerable<T> Values => Kept.Concat(DrawnAreOwn ? Drawn : []).Select(value => value.Value);

    public override IEnumerable<TokenPart> Parts(Func<T, int> side)
    {
        for (int i = 0; i < Kept.Count; i++)
            if (side(Kept[i].Value) == 0) yield return TokenPart.Whole(FirstValue + i);
        if (Pooled is not { } pooled) yield break;
        float first = 0;
        for (int i = 0; i < Drawn.Count; first = _drawnEnds[i++])
            if (_drawnEnds[i] > first && side(Drawn[i].Value) == 0) yield return new TokenPart(pooled, first, MathF.BitDecrement(_drawnEnds[i]));
    }

    public override T Decode(int token, float position, long row) => token == Pooled ? Drawn[Shares.Find(_drawnEnds, position)].Value : Kept[token - FirstValue].Value;

    protected override string NameOfValues(int token, Func<T, string> asText) => token == Pooled && (Drawn.Count > 1 || !DrawnAreOwn) ? "(other)" : base.NameOfValues(token, asText);

    public override TokenColumn Describe(string name, int feature)
    {
        var counts = Kept.Select(value => (float)value.Rows);
        if (Missing is not null) counts = counts.Prepend((float)MissingRows);
        if (PooledRows is { } rows) counts = counts.Append((float)rows);
        return new TokenColumn(name, feature, HasPosition ? feature + 1 : null, [.. counts], Repeat<float[]>([1]), Repeat<float[]>([0]), Repeat(false)) { Missing = Missing, Pooled = Pooled };
    }

    private TItem[] Repeat<TItem>(TItem item) => [.. Enumerable.Repeat(item, Categories)];

    public override CodeDocument ToDocument() => new(MissingRows) { Categories = CategoriesDocument.Of(this) };
}
