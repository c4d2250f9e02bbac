namespace Microsoft.ML.Generative;

/// <summary>
/// Interpolated modified Kneser–Ney smoothing (Chen and Goodman, 1999): from each count a discount is taken, by whether it is 1, 2 or more, and given to the shorter context. A context that is
/// not of the full length counts in how many different longer contexts a symbol follows it rather than how often; one that begins a sequence, which has no longer one, how often.
/// </summary>
internal static class KneserNey
{
    /// <summary>One level of contexts.</summary>
    /// <param name="counter">What was counted.</param>
    /// <param name="length">Symbols of the contexts, 0 to the order of the counter.</param>
    /// <param name="isLast">Whether these are the longest contexts of the model, of which every occurrence counts.</param>
    public static ContextLevel Level(NgramCounter counter, UInt128[] keys, int[] counts, int length, bool isLast)
    {
        var (contexts, symbols, totals) = Group(counter, keys, counts, length, isLast);
        double[] discounts = Discounts(totals);
        var starts = new List<int>();
        for (int i = 0; i < contexts.Length; i++)
            if (i == 0 || contexts[i] != contexts[i - 1]) starts.Add(i);
        starts.Add(contexts.Length);
        int count = starts.Count - 1;
        var backOff = new float[count];
        var shares = new float[symbols.Length];
        var first = new int[count];
        var mask = ((UInt128)1 << counter.Bits) - 1;
        for (int c = 0; c < count; c++)
        {
            first[c] = length == 0 ? Symbols.Start : (int)(uint)(contexts[starts[c]] & mask);
            double total = 0, taken = 0;
            for (int i = starts[c]; i < starts[c + 1]; i++) total += totals[i];
            for (int i = starts[c]; i < starts[c + 1]; i++)
            {
                double discount = discounts[Math.Min(3, totals[i])];
                taken += discount;
                shares[i] = (float)((totals[i] - discount) / total);
            }
            backOff[c] = (float)(taken / total);
        }
        return new ContextLevel(first, Children(counter, keys, length, count), [.. starts], backOff, symbols, shares);
    }

    // of each different (context, symbol) of the length what counts: occurrences, or different longer contexts
    private static (UInt128[] Contexts, int[] Symbols, int[] Counts) Group(NgramCounter counter, UInt128[] keys, int[] counts, int length, bool isLast)
    {
        var contexts = new List<UInt128>();
        var symbols = new List<int>();
        var totals = new List<int>();
        var ofSymbol = new SortedDictionary<int, (long Occurrences, int Different)>();
        int longer = Math.Min(length + 1, counter.Order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            var context = counter.ContextOf(keys[start], length);
            ofSymbol.Clear();
            var seen = new HashSet<int>();
            UInt128 extension = 0;
            for (end = start; end < keys.Length && counter.ContextOf(keys[end], length) == context; end++)
            {
                var next = counter.ContextOf(keys[end], longer);
                if (next != extension) seen.Clear();
                extension = next;
                int symbol = counter.SymbolOf(keys[end], counter.Order);
                var so = ofSymbol.GetValueOrDefault(symbol);
                ofSymbol[symbol] = (so.Occurrences + counts[end], so.Different + (seen.Add(symbol) ? 1 : 0));
            }
            bool all = isLast || length == counter.Order || (length > 0 && counter.SymbolOf(keys[start], length - 1) == Symbols.Start);
            foreach (var (symbol, (occurrences, different)) in ofSymbol)
            {
                contexts.Add(context);
                symbols.Add(symbol);
                totals.Add(all ? (int)Math.Min(int.MaxValue, occurrences) : different);
            }
        }
        return ([.. contexts], [.. symbols], [.. totals]);
    }

    // where the contexts that are longer by a symbol begin
    private static int[] Children(NgramCounter counter, UInt128[] keys, int length, int count)
    {
        var first = new int[count + 1];
        if (length == counter.Order) return first;
        int context = -1, child = -1;
        UInt128 lastContext = 0, lastChild = 0;
        foreach (var key in keys)
        {
            var (own, longer) = (counter.ContextOf(key, length), counter.ContextOf(key, length + 1));
            if (longer != lastChild) child++;
            if (own != lastContext) first[++context] = child;
            (lastContext, lastChild) = (own, longer);
        }
        first[count] = child + 1;
        return first;
    }

    /// <summary>What is taken from counts of 1, 2 and more, by how many of each there are.</summary>
    /// <returns>By the count, up to 3; nothing of 0.</returns>
    public static double[] Discounts(IEnumerable<int> counts)
    {
        var n = new double[5];
        foreach (int count in counts)
            if (count is >= 1 and <= 4) n[count]++;
        double y = n[1] > 0 ? n[1] / (n[1] + 2 * n[2]) : 0.5;
        return [0, .. Enumerable.Range(1, 3).Select(j => n[1] > 0 && n[j] > 0 ? Math.Clamp(j - (j + 1) * y * n[j + 1] / n[j], 0.05, j - 0.05) : Math.Min(0.5 * j, 1))];
    }
}
