using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Generative;

/// <summary>What is not 0 in the rows of a matrix, row after row, each in parts of as many units: of zeros and ones most are 0, and need no arithmetic.</summary>
internal sealed class ActiveUnits
{
    /// <summary>Width of a part; the last one may be narrower.</summary>
    public const int PartUnits = 128;

    private int[] _starts = [0], _units = [];
    private float[] _values = [];

    public int Rows { get; private set; }

    /// <summary>Width of the rows.</summary>
    public int Units { get; private set; }

    /// <summary>Parts of each row.</summary>
    public int Parts { get; private set; }

    /// <summary>How many values there are in all rows.</summary>
    public int Count => _starts[Rows * Parts];

    /// <summary>Takes the place of what was collected before.</summary>
    /// <param name="matrix">(rows, units)</param>
    public void Collect(ReadOnlySpan<float> matrix, int rows, int units)
    {
        int width = Vector512<float>.Count;
        (Rows, Units, Parts) = (rows, units, (units + PartUnits - 1) / PartUnits);
        if (_starts.Length <= rows * Parts) _starts = new int[rows * Parts + 1];
        // whole registers are stored, the last of which goes beyond what is found
        if (_units.Length < rows * units + width) (_units, _values) = (new int[rows * units + width], new float[rows * units + width]);
        int found = 0;
        for (int row = 0; row < rows; row++)
            for (int part = 0; part < Parts; part++)
            {
                Collect(matrix.Slice(row * units, units), part * PartUnits, Math.Min(units, (part + 1) * PartUnits), ref found);
                _starts[row * Parts + part + 1] = found;
            }
    }

    private void Collect(ReadOnlySpan<float> row, int from, int to, ref int found)
    {
        int width = Vector512<float>.Count;
        ref float values = ref MemoryMarshal.GetReference(row);
        if (row.Length < width)
        {
            for (int unit = 0; unit < row.Length; unit++)
                if (row[unit] != 0) (_units[found], _values[found++]) = (unit, row[unit]);
            return;
        }
        for (int unit = from; unit < to; unit += width)
        {
            int first = Math.Min(unit, row.Length - width);
            var value = Vector512.LoadUnsafe(ref values, (nuint)first);
            var index = Vector512<int>.Indices + Vector512.Create(first - from);
            var active = ~Vector512.Equals(value, Vector512<float>.Zero).AsInt32();
            if (first != unit) active &= Vector512.GreaterThanOrEqual(index, Vector512.Create(unit - from));   // the others have been found
            Avx512F.Compress(Vector512<int>.Zero, active, index).StoreUnsafe(ref _units[0], (nuint)found);
            Avx512F.Compress(Vector512<float>.Zero, active.AsSingle(), value).StoreUnsafe(ref _values[0], (nuint)found);
            found += BitOperations.PopCount(active.ExtractMostSignificantBits());
        }
    }

    /// <summary>Counted from the first unit of the part.</summary>
    public ReadOnlySpan<int> UnitsOf(int row, int part) => Part(_units, row, part);

    public ReadOnlySpan<float> ValuesOf(int row, int part) => Part(_values, row, part);

    private ReadOnlySpan<T> Part<T>(T[] all, int row, int part) => all.AsSpan(_starts[row * Parts + part].._starts[row * Parts + part + 1]);
}
