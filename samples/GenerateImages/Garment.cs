using Demo.Images;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GenerateImages;

/// <summary>An image with the name of its class, as a row of a data view.</summary>
internal sealed class Garment
{
    /// <summary>Gray values from 0 to 1, row by row.</summary>
    [VectorType(FashionMnist.Side * FashionMnist.Side)]
    public float[] Features { get; set; } = [];

    public string Class { get; set; } = "";

    public static IReadOnlyList<Garment> Of(IEnumerable<ImageRow> rows) => [.. rows.Select(row => new Garment { Features = row.Features, Class = FashionMnist.ClassNames[row.Class] })];
}

/// <summary>What the classifier makes of an image.</summary>
internal sealed class Judged
{
    /// <summary>Units before the last layer: what the Fréchet distance, precision and recall are of.</summary>
    [VectorType(Judge.FeatureSize)]
    public float[] Features { get; set; } = [];

    [VectorType(Judge.Classes)]
    public float[] Probabilities { get; set; } = [];

    public static IDataView View(MLContext ml, IEnumerable<Judged> rows) => ml.Data.LoadFromEnumerable(rows);
}
