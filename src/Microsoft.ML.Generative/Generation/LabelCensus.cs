using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Generation;

/// <summary>How many rows of each class there are.</summary>
/// <param name="Labels">The classes.</param>
/// <param name="Names">What people call them, by number of the label.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="UnlabelledRows">Rows without a label.</param>
internal sealed record LabelCensus(LabelColumn Labels, IReadOnlyList<string> Names, IReadOnlyList<long> Rows, long UnlabelledRows)
{
    // more values than this are a target to regress on, not classes
    private const int MaximumLabels = 1000;

    /// <summary>Goes over the rows once: counts classes, and makes sure of the features.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="label">Column of the class.</param>
    /// <param name="features">Column whose numbers must be finite; null for none.</param>
    /// <exception cref="ArgumentException">A feature is infinite or not a number, or the labels are too many to be classes.</exception>
    public static LabelCensus Take(IDataView view, DataViewSchema.Column label, DataViewSchema.Column? features)
    {
        var labels = LabelColumn.Create(view.Schema, label.Name);
        var rows = new List<long>();
        long unlabelled = 0;
        using var cursor = view.GetRowCursor(features is { } column ? [label, column] : [label]);
        var readLabel = labels.CreateReader(cursor, learn: true, optional: true);
        var checkFeatures = features is { } checkedColumn ? FiniteCheck(cursor, checkedColumn) : null;
        while (cursor.MoveNext())
        {
            checkFeatures?.Invoke();
            int number = readLabel();
            if (number == LabelColumn.None) unlabelled++;
            else if (number < rows.Count) rows[number]++;
            else rows.Add(1);
            if (rows.Count > MaximumLabels)
                throw new ArgumentException($"Column '{label.Name}' has more than {MaximumLabels} different values; a label has few. Name the column of the classes.");
        }
        return new LabelCensus(labels, [.. rows.Select((_, i) => LabelNames.Of(label, labels.ValueOf(i)))], rows, unlabelled);
    }

    private static Action FiniteCheck(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        return () =>
        {
            getter(ref value);
            var values = value.GetValues();
            for (int i = 0; i < values.Length; i++)
            {
                if (float.IsFinite(values[i])) continue;
                int slot = value.IsDense ? i : value.GetIndices()[i];
                throw new ArgumentException(FormattableString.Invariant(
                    $"Column '{column.Name}' holds {values[i]} in slot {slot} of row {row.Position} (both counted from 0); features must be finite. ")
                    + "Drop such rows with FilterRowsByMissingValues, or fill them in with ReplaceMissingValues.");
            }
        };
    }
}
