using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>Numbers to images: the same way back.</summary>
internal sealed class ImageDecoder : nn.Module
{
    private static readonly TensorImages Tensors = new(), FrozenTensors = new(frozen: true);
    private static readonly OnnxImages Nodes = new();

    private readonly ImageGrid _grid;
    private readonly ImageSize _start;
    private readonly Convolution[] _lift;
    private readonly ResidualConvolutions[] _blocks;
    private readonly GroupNorm _norm;
    private readonly Convolution _last;

    /// <param name="channels">At the resolution that is the last here; twice as many at the one before it, four times as many at all others.</param>
    public ImageDecoder(ImageShape image, int channels, Initializer initializer) : base(nameof(ImageDecoder))
    {
        _grid = new ImageGrid(image);
        _start = ImageEncoder.LastOf(_grid, channels);
        _lift = new Convolution[_grid.Resolutions - 1];
        _blocks = new ResidualConvolutions[_grid.Resolutions];
        for (int i = _grid.Resolutions - 1; i >= 0; i--)
        {
            int width = ImageEncoder.WidthAt(i, channels);
            register_module(ImageEncoder.Name("block", i), _blocks[i] = new ResidualConvolutions(width, width, initializer));
            if (i > 0) register_module(ImageEncoder.Name("lift", i), _lift[i - 1] = new Convolution(width, ImageEncoder.WidthAt(i - 1, channels), 1, initializer));
        }
        register_module("norm", _norm = new GroupNorm(channels, initializer));
        register_module("last", _last = new Convolution(channels, _grid.Size.Channels, 3, initializer));
    }

    /// <summary>How many numbers it reads.</summary>
    public int Inputs => _start.Channels * _start.Height * _start.Width;

    /// <param name="x">(batch, inputs)</param>
    /// <param name="frozen">Gradients for x, but none for the weights.</param>
    /// <returns>(batch, features)</returns>
    public Tensor Call(Tensor x, bool frozen = false) => Call(frozen ? FrozenTensors : Tensors, x);

    /// <inheritdoc cref="Call(Tensor, bool)"/>
    public OnnxValue Call(OnnxValue x) => Call(Nodes, x);

    private T Call<T>(IImageMath<T> math, T x)
    {
        var h = math.Permute(math.Reshape(x, -1, _start.Height, _start.Width, _start.Channels), 0, 3, 1, 2);
        for (int i = _blocks.Length - 1; i >= 0; i--)
        {
            h = _blocks[i].Call(math, h, _grid.At(i, _blocks[i].Inputs));
            if (i > 0) h = math.Double(math.Convolve(h, _lift[i - 1]), _grid.At(i, _blocks[i - 1].Inputs));
        }
        h = math.Silu(math.Normalize(h, _norm, _grid.At(0, _blocks[0].Inputs)));
        return _grid.ToRows(math, math.Convolve(h, _last));
    }
}
