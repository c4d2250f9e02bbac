using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>A convolution with a square window of odd side, zeros around the image; initialised uniformly in ±1/√inputs, the default of PyTorch's Conv2d.</summary>
internal sealed class Convolution : nn.Module
{
    /// <param name="inputs">Channels that it reads.</param>
    /// <param name="outputs">Channels that it gives.</param>
    /// <param name="side">Of the window, odd.</param>
    /// <param name="stride">Pixels from one window to the next.</param>
    /// <param name="startsAtZero">Whether it gives zeros before training.</param>
    public Convolution(int inputs, int outputs, int side, Initializer initializer, int stride = 1, bool startsAtZero = false) : base(nameof(Convolution))
    {
        double bound = startsAtZero ? 0 : 1 / Math.Sqrt((double)inputs * side * side);
        Weight = this.Own("weight", initializer.Uniform(bound, outputs, inputs, side, side));
        Bias = this.Own("bias", initializer.Uniform(bound, outputs));
        (Stride, Padding) = (stride, side / 2);
    }

    /// <summary>(outputs, inputs, side, side)</summary>
    public Parameter Weight { get; }

    /// <summary>(outputs,)</summary>
    public Parameter Bias { get; }

    public int Stride { get; }

    public int Padding { get; }
}

/// <summary>Group normalisation (Wu and He, 2018): over the pixels of some channels together, then a gain and a shift for each channel.</summary>
internal sealed class GroupNorm : nn.Module
{
    public const double Epsilon = 1e-5;

    private const int MostGroups = 8;

    public GroupNorm(int channels, Initializer initializer) : base(nameof(GroupNorm))
    {
        Groups = Enumerable.Range(1, MostGroups).Last(groups => channels % groups == 0);
        Gain = this.Own("gain", initializer.Constant(1, channels));
        Shift = this.Own("shift", initializer.Constant(0, channels));
    }

    public int Groups { get; }

    /// <summary>(channels,)</summary>
    public Parameter Gain { get; }

    /// <summary>(channels,)</summary>
    public Parameter Shift { get; }
}
