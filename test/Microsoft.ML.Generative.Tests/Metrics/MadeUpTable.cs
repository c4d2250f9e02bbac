using Microsoft.ML.Data;
using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

/// <summary>A row of one number, one text and a label.</summary>
internal sealed class MetricRow
{
    public double Number { get; set; }

    public string Text { get; set; } = "";

    public bool Label { get; set; }
}

internal static class MadeUpTable
{
    /// <summary>Tables with a column of numbers and a column of texts each.</summary>
    public static IReadOnlyList<ComparedTable> Read(params IReadOnlyList<(double Number, string Text)[]> tables)
    {
        var ml = new MLContext(seed: 1);
        return ComparedTable.Read([.. tables.Select((rows, i) => ($"table {i + 1}", ml.Transforms.DropColumns("Label").Fit(View(ml, [])).Transform(View(ml, rows))))]);
    }

    public static IDataView View(MLContext ml, params (double Number, string Text)[] rows) =>
        ml.Data.LoadFromEnumerable(rows.Select(r => new MetricRow { Number = r.Number, Text = r.Text, Label = r.Text == "b" }));

    /// <summary>Tables of columns of numbers.</summary>
    public static IReadOnlyList<ComparedTable> OfNumbers(params IReadOnlyList<float[][]> tables)
    {
        var ml = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, tables[0][0].Length);
        return ComparedTable.Read([.. tables.Select((rows, i) => ($"table {i + 1}", ml.Data.LoadFromEnumerable(rows.Select(r => new VectorRow { Values = r }), schema)))]);
    }

    private sealed class VectorRow
    {
        public float[] Values { get; set; } = [];
    }
}
