namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>How rows of features become images that convolutions see, and back. Squares of pixels become channels of one, so that the greatest of the resolutions, which costs the
/// most, is a half or a quarter of the image's; what is over at its ends is filled up with zeros.</summary>
internal sealed class ImageGrid
{
    // the least side that is halved, and those from which pixels are taken together
    private const int LeastHalved = 8, LeastInPairs = 16, LeastInFours = 64;

    private readonly ImageShape _image;
    private readonly int _patch;

    public ImageGrid(ImageShape image)
    {
        _image = image;
        int shorter = Math.Min(image.Height, image.Width);
        _patch = shorter < LeastInPairs ? 1 : shorter < LeastInFours ? 2 : 4;
        Resolutions = 1;
        for (int side = Patches(shorter); side >= LeastHalved; side = (side + 1) / 2) Resolutions++;
        Size = new(image.Channels * _patch * _patch, Filled(image.Height), Filled(image.Width));

        int Filled(int side) => (Patches(side) + (1 << (Resolutions - 1)) - 1) >> (Resolutions - 1) << (Resolutions - 1);
        int Patches(int side) => (side + _patch - 1) / _patch;
    }

    /// <summary>How many there are, each half of the one before.</summary>
    public int Resolutions { get; }

    /// <summary>Of the first of them.</summary>
    public ImageSize Size { get; }

    public int Features => _image.Features;

    /// <summary>Pixels at a resolution, with other channels.</summary>
    public ImageSize At(int resolution, int channels) => new(channels, Size.Height >> resolution, Size.Width >> resolution);

    /// <param name="rows">(batch, features)</param>
    /// <returns>(batch, channels, height, width) of <see cref="Size"/></returns>
    public T ToImages<T>(IImageMath<T> math, T rows)
    {
        var (height, width, channels) = (_image.Height, _image.Width, _image.Channels);
        var x = _image.Interleaved ? math.Permute(math.Reshape(rows, -1, height, width, channels), 0, 3, 1, 2) : math.Reshape(rows, -1, channels, height, width);
        x = math.Pad(x, Size.Height * _patch - height, Size.Width * _patch - width);
        x = math.Permute(math.Reshape(x, -1, channels, Size.Height, _patch, Size.Width, _patch), 0, 2, 4, 1, 3, 5);
        return math.Permute(math.Reshape(x, -1, Size.Height, Size.Width, Size.Channels), 0, 3, 1, 2);
    }

    /// <summary>The way back.</summary>
    public T ToRows<T>(IImageMath<T> math, T images)
    {
        var x = math.Reshape(math.Permute(images, 0, 2, 3, 1), -1, Size.Height, Size.Width, _image.Channels, _patch, _patch);
        x = math.Reshape(math.Permute(x, 0, 3, 1, 4, 2, 5), -1, _image.Channels, Size.Height * _patch, Size.Width * _patch);
        x = math.Crop(x, _image.Height, _image.Width);
        return math.Reshape(_image.Interleaved ? math.Permute(x, 0, 2, 3, 1) : x, -1, Features);
    }
}
