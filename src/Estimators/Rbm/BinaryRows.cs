using System.Runtime.Intrinsics;

namespace Microsoft.ML.Generative;

/// <summary>A matrix of zeros and ones, a bit for each unit.</summary>
internal sealed class BinaryRows
{
    /// <summary>Units of a word.</summary>
    public const int WordUnits = 64;

    private ulong[] _words = [];

    public int Rows { get; private set; }

    /// <summary>Width of the rows.</summary>
    public int Units { get; private set; }

    /// <summary>Words of each row: an even number, the last of which may be empty.</summary>
    public int RowWords { get; private set; }

    /// <summary>(rows, words of a row); the lowest bit is the first unit.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Whether all units are 0 or 1.</summary>
    public static bool CanHold(ReadOnlySpan<float> units)
    {
        var others = Vector512<float>.Zero;
        while (units.Length >= Vector512<float>.Count)
        {
            var values = Vector512.Create(units);
            others |= values * (values - Vector512<float>.One);
            units = units[Vector512<float>.Count..];
        }
        foreach (float unit in units) others |= Vector512.Create(unit * (unit - 1));
        return Vector512.EqualsAll(others, Vector512<float>.Zero);
    }

    /// <summary>Takes the place of what was read before.</summary>
    /// <param name="matrix">(rows, units) zeros and ones.</param>
    public void Read(ReadOnlySpan<float> matrix, int rows, int units)
    {
        Resize(rows, units);
        int next = 0;
        for (int row = 0; row < rows; row++)
            for (int word = 0; word < RowWords; word++)
            {
                int from = Math.Min(units, word * WordUnits), to = Math.Min(units, from + WordUnits);
                _words[next++] = Word(matrix[(row * units + from)..(row * units + to)]);
            }
    }

    /// <summary>Becomes what the other one is with its rows as columns.</summary>
    public void Transpose(BinaryRows other)
    {
        Resize(other.Units, other.Rows);
        Span<ulong> square = stackalloc ulong[WordUnits];
        for (int word = 0; word < RowWords; word++)
        {
            int firstRow = word * WordUnits, rows = Math.Clamp(other.Rows - firstRow, 0, WordUnits);
            for (int otherWord = 0; otherWord * WordUnits < other.Units; otherWord++)
            {
                square.Clear();
                for (int row = 0; row < rows; row++) square[row] = other._words[(firstRow + row) * other.RowWords + otherWord];
                if (rows > 0) Transpose(square);
                int firstUnit = otherWord * WordUnits, units = Math.Min(WordUnits, other.Units - firstUnit);
                for (int unit = 0; unit < units; unit++) _words[(firstUnit + unit) * RowWords + word] = square[unit];
            }
        }
    }

    private void Resize(int rows, int units)
    {
        (Rows, Units, RowWords) = (rows, units, (units + 2 * WordUnits - 1) / (2 * WordUnits) * 2);
        if (_words.Length < rows * RowWords) _words = new ulong[rows * RowWords];
    }

    private static ulong Word(ReadOnlySpan<float> units)
    {
        if (units.Length == WordUnits) return Bits(units) | Bits(units[16..]) << 16 | Bits(units[32..]) << 32 | Bits(units[48..]) << 48;
        ulong word = 0;
        int i = 0;
        for (; i <= units.Length - 16; i += 16) word |= Bits(units[i..]) << i;
        for (; i < units.Length; i++)
            if (units[i] > 0) word |= 1UL << i;
        return word;
    }

    private static ulong Bits(ReadOnlySpan<float> units) => Vector512.GreaterThan(Vector512.Create(units), Vector512<float>.Zero).ExtractMostSignificantBits();

    // 64 by 64 bits: of squares of half the size, and of halves of those, what is above the diagonal changes places with what is below (Warren, Hacker's Delight, 7-3)
    private static void Transpose(Span<ulong> square)
    {
        ulong low = uint.MaxValue;   // the lower halves
        for (int half = WordUnits / 2; half > 0; half /= 2, low ^= low << half)
            for (int row = 0; row < WordUnits; row = (row + half + 1) & ~half)
            {
                ref ulong upper = ref square[row], lower = ref square[row + half];
                ulong changes = ((upper >> half) ^ lower) & low;
                upper ^= changes << half;
                lower ^= changes;
            }
    }
}
