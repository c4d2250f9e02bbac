using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>The rows of one class, or of any.</summary>
/// <param name="input">All rows.</param>
/// <param name="labels">The classes.</param>
/// <param name="wanted">Number of the class; null for every row that has a label.</param>
/// <param name="rows">How many such rows there are.</param>
internal sealed class LabelledRowsView(IDataView input, LabelColumn labels, int? wanted, long rows) : IDataView
{
    public DataViewSchema Schema => input.Schema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        var label = Schema[labels.Name];
        var columns = active.Contains(label) ? active.Columns : active.Columns.Append(label);
        return new Cursor(active, input.GetRowCursor(columns, rand), labels, wanted);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ActiveColumns active, DataViewRowCursor input, LabelColumn labels, int? wanted) : DataViewRowCursor
    {
        private readonly Func<int> _readLabel = labels.CreateReader(input, learn: false, optional: true);
        private long _position = -1;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                int number = _readLabel();
                if (wanted is null ? number == LabelColumn.None : number != wanted) continue;
                _position++;
                return true;
            }
            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.Check<TValue>(column);
            return input.GetGetter<TValue>(column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
