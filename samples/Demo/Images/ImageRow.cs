using Microsoft.ML;
using Microsoft.ML.Data;

namespace Demo.Images;

/// <summary>An image as a row of a data view.</summary>
internal sealed class ImageRow
{
    /// <summary>Gray values from 0 to 1, row by row.</summary>
    public float[] Features = [];

    /// <summary>True for what is to be found: the anomaly, the rare class.</summary>
    public bool Label;

    /// <summary>Which of the ten classes.</summary>
    [NoColumn]
    public int Class;

    /// <summary>The image at half the resolution, for tasks that need no more.</summary>
    public ImageRow Halve()
    {
        const int Side = FashionMnist.Side / 2;
        var half = new float[Side * Side];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                int corner = 2 * y * FashionMnist.Side + 2 * x;
                half[y * Side + x] = (Features[corner] + Features[corner + 1] + Features[corner + FashionMnist.Side] + Features[corner + FashionMnist.Side + 1]) / 4;
            }
        return new ImageRow { Features = half, Label = Label, Class = Class };
    }

    public ImageRow Labelled(bool label) => new() { Features = Features, Label = label, Class = Class };

    public static IDataView View(MLContext ml, IReadOnlyList<ImageRow> rows)
    {
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
