namespace Microsoft.ML.Data;

/// <summary>A row that stands where another one stands, and gives that one's values unless it has its own.</summary>
internal abstract class WrappedRow(DataViewRow input) : DataViewRow
{
    private bool _disposed;

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    protected DataViewRow Input { get; } = input;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = true;
        DisposeOwn();
        Input.Dispose();
    }

    protected virtual void DisposeOwn()
    {
    }
}

/// <summary>A cursor that goes where another one goes, and gives the values of a row that is bound to it.</summary>
internal sealed class FollowingCursor(DataViewRowCursor input, DataViewRow row) : DataViewRowCursor
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => row.Schema;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            row.Dispose(); // which disposes of the input
    }
}

/// <summary>A cursor over those rows of another one that it lets through.</summary>
internal abstract class FilteringCursor(DataViewRowCursor input, DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private long _position = -1;

    public sealed override long Position => _position;

    public sealed override long Batch => Input.Batch;

    public sealed override DataViewSchema Schema => schema;

    protected DataViewRowCursor Input { get; } = input;

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column) ? Input.GetGetter<TValue>(Input.Schema[column.Index]) : throw ActiveColumns.Inactive(column);

    public sealed override bool MoveNext()
    {
        if (!MoveInput())
        {
            _position = -1;
            return false;
        }
        _position++;
        return true;
    }

    /// <summary>Goes to the next row that is let through; false after the last.</summary>
    protected abstract bool MoveInput();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
    }
}
