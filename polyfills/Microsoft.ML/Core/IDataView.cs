using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Reads the value of one column in the row where its cursor stands, into <paramref name="value"/>, whose buffers it may reuse.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A table that is computed as it is read.</summary>
public interface IDataView
{
    /// <summary>Whether a cursor can come in random order.</summary>
    bool CanShuffle { get; }

    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }

    /// <summary>The number of rows, where it is known without reading; null elsewhere.</summary>
    long? GetRowCount();

    /// <summary>A cursor over the rows, with those columns active.</summary>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    /// <summary>Up to <paramref name="n"/> cursors that share the rows among them.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}

/// <summary>One row, or where a cursor stands.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>The number of the row, from 0; -1 before the first and after the last.</summary>
    public abstract long Position { get; }

    /// <summary>With several cursors over one view, what orders their rows.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>The getter of the row's identifier.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>Whether the column may be read.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>The getter of an active column.</summary>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the row holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Goes through the rows of a view, once.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Goes to the next row; false after the last.</summary>
    public abstract bool MoveNext();
}
