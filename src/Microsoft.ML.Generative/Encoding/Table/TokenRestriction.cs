namespace Microsoft.ML.Generative.Encoding;

/// <summary>A run of positions of a token.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest, which belongs to it.</param>
internal readonly record struct TokenPart(int Token, float First, float Last)
{
    /// <summary>The greatest position, which is below 1.</summary>
    public const float Highest = 0.99999994f;

    public static TokenPart Whole(int token) => new(token, 0, Highest);

    /// <summary>Its share of the token.</summary>
    public double Size => (double)MathF.BitIncrement(Last) - First;
}

/// <summary>What of a column's tokens may be drawn. A network draws a token with the chances given here, then the position is moved into what is allowed of that token: together this is
/// a draw from the column given that it is allowed.</summary>
internal sealed class TokenRestriction
{
    private readonly (TokenPart Part, double End)[][] _parts;   // of each token, with the share of what may be drawn of it up to there
    private readonly Func<int, float, bool> _allows;

    /// <param name="tokens">How many there are.</param>
    /// <param name="parts">What may be drawn, without overlap, and how much each part weighs.</param>
    /// <param name="replaces">Whether the weights are the chances themselves, whatever the model thinks.</param>
    /// <param name="allows">Whether the value of a token and position is allowed.</param>
    public TokenRestriction(int tokens, IEnumerable<(TokenPart Part, double Weight)> parts, bool replaces, Func<int, float, bool> allows)
    {
        var byToken = parts.Where(part => part.Weight > 0).ToLookup(part => part.Part.Token);
        Weights = [.. Enumerable.Range(0, tokens).Select(token => byToken[token].Sum(part => part.Weight))];
        Replaces = replaces;
        _allows = allows;
        _parts = [.. Enumerable.Range(0, tokens).Select(token =>
        {
            double sum = 0;
            return byToken[token].OrderBy(part => part.Part.First).Select(part => (part.Part, End: (sum += part.Weight) / Weights[token])).ToArray();
        })];
    }

    /// <summary>Of each token the share that may be drawn, or its chance; 0 for one that may not.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The logarithms of the weights.</summary>
    public float[] LogWeights => [.. Weights.Select(weight => (float)Math.Log(weight))];

    /// <summary>Whether the weights are the chances of the tokens; otherwise the chances of the model are multiplied with them.</summary>
    public bool Replaces { get; }

    /// <summary>Moves a position, uniform from 0 to 1, into what may be drawn of a token.</summary>
    public float Place(int token, float position)
    {
        var parts = _parts[token];
        if (parts.Length == 0) return position;   // of a row that has the value given
        int at = 0;
        while (at + 1 < parts.Length && position >= parts[at].End) at++;
        var (part, end) = parts[at];
        double start = at == 0 ? 0 : parts[at - 1].End;
        float placed = Math.Clamp((float)(part.First + (position - start) / (end - start) * part.Size), part.First, part.Last);
        return _allows(token, placed) ? placed : part.First;   // rounding can take real numbers beyond the end
    }
}
