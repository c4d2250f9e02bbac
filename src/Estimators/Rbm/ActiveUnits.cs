using System.Numerics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Generative;

/// <summary>The units of some rows that are not 0, row after row: of zeros and ones most are 0, and need no arithmetic.</summary>
internal sealed class ActiveUnits
{
    private int[] _starts = [0], _units = [];
    private float[] _values = [];

    public int Rows { get; private set; }

    /// <summary>How many there are in all rows.</summary>
    public int Count => _starts[Rows];

    /// <summary>Takes the place of what was collected before.</summary>
    /// <param name="rows">(rows, units)</param>
    public void Collect(ReadOnlySpan<float> rows, int count, int units)
    {
        if (_starts.Length <= count) _starts = new int[count + 1];
        if (_units.Length < count * units) (_units, _values) = (new int[count * units], new float[count * units]);
        Rows = count;
        int found = 0;
        for (int row = 0; row < count; row++)
        {
            var values = rows.Slice(row * units, units);
            int unit = 0;
            for (; unit + Vector512<float>.Count <= units; unit += Vector512<float>.Count)
                for (ulong bits = ~Vector512.Equals(Vector512.Create(values[unit..]), Vector512<float>.Zero).ExtractMostSignificantBits() & 0xFFFF; bits != 0; bits &= bits - 1)
                {
                    int place = unit + BitOperations.TrailingZeroCount(bits);
                    (_units[found], _values[found++]) = (place, values[place]);
                }
            for (; unit < units; unit++)
                if (values[unit] != 0) (_units[found], _values[found++]) = (unit, values[unit]);
            _starts[row + 1] = found;
        }
    }

    public ReadOnlySpan<int> UnitsOf(int row) => _units.AsSpan(_starts[row].._starts[row + 1]);

    public ReadOnlySpan<float> ValuesOf(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>The product of a row with a vector, (units,).</summary>
    public float Dot(int row, ReadOnlySpan<float> vector)
    {
        ReadOnlySpan<int> units = UnitsOf(row);
        ReadOnlySpan<float> values = ValuesOf(row);
        float sum = 0;
        for (int i = 0; i < units.Length; i++) sum += values[i] * vector[units[i]];
        return sum;
    }
}
