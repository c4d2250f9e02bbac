namespace Microsoft.ML.Data;

/// <summary>Keeps columns in memory: the first cursor that needs a column reads all of it, later ones don't read the input again.</summary>
internal sealed class CacheDataView(IDataView input, params int[] prefetch) : IDataView
{
    private readonly Lock _lock = new();
    private readonly IColumnStore[] _stores = new IColumnStore[input.Schema.Count];
    private long? _rowCount;

    public bool CanShuffle => true;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount()
    {
        lock (_lock)
            return _rowCount ?? input.GetRowCount();
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, Schema.MaskOf(columnsNeeded), rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private long Fill(bool[] active)
    {
        lock (_lock)
        {
            var missing = Schema.Where(c => (active[c.Index] || prefetch.Contains(c.Index)) && _stores[c.Index] == null).ToArray();
            if (missing.Length == 0 && _rowCount.HasValue)
                return _rowCount.Value;

            using var cursor = input.GetRowCursor(missing);
            var stores = missing.Select(column => ColumnStore.Create(cursor, column)).ToArray();
            long count = 0;
            for (; cursor.MoveNext(); count++)
                foreach (var store in stores)
                    store.Append();
            foreach (var (column, store) in missing.Zip(stores))
                _stores[column.Index] = store;
            _rowCount = count;
            return count;
        }
    }

    private sealed class Cursor(CacheDataView view, bool[] active, Random random) : RootCursor(view.Schema, active)
    {
        private readonly RowIndex _row = new();
        private readonly bool[] _active = active;
        private Delegate[] _getters;
        private int[] _order;
        private long _count = -1;

        // a getter may be asked for before the first row is
        protected override Delegate[] Getters
        {
            get
            {
                Fill();
                return _getters;
            }
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_row.Value, 0);

        protected override bool MoveNextCore()
        {
            Fill();
            if (Position + 1 >= _count)
                return false;
            _row.Value = _order == null ? (int)Position + 1 : _order[Position + 1];
            return true;
        }

        private void Fill()
        {
            if (_count >= 0)
                return;
            _count = view.Fill(_active);
            _getters = [.. _active.Select((isActive, i) => isActive ? view._stores[i].MakeGetter(_row) : null)];
            if (random == null)
                return;
            _order = [.. Enumerable.Range(0, (int)_count)];
            random.Shuffle(_order);
        }
    }
}
