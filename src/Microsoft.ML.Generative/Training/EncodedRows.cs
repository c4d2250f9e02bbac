using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Training;

/// <summary>Reads the rows of a data view, encoded, in blocks.</summary>
internal static class EncodedRows
{
    /// <summary>Reads all rows once.</summary>
    /// <param name="learnLabels">Whether new labels are learnt (the first pass) or refused.</param>
    /// <returns>Blocks of whole rows in one buffer that is filled again for each, with the number of rows in it.</returns>
    public static IEnumerable<(float[] Values, int Rows)> Read(
        IDataView view, RowEncoding encoding, int blockRows, bool learnLabels = false, CancellationToken cancellation = default)
    {
        var columns = encoding.InputColumns.Select(name => view.Schema[name]);
        using var cursor = view.GetRowCursor(columns);
        var encoder = encoding.CreateEncoder(cursor, learnLabels);
        int width = encoding.Width, rows = 0;
        var block = new float[checked(blockRows * width)];
        while (cursor.MoveNext())
        {
            if ((cursor.Position & 1023) == 0) cancellation.ThrowIfCancellationRequested();
            var row = block.AsSpan(rows * width, width);
            encoder.Encode(row);
            CheckFinite(row, encoding, cursor.Position);
            if (++rows < blockRows) continue;
            yield return (block, rows);
            rows = 0;
        }
        if (rows > 0) yield return (block, rows);
    }

    private static void CheckFinite(ReadOnlySpan<float> row, RowEncoding encoding, long position)
    {
        for (int i = 0; i < row.Length; i++)
            if (!float.IsFinite(row[i]))
                throw new ArgumentException(FormattableString.Invariant(
                    $"Row {position} has {row[i]} in {encoding.Describe(i)}; the rows to learn from must be finite. Use ReplaceMissingValues, or filter the row out."));
    }
}
