using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

/// <summary>A row with one of each: what most tests of views need.</summary>
public sealed class Sample
{
    public int Id { get; set; }

    public float Number { get; set; }

    public string Text { get; set; } = "";

    [VectorType(2)]
    public float[] Vector { get; set; } = [];

    public static Sample Of(int id) => new() { Id = id, Number = id / 2f, Text = $"t{id}", Vector = [id, -id] };

    public static IEnumerable<Sample> Rows(int count) => Enumerable.Range(0, count).Select(Of);
}

/// <summary>Rows that count how often they are enumerated, and how many of them were asked for.</summary>
public sealed class CountedRows<T>(IEnumerable<T> rows) : IEnumerable<T>
{
    public int Enumerations { get; private set; }

    public int Rows { get; private set; }

    public IEnumerator<T> GetEnumerator()
    {
        Enumerations++;
        return Count().GetEnumerator();
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<T> Count()
    {
        foreach (var row in rows)
        {
            Rows++;
            yield return row;
        }
    }
}

internal static class Tables
{
    public static int[] Ids(this IDataView view) => [.. view.GetColumn<int>("Id")];

    public static VBuffer<T> First<T>(this IDataView view, string column) => view.GetColumn<VBuffer<T>>(column).First();

    /// <summary>A schema shape with everything in it, which outside of ML.NET takes a loader to make.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => new SchemaLoader(schema).Append(new Identity()).GetOutputSchema();

    private sealed class SchemaLoader(DataViewSchema schema) : IDataLoader<object>
    {
        public DataViewSchema GetOutputSchema() => schema;

        public IDataView Load(object input) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class Identity : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
