namespace Microsoft.ML.Generative.Metrics;

/// <summary>Synthetic rows that are a training row again, in every column.</summary>
/// <remarks>Real rows repeat each other too where there are few columns: compare with the share among held-out rows.</remarks>
internal static class Duplicates
{
    /// <summary>How many rows are equal to some training row.</summary>
    public static int Count(ComparedTable training, ComparedTable rows)
    {
        _ = ComparedTable.Pair(training, rows);
        var known = Enumerable.Range(0, training.Rows).Select(i => new Record(training, i)).ToHashSet();
        return Enumerable.Range(0, rows.Rows).Count(i => known.Contains(new Record(rows, i)));
    }

    private readonly struct Record(ComparedTable table, int row) : IEquatable<Record>
    {
        private ComparedTable Table => table;

        private int Row => row;

        public bool Equals(Record other)
        {
            for (int c = 0; c < table.Columns.Count; c++)
            {
                bool same = (table.Columns[c], other.Table.Columns[c]) switch
                {
                    (NumberColumn a, NumberColumn b) => a.Values[row].Equals(b.Values[other.Row]),   // NaN equals NaN
                    (CategoryColumn a, CategoryColumn b) => a.Codes[row] == b.Codes[other.Row],
                    _ => false,
                };
                if (!same) return false;
            }
            return true;
        }

        public override bool Equals(object? obj) => obj is Record other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var column in table.Columns)
            {
                if (column is NumberColumn numbers) hash.Add(numbers.Values[row]);
                else hash.Add(((CategoryColumn)column).Codes[row]);
            }
            return hash.ToHashCode();
        }
    }
}
