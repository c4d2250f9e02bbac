using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Random numbers that are a function of a seed and the number of a batch.</summary>
internal struct BatchRandom(int seed, long batch)
{
    private ulong _state = (ulong)RandomSeeds.Of(seed, batch);

    /// <summary>From 0 to below <paramref name="exclusive"/>.</summary>
    public int Next(int exclusive) => (int)(((UInt128)Next() * (uint)exclusive) >> 64);

    /// <summary>From 0 to below 1.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    private ulong Next() => RandomSeeds.Mix(_state++);
}
