using System.Globalization;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>Images to numbers: residual convolutions at falling resolutions.</summary>
internal sealed class ImageEncoder : nn.Module
{
    // times as many channels as at the first resolution
    private const int MostTimes = 4;

    private static readonly TensorImages Tensors = new(), FrozenTensors = new(frozen: true);
    private static readonly OnnxImages Nodes = new();

    private readonly ImageGrid _grid;
    private readonly Convolution _first;
    private readonly Convolution[] _halve;
    private readonly ResidualConvolutions[] _blocks;

    /// <param name="channels">At the first resolution; twice as many at the next, four times as many at all others.</param>
    /// <param name="normalized">Whether there is group normalisation.</param>
    public ImageEncoder(ImageShape image, int channels, Initializer initializer, bool normalized = true) : base(nameof(ImageEncoder))
    {
        _grid = new ImageGrid(image);
        register_module("first", _first = new Convolution(_grid.Size.Channels, channels, 3, initializer));
        _halve = new Convolution[_grid.Resolutions - 1];
        _blocks = new ResidualConvolutions[_grid.Resolutions];
        for (int i = 0; i < _grid.Resolutions; i++)
        {
            int width = WidthAt(i, channels);
            if (i > 0) register_module(Name("halve", i), _halve[i - 1] = new Convolution(WidthAt(i - 1, channels), width, 3, initializer, stride: 2));
            register_module(Name("block", i), _blocks[i] = new ResidualConvolutions(width, width, initializer, normalized));
        }
        Last = LastOf(_grid, channels);
    }

    /// <summary>What the image is in the end.</summary>
    public ImageSize Last { get; }

    /// <summary>How many numbers it reads.</summary>
    public int Features => _grid.Features;

    /// <summary>How many numbers it gives.</summary>
    public int Outputs => Last.Channels * Last.Height * Last.Width;

    public static int WidthAt(int resolution, int channels) => channels * Math.Min(1 << resolution, MostTimes);

    public static ImageSize LastOf(ImageGrid grid, int channels) => grid.At(grid.Resolutions - 1, WidthAt(grid.Resolutions - 1, channels));

    public static string Name(string part, int number) => part + number.ToString(CultureInfo.InvariantCulture);

    /// <param name="rows">(batch, features)</param>
    /// <param name="frozen">Gradients for the images, but none for the weights.</param>
    /// <returns>(batch, outputs)</returns>
    public Tensor Call(Tensor rows, bool frozen = false) => Call(frozen ? FrozenTensors : Tensors, rows);

    /// <inheritdoc cref="Call(Tensor, bool)"/>
    public OnnxValue Call(OnnxValue rows) => Call(Nodes, rows);

    private T Call<T>(IImageMath<T> math, T rows)
    {
        var h = math.Convolve(_grid.ToImages(math, rows), _first);
        for (int i = 0; i < _blocks.Length; i++)
        {
            if (i > 0) h = math.Convolve(math.Silu(h), _halve[i - 1]);
            h = _blocks[i].Call(math, h, _grid.At(i, _blocks[i].Inputs));
        }
        return math.Reshape(math.Permute(math.Silu(h), 0, 2, 3, 1), -1, Outputs);
    }
}
