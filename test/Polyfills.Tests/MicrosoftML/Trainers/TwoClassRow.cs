using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Trainers;

/// <summary>A row of a task with two classes.</summary>
public sealed class TwoClassRow
{
    public bool Label { get; set; }

    public float Weight { get; set; } = 1;

    [VectorType]
    public float[] Features { get; set; } = [];

    /// <summary>A view whose feature vectors have a known size.</summary>
    public static IDataView View(MLContext ml, IEnumerable<TwoClassRow> rows)
    {
        var list = rows.ToList();
        var definition = SchemaDefinition.Create(typeof(TwoClassRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, list[0].Features.Length);
        return ml.Data.LoadFromEnumerable(list, definition);
    }

    /// <summary>Noisy labels along a direction; the features have different scales.</summary>
    public static List<TwoClassRow> Random(int count, int features, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, features).Select(j => (float)(Normal() * (1 + j % 3)))];
            double score = 0.5 + x.Select((value, j) => (j % 2 == 0 ? 1 : -0.5) * value / (1 + j)).Sum();
            return new TwoClassRow { Features = x, Label = random.NextDouble() < 1 / (1 + Math.Exp(-score)), Weight = 0.5f + random.NextSingle() };
        })];
    }
}
