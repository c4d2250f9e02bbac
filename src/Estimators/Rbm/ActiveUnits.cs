using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Generative;

/// <summary>What is not 0 in the rows of a matrix, row after row: of zeros and ones most are 0, and need no arithmetic.</summary>
internal sealed class ActiveUnits
{
    private int[] _starts = [0], _units = [];
    private float[] _values = [];

    public int Rows { get; private set; }

    /// <summary>Width of the rows.</summary>
    public int Units { get; private set; }

    /// <summary>How many values there are in all rows.</summary>
    public int Count => _starts[Rows];

    /// <summary>Takes the place of what was collected before.</summary>
    /// <param name="matrix">(rows, units)</param>
    public void Collect(ReadOnlySpan<float> matrix, int rows, int units)
    {
        int width = Vector512<float>.Count;
        if (_starts.Length <= rows) _starts = new int[rows + 1];
        // whole registers are stored, the last of which goes beyond what is found
        if (_units.Length < rows * units + width) (_units, _values) = (new int[rows * units + width], new float[rows * units + width]);
        (Rows, Units) = (rows, units);
        ref float values = ref MemoryMarshal.GetReference(matrix[..(rows * units)]);
        int found = 0;
        for (int row = 0; row < rows; row++)
        {
            if (units < width) CollectNarrow(matrix.Slice(row * units, units), ref found);
            else
                for (int unit = 0; unit < units; unit += width)
                {
                    int first = Math.Min(unit, units - width);
                    var value = Vector512.LoadUnsafe(ref values, (nuint)(row * units + first));
                    var index = Vector512<int>.Indices + Vector512.Create(first);
                    var active = ~Vector512.Equals(value, Vector512<float>.Zero).AsInt32();
                    if (first != unit) active &= Vector512.GreaterThanOrEqual(index, Vector512.Create(unit));   // the others have been found
                    Avx512F.Compress(Vector512<int>.Zero, active, index).StoreUnsafe(ref _units[0], (nuint)found);
                    Avx512F.Compress(Vector512<float>.Zero, active.AsSingle(), value).StoreUnsafe(ref _values[0], (nuint)found);
                    found += BitOperations.PopCount(active.ExtractMostSignificantBits());
                }
            _starts[row + 1] = found;
        }
    }

    private void CollectNarrow(ReadOnlySpan<float> values, ref int found)
    {
        for (int unit = 0; unit < values.Length; unit++)
            if (values[unit] != 0) (_units[found], _values[found++]) = (unit, values[unit]);
    }

    public ReadOnlySpan<int> UnitsOf(int row) => _units.AsSpan(_starts[row].._starts[row + 1]);

    public ReadOnlySpan<float> ValuesOf(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);
}
