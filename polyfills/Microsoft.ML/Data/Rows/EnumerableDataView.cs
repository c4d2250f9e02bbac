using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of objects; each cursor enumerates them anew.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> data, RowClass<TRow> rows) : IDataView
    where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => rows.Schema;

    public long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(data.GetEnumerator(), rows, Schema.MaskOf(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly RowHolder<TRow> _holder = new();
        private readonly IEnumerator<TRow> _enumerator;

        public Cursor(IEnumerator<TRow> enumerator, RowClass<TRow> rows, bool[] active)
            : base(rows.Schema, active)
        {
            _enumerator = enumerator;
            Getters = rows.MakeGetters(_holder, active);
        }

        protected override Delegate[] Getters { get; }

        protected override bool MoveNextCore()
        {
            if (!_enumerator.MoveNext())
            {
                _holder.Row = null;
                return false;
            }
            _holder.Row = _enumerator.Current ?? throw Contracts.Except("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void DisposeOwn() => _enumerator.Dispose();
    }
}
