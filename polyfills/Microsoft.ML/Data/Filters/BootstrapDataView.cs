namespace Microsoft.ML.Data;

/// <summary>A sample with replacement: every row comes as often as a Poisson number of mean 1 says; or those rows that never come.</summary>
internal sealed class BootstrapDataView(IDataView input, int seed, bool complement) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(input.GetRowCursor(columnsNeeded), Schema.MaskOf(columnsNeeded), new(seed), complement);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Random random, bool complement) : FilteringCursor(input, input.Schema, active)
    {
        private int _left;

        protected override bool MoveInput()
        {
            while (_left == 0)
            {
                if (!Input.MoveNext())
                    return false;
                int times = Poisson();
                _left = complement ? (times == 0 ? 1 : 0) : times;
            }
            _left--;
            return true;
        }

        // how many uniform numbers have a product of at least 1/e
        private int Poisson()
        {
            int count = 0;
            for (double product = random.NextDouble(); product > 1 / Math.E; product *= random.NextDouble())
                count++;
            return count;
        }
    }
}
