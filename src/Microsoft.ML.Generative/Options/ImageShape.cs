using System.Text.Json.Serialization;

namespace Microsoft.ML.Generative;

/// <summary>Says that a column of features is an image, so that networks look at it with convolutions.</summary>
/// <remarks>Pixels are row by row from the top, one channel after the other, as ML.NET's <c>ExtractPixels</c> gives them by default; with <see cref="Interleaved"/> the channels of a
/// pixel are side by side, as with its <c>interleavePixelColors</c>.</remarks>
/// <param name="Height">Rows of pixels, 2 to 4,096.</param>
/// <param name="Width">Pixels in a row, 2 to 4,096.</param>
/// <param name="Channels">Numbers of a pixel: 1 for gray, 3 for colours, 1 to 1,024.</param>
public sealed record ImageShape(int Height, int Width, int Channels = 1)
{
    private const int MostPixels = 4096, MostChannels = 1024;

    /// <summary>Whether the channels of a pixel are side by side. Default: false, one channel after the other.</summary>
    public bool Interleaved { get; init; }

    /// <summary>Numbers of an image.</summary>
    [JsonIgnore]
    internal int Features => Height * Width * Channels;

    /// <summary>Which channel a feature is of.</summary>
    internal int ChannelOf(int feature) => Interleaved ? feature % Channels : feature / (Height * Width);

    internal void Validate(OptionFaults faults)
    {
        faults.Require(Height is >= 2 and <= MostPixels, Height, "from 2 to 4096", "Image.Height");
        faults.Require(Width is >= 2 and <= MostPixels, Width, "from 2 to 4096", "Image.Width");
        faults.Require(Channels is >= 1 and <= MostChannels, Channels, "from 1 to 1024", "Image.Channels");
    }

    /// <exception cref="ArgumentException">The column has another size.</exception>
    internal void Check(string column, int size)
    {
        if ((long)Height * Width * Channels != size)
            throw new ArgumentException(FormattableString.Invariant(
                $"Column '{column}' is Vector<Single> of {size}; Image is {Height} × {Width} × {Channels}, which takes {(long)Height * Width * Channels}. Give the height, width and channels of the column's images."));
    }

    /// <summary>In words: "28 × 28 × 1".</summary>
    public override string ToString() => FormattableString.Invariant($"{Height} × {Width} × {Channels}{(Interleaved ? ", interleaved" : "")}");
}
