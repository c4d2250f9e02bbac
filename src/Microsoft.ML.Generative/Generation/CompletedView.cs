using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Drawn rows with what is known of given ones: row i has the values of given row i modulo their number, as they are, and what is drawn where these are missing.</summary>
/// <param name="drawn">Rows that were drawn for the given ones.</param>
/// <param name="given">The given ones.</param>
/// <param name="columns">The columns that they have.</param>
internal sealed class CompletedView(IDataView drawn, IDataView given, IReadOnlyList<TableColumn> columns) : IDataView
{
    public DataViewSchema Schema => drawn.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => drawn.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        return new Cursor(this, active, drawn.GetRowCursor(active.Columns));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private TableColumn? Given(DataViewSchema.Column column) => columns.FirstOrDefault(given => given.Name == column.Name);

    private IEnumerable<DataViewSchema.Column> Needed(ActiveColumns active) => active.Columns.Where(column => Given(column) is not null).Select(column => given.Schema[column.Name]);

    private DataViewRowCursor OpenGiven(IEnumerable<DataViewSchema.Column> needed) => given.GetRowCursor(needed);

    private sealed class Cursor(CompletedView view, ActiveColumns active, DataViewRowCursor drawn) : DataViewRowCursor
    {
        private readonly IReadOnlyList<DataViewSchema.Column> _needed = [.. view.Needed(active)];
        private DataViewRowCursor? _given;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => drawn.Position;

        public override long Batch => drawn.Batch;

        public override bool MoveNext()
        {
            if (!drawn.MoveNext()) return false;
            if (_needed.Count == 0 || _given?.MoveNext() == true) return true;
            _given?.Dispose();
            _given = view.OpenGiven(_needed);
            return _given.MoveNext() ? true : throw new InvalidOperationException("The view to draw for has no rows. Give at least one.");
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (view.Given(column) is not { } table) return drawn.GetGetter<TValue>(column);
            active.Check<TValue>(column);
            ValueGetter<TValue>? getter = null;
            DataViewRowCursor? madeFor = null;
            return (ref TValue value) =>
            {
                if (_given is null) throw new InvalidOperationException("The cursor stands at no row: call MoveNext before reading, and stop when it returns false.");
                if (getter is null || !ReferenceEquals(madeFor, _given))   // the rows have begun again
                {
                    getter = (ValueGetter<TValue>)table.CreateCompletingGetter(_given, drawn);
                    madeFor = _given;
                }
                getter(ref value);
            };
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => drawn.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                drawn.Dispose();
                _given?.Dispose();
                _given = null;
            }
            base.Dispose(disposing);
        }
    }
}
