using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Reads a vector column of a view, one row after the other, and refuses what can't be compared.</summary>
/// <param name="Table">What a fault calls the view.</param>
internal sealed record FeatureReader(string Table, IDataView View, string ColumnName)
{
    /// <summary>The number of slots.</summary>
    /// <exception cref="ArgumentException">The column is missing or not a vector of Single of known size.</exception>
    public int Size => ((VectorDataViewType)Column.Type).Size;

    private DataViewSchema.Column Column
    {
        get
        {
            var column = View.Schema.GetColumnOrNull(ColumnName)
                ?? throw new ArgumentException($"Column '{ColumnName}' is not in {Table}; it has {string.Join(", ", View.Schema.Select(c => $"'{c.Name}'"))}.");
            return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.RawType == typeof(float) ? column
                : throw new ArgumentException($"Column '{ColumnName}' is {column.Type} in {Table}; it must be Vector<Single> of known size. Concatenate makes one of several columns.");
        }
    }

    /// <summary>Readers of two views.</summary>
    /// <exception cref="ArgumentException">The column is missing, of another type, or of different sizes.</exception>
    public static (FeatureReader First, FeatureReader Second) Pair((string Table, IDataView View) first, (string Table, IDataView View) second, string columnName)
    {
        var (a, b) = (new FeatureReader(first.Table, first.View, columnName), new FeatureReader(second.Table, second.View, columnName));
        if (a.Size != b.Size) throw new ArgumentException($"Column '{columnName}' is Vector<Single> of {a.Size} in {a.Table} and of {b.Size} in {b.Table}; it must be of the same size.");
        return (a, b);
    }

    /// <summary>Each row, an array of its own.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public IEnumerable<float[]> Rows()
    {
        var column = Column;
        using var cursor = View.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        for (long row = 0; cursor.MoveNext(); row++)
        {
            getter(ref value);
            float[] values = [.. value.DenseValues()];
            int fault = Array.FindIndex(values, v => !float.IsFinite(v));
            if (fault >= 0)
                throw new ArgumentException(FormattableString.Invariant($"Column '{ColumnName}' is {values[fault]} in slot {fault} of row {row} of {Table}; distances need finite numbers. Drop such rows or replace missing values."));
            yield return values;
        }
    }
}
