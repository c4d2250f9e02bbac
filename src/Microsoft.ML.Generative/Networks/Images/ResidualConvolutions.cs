using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>Two convolutions beside which what they read goes on (He et al., 2016), the first after group normalisation, if wanted, each after SiLU; the second starts at zero.</summary>
internal sealed class ResidualConvolutions : nn.Module
{
    private readonly GroupNorm? _norm;
    private readonly Convolution _first, _second;
    private readonly Convolution? _beside;   // where the number of channels changes

    public ResidualConvolutions(int inputs, int outputs, Initializer initializer, bool normalized = true) : base(nameof(ResidualConvolutions))
    {
        (Inputs, Outputs) = (inputs, outputs);
        if (normalized) register_module("norm", _norm = new GroupNorm(inputs, initializer));
        register_module("first", _first = new Convolution(inputs, outputs, 3, initializer));
        register_module("second", _second = new Convolution(outputs, outputs, 3, initializer, startsAtZero: true));
        if (inputs != outputs) register_module("beside", _beside = new Convolution(inputs, outputs, 1, initializer));
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <param name="between">What is done between the two convolutions, before SiLU; null for nothing.</param>
    /// <param name="size">Of x; its channels are those that this reads.</param>
    public T Call<T>(IImageMath<T> math, T x, ImageSize size, Func<T, T>? between = null)
    {
        var h = math.Convolve(math.Silu(_norm is null ? x : math.Normalize(x, _norm, size with { Channels = Inputs })), _first);
        h = math.Convolve(math.Drop(math.Silu(between is null ? h : between(h))), _second);
        return math.Add(_beside is null ? x : math.Convolve(x, _beside), h);
    }
}
