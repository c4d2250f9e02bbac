namespace Microsoft.ML.Generative;

/// <summary>Draws sequences from a chain.</summary>
internal sealed class ChainSampler(ContextTrie trie, int symbols, bool hasEnds, SequenceSampleOptions options, IReadOnlyList<int> prefix)
{
    private readonly int _numbers = Symbols.FirstLearnt + symbols;

    /// <returns>The symbols, without the end.</returns>
    public List<int> Draw(Random random)
    {
        var sequence = new List<int>(prefix.Take(options.MaximumLength));
        Span<int> path = stackalloc int[trie.Levels.Count];
        double[]? chances = options.Temperature == 1 && options.TopK is null ? null : new double[_numbers];
        while (sequence.Count < options.MaximumLength)
        {
            var known = path[..trie.Find(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sequence), sequence.Count, path)];
            int next = chances is null ? Next(known, random) : Next(known, chances, random);
            if (next == Symbols.End) break;
            sequence.Add(next);
        }
        return sequence;
    }

    // from the longest context, or as often as it says from the next shorter one; what cannot be drawn is drawn again
    private int Next(ReadOnlySpan<int> path, Random random)
    {
        if (symbols == 0) return Symbols.End;
        for (int attempt = 0; attempt < 1000; attempt++)
            if (Once(path, random) is not (Symbols.Unknown or Symbols.Start) and var drawn) return drawn;
        return hasEnds ? Symbols.End : Symbols.FirstLearnt + random.Next(symbols);   // there is hardly anything but unknown symbols
    }

    private int Once(ReadOnlySpan<int> path, Random random)
    {
        for (int depth = path.Length - 1; depth >= 0; depth--)
        {
            var level = trie.Levels[depth];
            double place = random.NextDouble();
            for (int i = level.FirstFollower[path[depth]]; i < level.FirstFollower[path[depth] + 1]; i++)
                if ((place -= level.Share[i]) < 0) return level.Follower[i];
        }
        int any = random.Next(trie.Outcomes);
        return any == 0 ? Symbols.Unknown : hasEnds && any == 1 ? Symbols.End : Symbols.FirstLearnt + any - (hasEnds ? 2 : 1);
    }

    private int Next(ReadOnlySpan<int> path, double[] chances, Random random)
    {
        trie.Chances(path, chances);
        chances[Symbols.Unknown] = 0;
        double highest = chances.Max();
        if (highest <= 0) return Symbols.End;
        if (options.TopK < chances.Length)
        {
            double least = chances.OrderDescending().ElementAt(options.TopK.Value - 1);
            int room = options.TopK.Value - chances.Count(chance => chance > least);
            for (int i = 0; i < chances.Length; i++)
                if (chances[i] < least || (chances[i] == least && room-- <= 0)) chances[i] = 0;
        }
        for (int i = 0; i < chances.Length; i++) chances[i] = chances[i] == 0 ? 0 : Math.Pow(chances[i] / highest, 1 / options.Temperature);
        double place = random.NextDouble() * chances.Sum();
        int last = Symbols.End;
        for (int i = 0; i < chances.Length; i++)
        {
            if (chances[i] == 0) continue;
            last = i;
            if ((place -= chances[i]) < 0) break;
        }
        return last;
    }
}
