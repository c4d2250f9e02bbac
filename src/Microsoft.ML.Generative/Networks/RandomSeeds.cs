namespace Microsoft.ML.Generative.Networks;

/// <summary>Seeds of independent random streams, from one seed and the stream's number.</summary>
internal static class RandomSeeds
{
    /// <summary>Mixes a seed with numbers that name a stream (SplitMix64, Steele et al., 2014): neighbours give unrelated streams.</summary>
    public static long Of(long seed, params ReadOnlySpan<long> stream)
    {
        ulong state = Mix((ulong)seed);
        foreach (long number in stream) state = Mix(state ^ (ulong)number);
        return (long)(state >> 1);   // generators take 63 bits
    }

    /// <summary>Scrambles a number; consecutive ones in, independent ones out.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
