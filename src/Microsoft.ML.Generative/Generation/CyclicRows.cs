using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Reads the rows of a view over and over: row i is row i modulo their number.</summary>
/// <param name="view">The rows.</param>
/// <param name="columns">Columns that the encoder reads.</param>
/// <param name="createEncoder">Makes the encoder of a cursor.</param>
/// <param name="width">Floats in an encoded row.</param>
internal sealed class CyclicRows(
    IDataView view, IReadOnlyList<DataViewSchema.Column> columns, Func<DataViewRow, IRowEncoder> createEncoder, int width) : IDisposable
{
    private DataViewRowCursor? _cursor;
    private IRowEncoder? _encoder;
    private long _next;

    /// <summary>Encodes some rows. Reading on is cheap, reading back starts at the beginning.</summary>
    /// <exception cref="InvalidOperationException">The view has no rows.</exception>
    public void Read(long firstRow, int rows, float[] destination)
    {
        if (firstRow < _next) Restart();
        while (_next < firstRow) MoveNext();
        for (int i = 0; i < rows; i++)
        {
            MoveNext();
            _encoder!.Encode(destination.AsSpan(i * width, width));
        }
    }

    private void MoveNext()
    {
        if (_cursor is null || !_cursor.MoveNext())
        {
            Open();
            if (!_cursor!.MoveNext()) throw new InvalidOperationException("The view to draw for has no rows. Give at least one.");
        }
        _next++;
    }

    private void Restart()
    {
        _next = 0;
        Dispose();
    }

    private void Open()
    {
        Dispose();
        _cursor = view.GetRowCursor(columns);
        _encoder = createEncoder(_cursor);
    }

    public void Dispose()
    {
        _cursor?.Dispose();
        _cursor = null;
    }
}
