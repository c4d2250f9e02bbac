namespace Microsoft.ML.Generative;

/// <summary>For every unit the rows in which it is not 0, and what each counts: rows of the data, then draws.</summary>
internal sealed class WeightedRows
{
    private int[] _starts = [], _rows = [];
    private float[] _shares = [];

    /// <summary>Takes the place of what was collected before.</summary>
    /// <param name="parts">Rows, counted on from part to part, and what each row of the part is multiplied by.</param>
    public void Collect(int units, params ReadOnlySpan<(ActiveUnits Rows, float Factor)> parts)
    {
        int count = 0;
        foreach (var (active, _) in parts) count += active.Count;
        if (_starts.Length != units + 2) _starts = new int[units + 2];
        if (_rows.Length < count) (_rows, _shares) = (new int[count], new float[count]);
        Array.Clear(_starts);

        // where each unit begins stands one place further on until the rows are put in, which moves it back
        foreach (var (active, _) in parts)
            for (int row = 0; row < active.Rows; row++)
                foreach (int unit in active.UnitsOf(row)) _starts[unit + 2]++;
        for (int i = 2; i < _starts.Length; i++) _starts[i] += _starts[i - 1];
        int before = 0;
        foreach (var (active, factor) in parts)
        {
            for (int row = 0; row < active.Rows; row++)
            {
                ReadOnlySpan<int> of = active.UnitsOf(row);
                ReadOnlySpan<float> values = active.ValuesOf(row);
                for (int i = 0; i < of.Length; i++)
                {
                    int place = _starts[of[i] + 1]++;
                    (_rows[place], _shares[place]) = (before + row, factor * values[i]);
                }
            }
            before += active.Rows;
        }
    }

    public ReadOnlySpan<int> RowsOf(int unit) => _rows.AsSpan(_starts[unit].._starts[unit + 1]);

    public ReadOnlySpan<float> SharesOf(int unit) => _shares.AsSpan(_starts[unit].._starts[unit + 1]);
}
