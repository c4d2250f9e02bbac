namespace Microsoft.ML.Generative;

/// <summary>Counts runs of symbols of one length in a hash table of packed keys: memory grows with the number of different runs, whatever the length of the text.</summary>
internal sealed class NgramCounter
{
    private const int FirstCapacity = 1 << 12;
    private const double MostLoad = 0.6;

    private readonly int _mostEntries;
    private UInt128[] _keys = new UInt128[FirstCapacity];   // 0 for an empty place; a key has a bit more than the symbols, so that none is 0
    private int[] _counts = new int[FirstCapacity];

    /// <param name="order">Symbols of context; 0 or more.</param>
    /// <param name="bits">Bits of a symbol.</param>
    /// <param name="mostEntries">Different runs that are kept: beyond that the rarest are forgotten.</param>
    public NgramCounter(int order, int bits, int mostEntries)
    {
        if ((order + 1) * bits > 127) throw new ArgumentOutOfRangeException(nameof(order), order, $"{order + 1} symbols of {bits} bits do not fit.");
        (Order, Bits, _mostEntries) = (order, bits, mostEntries);
    }

    public int Order { get; }

    public int Bits { get; }

    /// <summary>How many different runs there are.</summary>
    public int Count { get; private set; }

    /// <summary>Runs of a sequence that were forgotten because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Counts each symbol of a sequence with those before it; the context of the first is all <see cref="Symbols.Start"/>.</summary>
    /// <param name="sequence">The symbols, with the end.</param>
    /// <param name="first">The first one to count.</param>
    public void Add(ReadOnlySpan<int> sequence, int first = 0)
    {
        for (int i = first; i < sequence.Length; i++) Add(Key(sequence, i));
    }

    // the last symbol of the context is the most significant, so that sorting puts contexts with the same end together; the symbol that follows is the least
    private UInt128 Key(ReadOnlySpan<int> sequence, int position)
    {
        UInt128 key = 1;
        for (int back = 1; back <= Order; back++) key = key << Bits | (uint)(position >= back ? sequence[position - back] : Symbols.Start);
        return key << Bits | (uint)sequence[position];
    }

    private void Add(UInt128 key)
    {
        if (Count > _keys.Length * MostLoad) Resize(2 * _keys.Length);
        int place = Place(key);
        if (_counts[place] == 0)
        {
            _keys[place] = key;
            Count++;
        }
        if (_counts[place] < int.MaxValue) _counts[place]++;
        if (Count > _mostEntries) Forget();
    }

    private int Place(UInt128 key)
    {
        ulong hash = Networks.RandomSeeds.Mix((ulong)key ^ Networks.RandomSeeds.Mix((ulong)(key >> 64)));
        int mask = _keys.Length - 1, place = (int)(hash & (uint)mask);
        while (_counts[place] != 0 && _keys[place] != key) place = place + 1 & mask;
        return place;
    }

    private void Resize(int capacity, int least = 1)
    {
        var (keys, counts) = (_keys, _counts);
        (_keys, _counts, Count) = (new UInt128[capacity], new int[capacity], 0);
        for (int i = 0; i < keys.Length; i++)
        {
            if (counts[i] < least)
            {
                Forgotten += counts[i];
                continue;
            }
            int place = Place(keys[i]);
            (_keys[place], _counts[place]) = (keys[i], counts[i]);
            Count++;
        }
    }

    // until a quarter of the room is free
    private void Forget()
    {
        for (int least = 2; Count > _mostEntries * 3L / 4; least++) Resize(_keys.Length, least);
    }

    /// <summary>All runs in order: by the last symbol of the context, the one before it and so on, then by the symbol that follows.</summary>
    public (UInt128[] Keys, int[] Counts) Sorted()
    {
        var keys = new UInt128[Count];
        var counts = new int[Count];
        for (int i = 0, next = 0; i < _keys.Length; i++)
            if (_counts[i] > 0) (keys[next], counts[next++]) = (_keys[i], _counts[i]);
        Array.Sort(keys, counts);
        return (keys, counts);
    }

    /// <summary>One of the symbols of a run: 0 for the last of the context, up to the order for the one that follows.</summary>
    public int SymbolOf(UInt128 key, int place) => (int)(uint)(key >> (Order - place) * Bits & (((UInt128)1 << Bits) - 1));

    /// <summary>The last symbols of the context of a run.</summary>
    public UInt128 ContextOf(UInt128 key, int length) => key >> (Order + 1 - length) * Bits;
}
