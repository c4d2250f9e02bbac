using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Counts the values of a column, row by row, and then makes its tokens.</summary>
internal abstract class ColumnLearner
{
    /// <summary>Counts the value of the current row.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public abstract void Add();

    public abstract TableColumn Learn(TableEncodingOptions options);

    protected static ArgumentException NotFinite(string what, object value, long row) =>
        new(FormattableString.Invariant($"Row {row} has {value} in {what}; the rows to learn from must be finite, or missing (NaN). Filter the row out."));
}

internal sealed class ScalarLearner<T, TCoded>(ScalarType<T, TCoded> type, DataViewRow row, DataViewSchema.Column column, int mostValues) : ColumnLearner where TCoded : notnull
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
    private readonly ValueCounts<TCoded> _counts = new(mostValues, type.Domain.Comparer, type.Domain.Own);
    private T _value = default!;

    public override void Add()
    {
        _getter(ref _value);
        var value = type.Read(_value);
        if (type.Domain.IsMissing(value)) _counts.AddMissing();
        else if (type.Domain.IsInfinite(value)) throw NotFinite($"column '{column.Name}'", value, row.Position);
        else _counts.Add(value);
    }

    public override TableColumn Learn(TableEncodingOptions options) => new ScalarColumn<T, TCoded>(column.Name, column.Type, column.Annotations, type, type.Domain.Learn(_counts, column.Type, options));
}

internal sealed class SlotsLearner(DataViewRow row, DataViewSchema.Column column, int mostValues) : ColumnLearner
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private readonly ValueCounts<float>[] _counts =
        [.. Enumerable.Range(0, ((VectorDataViewType)column.Type).Size).Select(_ => new ValueCounts<float>(mostValues, null))];

    private VBuffer<float> _values;

    public override void Add()
    {
        _getter(ref _values);
        foreach (var (slot, value) in _values.Items(all: true))
        {
            if (float.IsNaN(value)) _counts[slot].AddMissing();
            else if (float.IsInfinity(value)) throw NotFinite($"slot {slot} of column '{column.Name}'", value, row.Position);
            else _counts[slot].Add(value);
        }
    }

    public override TableColumn Learn(TableEncodingOptions options) =>
        new SlotsColumn(column.Name, column.Annotations, [.. _counts.Select(counts => CodeLearner.Reals(counts, options))]);
}
