using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view with the columns that a <see cref="RowMapper"/> adds; also the mapper for single rows.</summary>
internal sealed class MappedDataView(IDataView input, RowMapper mapper) : IDataView, IRowToRowMapper
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    DataViewSchema IRowToRowMapper.InputSchema => input.Schema;

    DataViewSchema IRowToRowMapper.OutputSchema => Schema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Schema.MaskOf(columnsNeeded);
        return Follow(input.GetRowCursor(Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Schema.MaskOf(columnsNeeded);
        return [.. input.GetRowCursorSet(Dependencies(active), n, rand).Select(cursor => Follow(cursor, active))];
    }

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => Dependencies(Schema.MaskOf(dependingColumns));

    DataViewRow IRowToRowMapper.GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(row, nameof(input));
        Contracts.CheckParam(row.Schema == input.Schema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        return new MappedRow(row, mapper, Schema.MaskOf(activeColumns));
    }

    private FollowingCursor Follow(DataViewRowCursor cursor, bool[] active) => new(cursor, new MappedRow(cursor, mapper, active));

    private DataViewSchema.Column[] Dependencies(bool[] active)
    {
        int inputs = input.Schema.Count;
        var needed = active[..inputs];
        for (int i = inputs; i < active.Length; i++)
            if (active[i])
                foreach (int column in mapper.InputsOf(i - inputs))
                    needed[column] = true;
        return [.. input.Schema.Where(needed)];
    }

    private sealed class MappedRow : WrappedRow
    {
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;
        private readonly int _inputs;

        public MappedRow(DataViewRow input, RowMapper mapper, bool[] active)
            : base(input)
        {
            Schema = mapper.OutputSchema;
            _active = active;
            _inputs = mapper.InputSchema.Count;
            _getters = mapper.MakeGetters(input, active[_inputs..], out _disposer);
        }

        public override DataViewSchema Schema { get; }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw ActiveColumns.Inactive(column);
            return column.Index < _inputs
                ? Input.GetGetter<TValue>(Input.Schema[column.Index])
                : ActiveColumns.As<TValue>(_getters[column.Index - _inputs], column);
        }

        protected override void DisposeOwn() => _disposer?.Invoke();
    }
}
