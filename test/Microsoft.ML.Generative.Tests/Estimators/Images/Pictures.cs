using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.Images;

/// <summary>A picture of 8 × 8 pixels with one bar, 2 pixels thick: lying or standing.</summary>
public sealed class Picture
{
    [VectorType(Pictures.Features)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    public string Name { get; set; } = "";
}

internal static class Pictures
{
    public const int Side = 8, Features = Side * Side;

    public static readonly ImageShape Shape = new(Side, Side);

    /// <summary>Pixels from 0 to 1 with a little noise; label: the bar stands.</summary>
    public static List<Picture> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i =>
        {
            bool stands = random.Next(2) == 0;
            int at = random.Next(Side - 1);
            var pixels = new float[Features];
            for (int y = 0; y < Side; y++)
                for (int x = 0; x < Side; x++)
                {
                    bool on = (stands ? x : y) is var place && place >= at && place <= at + 1;
                    pixels[y * Side + x] = (float)Math.Clamp((on ? 0.9 : 0.1) + 0.05 * Rows.Normal(random), 0, 1);
                }
            return new Picture { Features = pixels, Label = stands, Name = $"picture {i}" };
        }).ToList();
    }

    public static IDataView View(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Make(count, seed));

    /// <summary>Of pictures, the share with one bar: two neighbouring rows or columns of bright pixels, and dark ones elsewhere.</summary>
    public static double ShareWithOneBar(IEnumerable<float[]> pictures, int mostWrong = 3) => pictures.Average(pixels =>
    {
        int fewest = Features;
        foreach (bool stands in new[] { false, true })
            for (int at = 0; at < Side - 1; at++)
                fewest = Math.Min(fewest, Enumerable.Range(0, Features).Count(i => (stands ? i % Side : i / Side) is var place && (place >= at && place <= at + 1) != pixels[i] > 0.5f));
        return fewest <= mostWrong ? 1.0 : 0;
    });
}
