using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Rows of a view, each as often as it was chosen.</summary>
/// <param name="input">The rows to choose from.</param>
/// <param name="times">How often each is taken.</param>
internal sealed class ResampledView(IDataView input, int[] times) : IDataView
{
    /// <summary>Chooses rows in proportion to their weights, by systematic resampling (Kitagawa, 1996): a row of weight w is taken
    /// n·w/Σw times, rounded up or down.</summary>
    /// <param name="logWeights">Logarithms of the weights of the rows.</param>
    /// <param name="rows">How many to choose.</param>
    /// <param name="random">Where the first point lies.</param>
    public static int[] Choose(double[] logWeights, long rows, Random random)
    {
        double highest = logWeights.Max(), total = logWeights.Sum(w => Math.Exp(w - highest)), point = random.NextDouble(), passed = 0;
        var times = new int[logWeights.Length];
        long chosen = 0;
        for (int i = 0; i < times.Length; i++)
        {
            passed += Math.Exp(logWeights[i] - highest) / total * rows;
            for (; point < passed && chosen < rows; point++, chosen++) times[i]++;
        }
        for (int i = Array.FindLastIndex(times, t => t > 0); chosen < rows; chosen++) times[i]++;   // what rounding left over
        return times;
    }

    public DataViewSchema Schema => input.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => times.Sum(t => (long)t);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(new ActiveColumns(Schema, columnsNeeded), input.GetRowCursor(columnsNeeded), times);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ActiveColumns active, DataViewRowCursor input, int[] times) : DataViewRowCursor
    {
        private int _left;
        private long _position = -1;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            while (_left == 0)
            {
                if (!input.MoveNext())
                {
                    _position = -1;
                    return false;
                }
                _left = times[input.Position];
            }
            _left--;
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
