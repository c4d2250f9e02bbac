using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>
/// Goes over a scored view: reads ahead a batch of the columns that the model takes, computes it, and hands it out row by row. Columns
/// that are passed on come from a second cursor over the same rows, which stays at the row that is handed out.
/// </summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    // the first batch is small, so that looking at the first rows of a view is cheap; then they double
    private const int FirstBatchRows = 64;

    private readonly ModelMapping _mapping;
    private readonly ActiveColumns _active;
    private readonly DataViewRowCursor _ahead;
    private readonly DataViewRowCursor? _passing;
    private readonly IRowEncoder _encoder;
    private readonly int _batchRows;
    private readonly float[] _encoded;
    private readonly float[]?[] _results;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly DataViewRowId[] _ids;

    private int _rowsAtOnce;
    private int _rowsInBatch;
    private int _row = -1;
    private long _position = -1;
    private bool _ended;

    public BatchedCursor(ModelMapping mapping, ActiveColumns active, DataViewRowCursor ahead, DataViewRowCursor? passing, int batchRows)
    {
        _mapping = mapping;
        _active = active;
        _ahead = ahead;
        _passing = passing;
        _encoder = mapping.Model.CreateEncoder(ahead);
        _batchRows = batchRows;
        _rowsAtOnce = Math.Min(FirstBatchRows, batchRows);
        _encoded = new float[batchRows * mapping.Model.InputWidth];
        _results = mapping.CreateResults(active, batchRows);
        _ids = passing is null ? new DataViewRowId[batchRows] : [];
        _readId = ahead.GetIdGetter();
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        if (_ended) return false;
        if (++_row >= _rowsInBatch && !ReadBatch())
        {
            _ended = true;
            _position = -1;
            if (_passing is not null && _passing.MoveNext()) throw RowsChanged();
            return false;
        }
        if (_passing is not null && !_passing.MoveNext()) throw RowsChanged();
        _position++;
        return true;
    }

    private bool ReadBatch()
    {
        int width = _mapping.Model.InputWidth;
        _row = 0;
        _rowsInBatch = 0;
        while (_rowsInBatch < _rowsAtOnce && _ahead.MoveNext())
        {
            _encoder.Encode(_encoded.AsSpan(_rowsInBatch * width, width));
            if (_passing is null) _readId(ref _ids[_rowsInBatch]);
            _rowsInBatch++;
        }
        _rowsAtOnce = (int)Math.Min(2L * _rowsAtOnce, _batchRows);
        if (_rowsInBatch == 0) return false;
        _mapping.Model.Compute(_encoded, _rowsInBatch, _results);
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check<TValue>(column);
        if (_mapping.PassedOn(column.Index) is { } input) return _passing!.GetGetter<TValue>(input);
        int output = _mapping.Added(column.Index);
        int width = _mapping.Model.Outputs[output].Width;
        float[] values = _results[output]!;
        return (ValueGetter<TValue>)_mapping.Model.Outputs[output].CreateGetter(_passing, () => values.AsSpan(CurrentRow() * width, width));
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        _passing is not null ? _passing.GetIdGetter() : (ref DataViewRowId id) => id = _ids[CurrentRow()];

    private int CurrentRow() => _position >= 0
        ? _row
        : throw new InvalidOperationException("The cursor stands at no row: call MoveNext before reading, and stop when it returns false.");

    private static InvalidOperationException RowsChanged() => new("The input had another number of rows when it was read a second time. "
        + "It must give the same rows each time; if it cannot, cache it with Data.Cache.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            _position = -1;
            _ahead.Dispose();
            _passing?.Dispose();
        }
        base.Dispose(disposing);
    }
}
