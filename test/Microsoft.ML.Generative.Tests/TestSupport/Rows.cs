using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests;

/// <summary>A row of four features, two pairs of which are correlated, and a label.</summary>
public sealed class Row
{
    [VectorType(Rows.Features)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Small made-up tables.</summary>
internal static class Rows
{
    public const int Features = 4;

    /// <summary>Rows around a curve; one in <paramref name="rareEvery"/> has the label and lies apart.</summary>
    public static List<Row> Make(int count, int seed = 1, int rareEvery = 5)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i =>
        {
            bool rare = i % rareEvery == 0;
            double t = Normal(random), u = Normal(random), shift = rare ? 2 : 0;
            return new Row
            {
                Features = [(float)(10 + 3 * t), (float)(t * t + 0.2 * u + shift), (float)(100 * u), (float)(u - t + 0.1 * Normal(random) - shift)],
                Label = rare,
                Name = $"row {i}",
            };
        }).ToList();
    }

    public static IDataView View(MLContext ml, int count, int seed = 1, int rareEvery = 5) => ml.Data.LoadFromEnumerable(Make(count, seed, rareEvery));

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
