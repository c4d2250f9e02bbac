namespace Microsoft.ML.Data;

/// <summary>A view without its first rows, or with nothing but them.</summary>
internal sealed class SkipTakeDataView(IDataView input, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => input.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(input.GetRowCursor(columnsNeeded), Schema.MaskOf(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, long skip, long take) : FilteringCursor(input, input.Schema, active)
    {
        private long _toSkip = skip;
        private long _left = take;

        protected override bool MoveInput()
        {
            for (; _toSkip > 0; _toSkip--)
                if (!Input.MoveNext())
                    return false;
            return _left-- > 0 && Input.MoveNext();
        }
    }
}
