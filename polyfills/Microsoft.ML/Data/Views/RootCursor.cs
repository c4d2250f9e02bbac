namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its own rows, numbers them by their position, and has one getter per active column.</summary>
internal abstract class RootCursor(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private long _position = -1;
    private bool _done;
    private bool _disposed;

    public sealed override long Position => _position;

    public override long Batch => 0;

    public sealed override DataViewSchema Schema => schema;

    protected abstract Delegate[] Getters { get; }

    public sealed override bool MoveNext()
    {
        if (!_done && MoveNextCore())
        {
            _position++;
            return true;
        }
        _done = true;
        _position = -1;
        return false;
    }

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column) ? ActiveColumns.As<TValue>(Getters[column.Index], column) : throw ActiveColumns.Inactive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    protected abstract bool MoveNextCore();

    protected virtual void DisposeOwn()
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = _done = true;
        _position = -1;
        DisposeOwn();
    }
}
