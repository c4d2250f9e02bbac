using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>A view in the schema of another: columns of the same name and type are passed on, some get a value of their own, all others are missing.</summary>
internal sealed class ConformedView : IDataView
{
    private readonly IDataView _input;
    private readonly IReadOnlyDictionary<string, object> _constants;
    private readonly int?[] _origin;   // per column of the schema: which one of the input it is

    /// <param name="input">The rows.</param>
    /// <param name="schema">The schema to give them.</param>
    /// <param name="constants">Values of single columns, in their raw type.</param>
    /// <exception cref="InvalidOperationException">A column of the input has another type than in the schema.</exception>
    public ConformedView(IDataView input, DataViewSchema schema, IReadOnlyDictionary<string, object> constants)
    {
        _input = input;
        _constants = constants;
        Schema = schema;
        _origin = [.. schema.Select(Origin)];
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _input.CanShuffle;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        var needed = active.Columns.Select(column => _origin[column.Index]).OfType<int>().Select(index => _input.Schema[index]);
        return new Cursor(this, active, _input.GetRowCursor(needed.ToList(), rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private int? Origin(DataViewSchema.Column column)
    {
        if (column.IsHidden || _constants.ContainsKey(column.Name)) return null;
        if (_input.Schema.GetColumnOrNull(column.Name) is not { } origin) return null;
        bool same = origin.Type.Equals(column.Type) || (origin.Type is VectorDataViewType a && column.Type is VectorDataViewType b
            && a.ItemType.Equals(b.ItemType) && a.Size == b.Size);
        return same ? origin.Index : throw new InvalidOperationException(
            $"Column '{column.Name}' is {origin.Type} in the rows drawn, but {column.Type} in the real ones. Use a model that draws the column as it is.");
    }

    private sealed class Cursor(ConformedView view, ActiveColumns active, DataViewRowCursor input) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.Check<TValue>(column);
            if (view._origin[column.Index] is { } origin) return input.GetGetter<TValue>(input.Schema[origin]);
            if (column.IsHidden || !view._constants.TryGetValue(column.Name, out object? value)) return MissingValues.CreateGetter<TValue>(column.Type);
            var constant = (TValue)value;
            return (ref TValue destination) => destination = constant;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
