using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Tests.Encoding;

/// <summary>Columns learnt, encoded and given back.</summary>
internal static class Coding
{
    public static readonly MLContext Ml = new(1);

    public sealed class Cell<T>
    {
        public T Value { get; set; } = default!;
    }

    public static IDataView View<T>(IEnumerable<T> values) => Ml.Data.LoadFromEnumerable(values.Select(value => new Cell<T> { Value = value }));

    public static TableColumn Learn(IDataView view, TableEncodingOptions? options = null, string name = "Value") =>
        TableColumn.Learn(view, [name], options ?? new TableEncodingOptions()).Single();

    public static float[][] Encode(TableColumn column, IDataView view, MissingCells missing = MissingCells.Token)
    {
        using var cursor = view.GetRowCursor([view.Schema[column.Name]]);
        var encoder = column.CreateEncoder(cursor, missing);
        var rows = new List<float[]>();
        while (cursor.MoveNext())
        {
            rows.Add(new float[column.Width]);
            encoder.Encode(rows[^1]);
        }
        return [.. rows];
    }

    public static float[] EncodeOne<T>(TableColumn column, T value) => Encode(column, View([value]))[0];

    public static IDataView Decode(TableColumn column, IReadOnlyList<float[]> rows) => new SampleDataView(new Given(rows), [column.ToSampleColumn(0)], rows.Count);

    public static T[] Decode<T>(TableColumn column, IReadOnlyList<float[]> rows) => [.. Decode(column, rows).GetColumn<T>(column.Name)];

    /// <summary>Values drawn as a perfect model draws them: tokens as often as they were, and positions alike.</summary>
    public static T[] Draw<T>(TableColumn column, int rows, int seed = 1)
    {
        var random = new Random(seed);
        var token = column.TokenColumns(0).Single();
        double total = token.Counts.Sum();
        return Decode<T>(column, [.. Enumerable.Range(0, rows).Select(_ =>
        {
            double left = random.NextDouble() * total;
            int t = 0;
            while (t < token.Categories - 1 && (left -= token.Counts[t]) >= 0) t++;
            return column.Width == 1 ? new float[] { t } : [t, MathF.Min(random.NextSingle(), MathF.BitDecrement(1))];
        })]);
    }

    private sealed class Given(IReadOnlyList<float[]> rows) : ISampleSource
    {
        public int Width => rows.Count == 0 ? 1 : rows[0].Length;

        public void Generate(long batch, int count, float[] destination)
        {
            for (int i = 0; i < count; i++) rows[(int)(batch * ((ISampleSource)this).BatchRows) + i].CopyTo(destination, i * Width);
        }
    }
}
