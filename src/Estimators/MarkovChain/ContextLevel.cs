namespace Microsoft.ML.Generative;

/// <summary>All contexts of one length, in order: those that end alike stand together, below the shorter context that they end with.</summary>
/// <param name="Symbol">Of each, its first symbol: the one that the shorter context has not.</param>
/// <param name="FirstChild">Of each, and after the last, where the contexts begin that are longer by a symbol.</param>
/// <param name="FirstFollower">Of each, and after the last, where its followers begin.</param>
/// <param name="BackOff">Of each, the share that the shorter context has a say in.</param>
/// <param name="Follower">Symbols that follow, in order within a context.</param>
/// <param name="Share">Of each follower, its share besides what the shorter context says.</param>
internal sealed record ContextLevel(int[] Symbol, int[] FirstChild, int[] FirstFollower, float[] BackOff, int[] Follower, float[] Share)
{
    public int Count => Symbol.Length;

    /// <summary>Which context of the next level has one more symbol; -1 if there is none.</summary>
    public int Child(ContextLevel next, int context, int symbol)
    {
        int found = Array.BinarySearch(next.Symbol, FirstChild[context], FirstChild[context + 1] - FirstChild[context], symbol);
        return found >= 0 ? found : -1;
    }

    /// <summary>Share of a symbol after a context, besides what the shorter context says.</summary>
    public float ShareOf(int context, int symbol)
    {
        int found = Array.BinarySearch(Follower, FirstFollower[context], FirstFollower[context + 1] - FirstFollower[context], symbol);
        return found >= 0 ? Share[found] : 0;
    }
}
