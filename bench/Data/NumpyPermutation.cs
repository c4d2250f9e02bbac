namespace MLGenerative.Bench.Data;

/// <summary>
/// numpy's <c>RandomState(seed).permutation(n)</c>, number for number, so that other tools can make the same splits.
/// The generator is MT19937 (Matsumoto and Nishimura, 1998); the shuffle takes its indices by masking and rejection, as numpy's does.
/// </summary>
internal sealed class NumpyPermutation
{
    private const int StateSize = 624;
    private const int Period = 397;
    private readonly uint[] _state = new uint[StateSize];
    private int _next = StateSize;

    public NumpyPermutation(int seed)
    {
        _state[0] = (uint)seed;
        for (uint i = 1; i < StateSize; i++) _state[i] = 1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30)) + i;
    }

    /// <summary>The numbers from 0 to <paramref name="count"/> − 1 in random order.</summary>
    public int[] Next(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            uint j = NextUpTo((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private uint NextUpTo(uint highest)
    {
        uint mask = uint.MaxValue >> int.CreateChecked(uint.LeadingZeroCount(highest));
        uint value;
        do value = NextBits() & mask;
        while (value > highest);
        return value;
    }

    private uint NextBits()
    {
        if (_next == StateSize) Refill();
        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private void Refill()
    {
        for (int i = 0; i < StateSize; i++)
        {
            uint y = (_state[i] & 0x80000000) | (_state[(i + 1) % StateSize] & 0x7fffffff);
            _state[i] = _state[(i + Period) % StateSize] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }
        _next = 0;
    }
}
