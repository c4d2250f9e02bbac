namespace Microsoft.ML.Data;

/// <summary>Those rows of a view that a test lets through, where the test depends on the row alone.</summary>
/// <param name="input">The view.</param>
/// <param name="testColumns">The columns that the test reads.</param>
/// <param name="makeTest">Makes the test for a cursor.</param>
internal sealed class FilteredDataView(IDataView input, int[] testColumns, Func<DataViewRow, Func<bool>> makeTest) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Schema.MaskOf(columnsNeeded);
        return Filter(input.GetRowCursor(Inputs(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Schema.MaskOf(columnsNeeded);
        return [.. input.GetRowCursorSet(Inputs(active), n, rand).Select(cursor => Filter(cursor, active))];
    }

    private Cursor Filter(DataViewRowCursor cursor, bool[] active) => new(cursor, active, makeTest(cursor));

    private DataViewSchema.Column[] Inputs(bool[] active) => [.. Schema.Where(column => active[column.Index] || testColumns.Contains(column.Index))];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<bool> test) : FilteringCursor(input, input.Schema, active)
    {
        protected override bool MoveInput()
        {
            while (Input.MoveNext())
                if (test())
                    return true;
            return false;
        }
    }
}
