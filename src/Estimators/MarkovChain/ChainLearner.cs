using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Learns a chain in one pass over the sequences.</summary>
internal sealed class ChainLearner
{
    private const int MostBitsOfSymbol = 20;

    // where the order is to be found: of long sequences the last tenth is held out, of others every tenth one, up to so many symbols
    private const int LongSequence = 1000, HeldOutEvery = 10, MostHeldOutSymbols = 1 << 20;

    // sequences that the threshold of the score comes from, up to so many symbols
    private const int MostKeptSymbols = 1 << 22;

    private readonly MarkovChainOptions _options;
    private readonly NgramCounter _counter;
    private readonly List<(int[] Sequence, int First)> _heldOut = [];
    private readonly List<int[]> _kept = [];
    private long _keptSymbols, _heldOutSymbols, _keepEvery = 1;

    public ChainLearner(MarkovChainOptions options, SequenceColumn column)
    {
        _options = options;
        bool isOfCharacters = column is TextSequences { Type: not Data.VectorDataViewType } && options.TextUnit == TextUnit.Characters;
        int most = options.Order ?? options.MostOrder ?? (isOfCharacters ? 10 : 5);
        int bits = Math.Min(MostBitsOfSymbol, 127 / (most + 1));
        MostSymbols = (1 << bits) - Symbols.FirstLearnt;
        if (column is not TextSequences && column.Count > MostSymbols)
            throw new ArgumentException($"Column '{column.Name}' has keys of {column.Count} values; a chain of order {most} can have {MostSymbols}. Lower {(options.Order is null ? nameof(options.MostOrder) : nameof(options.Order))}.");
        _counter = new NgramCounter(most, bits, options.MostRuns);
    }

    /// <summary>Symbols that can be learnt.</summary>
    public int MostSymbols { get; }

    /// <summary>Sequences learnt from.</summary>
    public long Rows { get; private set; }

    /// <summary>Symbols learnt from, with the ends.</summary>
    public long SymbolsSeen { get; private set; }

    /// <summary>A number that tells these sequences from others.</summary>
    public long Fingerprint { get; private set; }

    /// <summary>Runs that were forgotten for want of room.</summary>
    public long Forgotten => _counter.Forgotten;

    /// <param name="symbols">With the end, if there is one.</param>
    public void Add(List<int> symbols)
    {
        var sequence = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(symbols);
        long row = Rows++;
        SymbolsSeen += sequence.Length;
        foreach (int symbol in sequence) Fingerprint = (long)Networks.RandomSeeds.Mix((ulong)Fingerprint ^ (uint)symbol);
        Keep(row, sequence);
        int counted = sequence.Length;
        if (_options.Order is null && _heldOutSymbols < MostHeldOutSymbols)
        {
            if (sequence.Length >= LongSequence) counted -= Math.Min(sequence.Length / HeldOutEvery, MostHeldOutSymbols);
            else if (row % HeldOutEvery == HeldOutEvery - 1) counted = 0;
        }
        _counter.Add(sequence[..counted]);
        if (counted == sequence.Length) return;
        int context = Math.Max(0, counted - _counter.Order);
        // what stands before the context is not needed, but the start of a sequence must stay one
        int first = counted - context;
        _heldOut.Add((context == 0 ? sequence.ToArray() : sequence[context..].ToArray(), first));
        _heldOutSymbols += sequence.Length - counted;
    }

    // every so-manieth sequence, as many as there is room for
    private void Keep(long row, ReadOnlySpan<int> sequence)
    {
        if (row % _keepEvery != 0) return;
        _kept.Add(sequence.ToArray());
        _keptSymbols += sequence.Length;
        while (_keptSymbols > MostKeptSymbols && _kept.Count > 1)
        {
            _keepEvery *= 2;
            var half = _kept.Where((_, i) => i % 2 == 0).ToList();
            _kept.Clear();
            _kept.AddRange(half);
            _keptSymbols = _kept.Sum(kept => (long)kept.Length);
        }
    }

    /// <summary>Some of the sequences.</summary>
    public IReadOnlyList<int[]> Kept => _kept;

    /// <param name="outcomes">How many symbols can follow.</param>
    /// <param name="log">Is told of what was found.</param>
    /// <returns>The chain, and by order the nats per symbol of what was held out; null where the order was given.</returns>
    public (ContextTrie Trie, double[]? HeldOut) Learn(int outcomes, ITrainingLog log, CancellationToken cancellation = default)
    {
        int order = _counter.Order;
        double[]? losses = null;
        if (_options.Order is null && _heldOutSymbols > 0 && _counter.Count > 0)
        {
            losses = Losses(outcomes, cancellation);
            order = Array.IndexOf(losses, losses.Min());
            log.Info(FormattableString.Invariant($"Order {order}: {losses[order]:F4} nats per symbol of {_heldOutSymbols} that were held out; by order from 0: {string.Join(", ", losses.Select(l => l.ToString("F4", System.Globalization.CultureInfo.InvariantCulture)))}."));
        }
        foreach (var (sequence, first) in _heldOut) _counter.Add(sequence, first);
        var (keys, counts) = _counter.Sorted();
        var levels = new List<ContextLevel>();
        for (int length = 0; length <= order; length++)
        {
            cancellation.ThrowIfCancellationRequested();
            levels.Add(KneserNey.Level(_counter, keys, counts, length, isLast: length == order));
        }
        return (new ContextTrie(levels, outcomes), losses);
    }

    private double[] Losses(int outcomes, CancellationToken cancellation)
    {
        var (keys, counts) = _counter.Sorted();
        var shorter = new List<ContextLevel>();
        var losses = new double[_counter.Order + 1];
        for (int order = 0; order < losses.Length; order++)
        {
            cancellation.ThrowIfCancellationRequested();
            var trie = new ContextTrie([.. shorter, KneserNey.Level(_counter, keys, counts, order, isLast: true)], outcomes);
            losses[order] = -_heldOut.Sum(held => trie.LogLikelihood(held.Sequence, held.First)) / _heldOutSymbols;
            shorter.Add(KneserNey.Level(_counter, keys, counts, order, isLast: false));
        }
        return losses;
    }
}
