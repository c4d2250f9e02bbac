namespace Microsoft.ML.Generative;

/// <summary>What follows what: contexts of all lengths up to the order, the shorter ones for where a longer one was not seen. p(x | h) = share(h, x) + backOff(h) · p(x | h without its first
/// symbol); after the empty context every symbol is as likely as any other.</summary>
/// <param name="Levels">Contexts by their length, from 0 on.</param>
/// <param name="Outcomes">How many symbols can follow: those learnt, the unknown one, and the end, if sequences end.</param>
internal sealed record ContextTrie(IReadOnlyList<ContextLevel> Levels, int Outcomes)
{
    public int Order => Levels.Count - 1;

    /// <summary>The contexts of a position, from the empty one on, as far as they are known.</summary>
    /// <param name="sequence">The symbols.</param>
    /// <param name="position">Of the symbol whose context it is.</param>
    /// <param name="path">Room for the order and one more.</param>
    /// <returns>How many there are.</returns>
    public int Find(ReadOnlySpan<int> sequence, int position, Span<int> path)
    {
        path[0] = 0;
        int depth = 1;
        for (; depth < Levels.Count; depth++)
        {
            int symbol = position >= depth ? sequence[position - depth] : Symbols.Start;
            int next = Levels[depth - 1].Child(Levels[depth], path[depth - 1], symbol);
            if (next < 0) break;
            path[depth] = next;
        }
        return depth;
    }

    /// <summary>Chance of a symbol after the contexts that <see cref="Find"/> found.</summary>
    public double Chance(ReadOnlySpan<int> path, int symbol)
    {
        double chance = 1.0 / Outcomes;
        for (int depth = 0; depth < path.Length; depth++) chance = Levels[depth].ShareOf(path[depth], symbol) + Levels[depth].BackOff[path[depth]] * chance;
        return chance;
    }

    /// <summary>Chances of all symbols.</summary>
    /// <param name="chances">Of each number of a symbol.</param>
    public void Chances(ReadOnlySpan<int> path, Span<double> chances)
    {
        chances.Fill(1.0 / Outcomes);
        chances[Symbols.Start] = 0;
        if (Outcomes == chances.Length - 2) chances[Symbols.End] = 0;
        for (int depth = 0; depth < path.Length; depth++)
        {
            var level = Levels[depth];
            int context = path[depth];
            foreach (ref double chance in chances) chance *= level.BackOff[context];
            for (int i = level.FirstFollower[context]; i < level.FirstFollower[context + 1]; i++) chances[level.Follower[i]] += level.Share[i];
        }
    }

    /// <summary>log p of a sequence, its symbols each given those before it.</summary>
    public double LogLikelihood(ReadOnlySpan<int> sequence, int first = 0)
    {
        Span<int> path = stackalloc int[Levels.Count];
        double sum = 0;
        for (int i = first; i < sequence.Length; i++) sum += Math.Log(Chance(path[..Find(sequence, i, path)], sequence[i]));
        return sum;
    }
}
