namespace Demo.Images;

/// <summary>Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): gray images of clothes, 28 × 28, in ten classes.</summary>
internal sealed class FashionMnist
{
    public const int Side = 28;
    public static readonly string[] ClassNames = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    private FashionMnist(IReadOnlyList<ImageRow> train, IReadOnlyList<ImageRow> test) => (Train, Test) = (train, test);

    public IReadOnlyList<ImageRow> Train { get; }

    public IReadOnlyList<ImageRow> Test { get; }

    /// <summary>Reads the four files of the data set.</summary>
    public static FashionMnist Read(string folder) => new(Read(folder, "train"), Read(folder, "t10k"));

    private static ImageRow[] Read(string folder, string part)
    {
        var pixels = IdxFile.Read(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"), out var shape);
        var classes = IdxFile.Read(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"), out _);
        if (shape is not [_, Side, Side] || classes.Length != shape[0])
            throw new InvalidDataException($"{folder}: the {part} files do not hold {Side} × {Side} images with a class for each");
        var rows = new ImageRow[classes.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            var image = new float[Side * Side];
            for (int j = 0; j < image.Length; j++) image[j] = pixels[i * image.Length + j] / 255f;
            rows[i] = new ImageRow { Features = image, Class = classes[i] };
        }
        return rows;
    }
}
