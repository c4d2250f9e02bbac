namespace Microsoft.ML.Data;

/// <summary>A view in random order: each row is drawn from a pool that is refilled from the input.</summary>
/// <param name="input">The view.</param>
/// <param name="poolSize">The size of the pool in rows.</param>
/// <param name="shuffleSource">Whether the input shall come in random order too, if it can.</param>
/// <param name="seed">The order of cursors that aren't given random numbers of their own.</param>
internal sealed class ShuffledDataView(IDataView input, int poolSize, bool shuffleSource, int seed) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= new(seed);
        var cursor = input.GetRowCursor(columnsNeeded, shuffleSource ? new Random(rand.Next()) : null);
        return poolSize == 1 ? cursor : new Cursor(cursor, Schema.MaskOf(columnsNeeded), poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly RowIndex _row = new();
        private readonly IColumnStore _ids;
        private readonly IColumnStore[] _stores;
        private readonly List<int> _live = []; // the slots of the pool that hold rows to come
        private int _shown = -1; // which of them holds the current row

        public Cursor(DataViewRowCursor input, bool[] active, int poolSize, Random random)
            : base(input.Schema, active)
        {
            _input = input;
            _random = random;
            _poolSize = poolSize;
            _ids = ColumnStore.CreateForIds(input);
            var stores = input.Schema.Select(column => active[column.Index] ? ColumnStore.Create(input, column, replaceable: true) : null).ToArray();
            Getters = [.. stores.Select(store => store?.MakeGetter(_row))];
            _stores = [.. stores.Where(store => store != null), _ids];
        }

        protected override Delegate[] Getters { get; }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.MakeGetter(_row);

        protected override bool MoveNextCore()
        {
            if (_shown >= 0)
                Refill();
            else
                while (_live.Count < _poolSize && _input.MoveNext())
                {
                    _live.Add(_live.Count);
                    foreach (var store in _stores)
                        store.Append();
                }
            if (_live.Count == 0)
                return false;
            _shown = _random.Next(_live.Count);
            _row.Value = _live[_shown];
            return true;
        }

        protected override void DisposeOwn() => _input.Dispose();

        private void Refill()
        {
            if (_input.MoveNext())
            {
                foreach (var store in _stores)
                    store.Replace(_live[_shown]);
                return;
            }
            _live[_shown] = _live[^1];
            _live.RemoveAt(_live.Count - 1);
        }
    }
}
