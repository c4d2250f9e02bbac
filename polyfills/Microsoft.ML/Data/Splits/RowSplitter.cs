using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives each row a number in [0, 1), always the same one, so that ranges of numbers are parts of the rows: a random number, or one that
/// follows from the sampling key, so that rows with the same key stay together.
/// </summary>
internal sealed class RowSplitter
{
    private const int DefaultRandomSeed = 42;
    private const uint DefaultHashSeed = 314489979;

    private readonly IDataView _input;
    private readonly int? _keyColumn;
    private readonly Func<DataViewRow, Func<double>> _makeNumber;

    public RowSplitter(IHostEnvironment env, IDataView input, string samplingKeyColumn, int? seed)
    {
        _input = input;
        seed ??= env.SeedOrNull();
        if (samplingKeyColumn == null)
        {
            // the n-th row gets the n-th number, so rows have to come in order
            _makeNumber = _ => new Random(seed ?? DefaultRandomSeed).NextDouble;
            return;
        }
        var column = input.Schema.GetColumnOrNull(samplingKeyColumn)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(samplingKeyColumn), "SamplingKeyColumn", samplingKeyColumn);
        _keyColumn = column.Index;
        if (column.Type is KeyDataViewType)
            _makeNumber = row => ColumnFraction.Reader(row, row.Schema[column.Index]);
        else if (ColumnFraction.Supports(column.Type))
            _makeNumber = Normalized(column);
        else
            _makeNumber = row =>
            {
                var hash = ValueHash.Reader(row, row.Schema[column.Index], (uint?)seed ?? DefaultHashSeed);
                return () => (hash() >> 11) / (double)(1UL << 53);
            };
    }

    /// <summary>The rows whose number is in [<paramref name="lower"/>, <paramref name="upper"/>), or all others that have a number.</summary>
    public IDataView Part(double lower, double upper, bool complement)
    {
        Func<DataViewRow, Func<bool>> makeTest = row =>
        {
            var number = _makeNumber(row);
            return () => number() is var n && !double.IsNaN(n) && complement != (lower <= n && n < upper);
        };
        return _keyColumn is { } column
            ? new FilteredDataView(_input, [column], makeTest)
            : new FilteredDataView(new InOrderDataView(_input), [], makeTest);
    }

    public DataOperationsCatalog.TrainTestData Fold(int fold, int count)
    {
        double lower = (double)fold / count, upper = (double)(fold + 1) / count;
        return new(Part(lower, upper, complement: true), Part(lower, upper, complement: false));
    }

    // a number becomes its place between the smallest and the largest one
    private Func<DataViewRow, Func<double>> Normalized(DataViewSchema.Column column)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        using (var cursor = _input.GetRowCursor([column]))
        {
            var number = ColumnFraction.Reader(cursor, column);
            while (cursor.MoveNext())
                if (number() is var n && double.IsFinite(n))
                    (min, max) = (Math.Min(min, n), Math.Max(max, n));
        }
        return row =>
        {
            var number = ColumnFraction.Reader(row, row.Schema[column.Index]);
            // the largest one has to be in the last part
            return () => number() is var n && double.IsNaN(n) ? n : max > min ? Math.Clamp((n - min) / (max - min), 0, Math.BitDecrement(1.0)) : 0;
        };
    }

    /// <summary>A view whose rows always come in order, from one cursor.</summary>
    private sealed class InOrderDataView(IDataView input) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => input.Schema;

        public long? GetRowCount() => input.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) => input.GetRowCursor(columnsNeeded);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
            => [input.GetRowCursor(columnsNeeded)];
    }
}
