using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>Residual convolutions at falling resolutions and back, where each resolution also sees what it was on the way down (Ronneberger et al., 2015; Ho et al., 2020).</summary>
internal sealed class UNet : nn.Module
{
    // times as many channels as at the first resolution
    private const int MostTimes = 4;

    private readonly ImageGrid _grid;
    private readonly int _resolutions;
    private readonly Convolution _first, _last;
    private readonly GroupNorm _norm;
    private readonly ResidualConvolutions[][] _down, _up;
    private readonly Convolution[] _halve, _lift;
    private readonly int[] _widths;

    /// <param name="channels">At the first resolution; twice as many at each further one, four times at most.</param>
    /// <param name="blocks">At every resolution on the way down, and as many on the way up.</param>
    public UNet(ImageShape image, int channels, int blocks, Initializer initializer) : base(nameof(UNet))
    {
        _grid = new ImageGrid(image);
        _resolutions = _grid.Resolutions;
        _widths = [.. Enumerable.Range(0, _resolutions).Select(i => channels * Math.Min(1 << i, MostTimes))];
        register_module("first", _first = new Convolution(_grid.Size.Channels, channels, 3, initializer));
        _down = new ResidualConvolutions[_resolutions][];
        _up = new ResidualConvolutions[_resolutions][];
        _halve = new Convolution[_resolutions - 1];
        _lift = new Convolution[_resolutions - 1];
        for (int i = 0; i < _resolutions; i++)
        {
            int width = _widths[i];
            _down[i] = Blocks("down", i, _ => width);
            if (i + 1 == _resolutions) continue;
            register_module(Name("halve", i), _halve[i] = new Convolution(width, _widths[i + 1], 3, initializer, stride: 2));
        }
        for (int i = _resolutions - 1; i >= 0; i--)
        {
            int width = _widths[i];
            bool isLowest = i + 1 == _resolutions;
            if (!isLowest) register_module(Name("lift", i), _lift[i] = new Convolution(_widths[i + 1], width, 1, initializer));
            _up[i] = Blocks("up", i, block => block == 0 && !isLowest ? 2 * width : width);
        }
        register_module("norm", _norm = new GroupNorm(channels, initializer));
        register_module("last", _last = new Convolution(channels, _grid.Size.Channels, 3, initializer, startsAtZero: true));

        ResidualConvolutions[] Blocks(string way, int resolution, Func<int, int> inputs)
        {
            var made = new ResidualConvolutions[blocks];
            for (int i = 0; i < blocks; i++)
                register_module(Name(Name(way, resolution) + "_", i), made[i] = new ResidualConvolutions(inputs(i), _widths[resolution], initializer));
            return made;
        }

        static string Name(string part, int number) => part + number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Channels within every block, in the order in which they are done.</summary>
    public IEnumerable<int> BlockWidths => _down.SelectMany(blocks => blocks).Concat(_up.Reverse().SelectMany(blocks => blocks)).Select(block => block.Outputs);

    /// <param name="rows">(batch, features)</param>
    /// <param name="between">What is done within the block of a number.</param>
    /// <returns>(batch, features)</returns>
    public T Call<T>(IImageMath<T> math, T rows, Func<T, int, T> between)
    {
        int block = 0;
        var h = math.Convolve(_grid.ToImages(math, rows), _first);
        var beside = new Stack<T>();
        for (int i = 0; i < _resolutions; i++)
        {
            h = Through(_down[i], h, i);
            if (i + 1 == _resolutions) break;
            beside.Push(h);
            h = math.Convolve(h, _halve[i]);
        }
        for (int i = _resolutions - 1; i >= 0; i--)
        {
            if (i + 1 < _resolutions) h = math.Join(math.Double(math.Convolve(h, _lift[i]), _grid.At(i + 1, _widths[i])), beside.Pop());
            h = Through(_up[i], h, i);
        }
        h = math.Silu(math.Normalize(h, _norm, _grid.At(0, _widths[0])));
        return _grid.ToRows(math, math.Convolve(h, _last));

        T Through(ResidualConvolutions[] blocks, T x, int resolution) => blocks.Aggregate(x, (y, layer) =>
        {
            int number = block++;
            return layer.Call(math, y, _grid.At(resolution, layer.Inputs), inner => between(inner, number));
        });
    }
}
