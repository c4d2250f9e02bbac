using System.Globalization;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>
/// Fills a hole from the nearest rows that have a value there: the mean of numbers, the most frequent text. The distance is the mean over the columns that both rows have of
/// squared differences, of numbers in standard deviations, of texts 2 if they differ (that of their one-hot vectors).
/// </summary>
internal sealed class NearestNeighbours
{
    private readonly MixedTable _training;
    private readonly int _count;
    private readonly Dictionary<string, int>[] _numbers;   // of each column of texts, the texts
    private readonly (double Mean, double Deviation)[] _scales;
    private readonly float[][] _rows;

    public NearestNeighbours(MixedTable training, int count)
    {
        _training = training;
        _count = count;
        _numbers = [.. training.Names.Select((_, c) => training.Rows.Select(row => row[c]).Distinct().Select((text, i) => (text, i)).ToDictionary(pair => pair.text, pair => pair.i))];
        _scales = [.. training.Names.Select((_, c) => training.IsNumber(c) ? training.Scale(c) : default)];
        _rows = Encode(training);
    }

    public MixedTable Fill(MixedTable table)
    {
        var rows = Encode(table);
        var filled = new string[table.Rows.Count][];
        Parallel.For(0, filled.Length, i =>
        {
            filled[i] = [.. table.Rows[i]];
            if (!filled[i].Contains("")) return;
            double[] distances = [.. _rows.Select(row => Distance(row, rows[i]))];
            int[] nearest = [.. Enumerable.Range(0, distances.Length)];
            Array.Sort(distances, nearest);
            for (int c = 0; c < filled[i].Length; c++)
                if (filled[i][c].Length == 0) filled[i][c] = Fill(c, nearest.Select(n => _training.Rows[n][c]).Where(field => field.Length > 0).Take(_count));
        });
        return table.With(filled);
    }

    private string Fill(int column, IEnumerable<string> fields) => _training.IsNumber(column)
        ? fields.Select(field => double.Parse(field, CultureInfo.InvariantCulture)).DefaultIfEmpty().Average().ToString(CultureInfo.InvariantCulture)
        : TypicalValues.Mode(fields);

    private double Distance(float[] a, float[] b)
    {
        double sum = 0;
        int columns = 0;
        for (int c = 0; c < a.Length; c++)
        {
            float difference = a[c] - b[c];
            if (float.IsNaN(difference)) continue;
            columns++;
            sum += _training.IsNumber(c) ? difference * difference : difference != 0 ? 2 : 0;
        }
        return columns == 0 ? double.MaxValue : sum / columns;
    }

    // NaN for what is missing, -1 for a text that no row to learn from has
    private float[][] Encode(MixedTable table)
    {
        double[][] numbers = [.. table.Names.Select((_, c) => table.IsNumber(c) ? table.Numbers(c).ToArray() : [])];
        return [.. table.Rows.Select((row, i) => row.Select((field, c) => table.IsNumber(c) ? (float)((numbers[c][i] - _scales[c].Mean) / (_scales[c].Deviation > 0 ? _scales[c].Deviation : 1))
            : field.Length == 0 ? float.NaN : _numbers[c].GetValueOrDefault(field, -1)).ToArray())];
    }
}
