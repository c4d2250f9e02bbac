using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Drawn rows as a view: made in batches while they are read, the same each time, in constant memory.</summary>
internal sealed class SampleDataView : IDataView
{
    private readonly ISampleSource _source;
    private readonly IReadOnlyList<SampleColumn> _columns;
    private readonly long _rows;

    /// <param name="source">Draws the floats.</param>
    /// <param name="columns">Turn them into columns.</param>
    /// <param name="rows">How many rows, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative.</exception>
    public SampleDataView(ISampleSource source, IReadOnlyList<SampleColumn> columns, long rows)
    {
        if (rows < 0) throw new ArgumentOutOfRangeException(nameof(rows), rows, "The number of rows to draw must be 0 or more.");
        _source = source;
        _columns = columns;
        _rows = rows;
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, new ActiveColumns(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(SampleDataView view, ActiveColumns active) : DataViewRowCursor
    {
        private readonly ISampleSource _source = view._source.ForCursor();
        private float[] _floats = [];
        private long _drawnBatch = -1;
        private long _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            _ended = ++_position >= view._rows;
            if (_ended) _position = -1;
            return !_ended;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.Check<TValue>(column);
            return (ValueGetter<TValue>)view._columns[column.Index].CreateGetter(Row, CheckedPosition);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)CheckedPosition(), 0);

        private ReadOnlySpan<float> Row()
        {
            var (batch, row) = Math.DivRem(CheckedPosition(), _source.BatchRows);
            if (batch != _drawnBatch) Draw(batch);
            return _floats.AsSpan((int)row * _source.Width, _source.Width);
        }

        private void Draw(long batch)
        {
            int rows = (int)Math.Min(_source.BatchRows, view._rows - batch * _source.BatchRows);
            if (_floats.Length < rows * _source.Width) _floats = new float[rows * _source.Width];
            _drawnBatch = -1;   // so that a failure is not taken for a result
            _source.Generate(batch, rows, _floats);
            _drawnBatch = batch;
        }

        private long CheckedPosition() => _position >= 0
            ? _position
            : throw new InvalidOperationException("The cursor stands at no row: call MoveNext before reading, and stop when it returns false.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _ended = true;
                _position = -1;
                if (!ReferenceEquals(_source, view._source)) (_source as IDisposable)?.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
