using Microsoft.ML;
using Microsoft.ML.Data;

namespace Csv;

/// <summary>Some rows of columns in memory, as ML.NET reads them.</summary>
public sealed class TableView : IDataView
{
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly IReadOnlyList<int> _rows;

    public TableView(IReadOnlyList<TableColumn> columns, IReadOnlyList<int> rows)
    {
        _columns = columns;
        _rows = rows;
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) builder.AddColumn(column.Name, column.Type);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(TableView view, HashSet<int> active) : DataViewRowCursor
    {
        private int _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            _ended = ++_position == view._rows.Count;
            if (_ended) _position = -1;
            return !_ended;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw new InvalidOperationException($"Column '{column.Name}' was not asked for.");
            return (ValueGetter<TValue>)view._columns[column.Index].CreateGetter(() => view._rows[_position]);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
    }
}
