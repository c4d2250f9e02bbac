using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share: weight, bias and how the window moves.</summary>
public abstract class Convolution : torch.nn.Module<Tensor, Tensor>
{
    protected Parameter _weight;
    protected Parameter _bias;

    /// <summary>What has to be put around the input, from the last dimension to the first.</summary>
    protected long[] _reversed_padding_repeated_twice;

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device device = null, ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND", nameof(padding_mode));
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        if (padding_type.HasValue) SetPadding(padding_type.Value);
        else SetPadding(padding ?? new long[kernel_size.Length]);

        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = torch.empty([.. channels, .. kernel_size], dtype, device).AsParameter();
        if (bias) this.bias = torch.empty(out_channels, dtype, device).AsParameter();
        reset_parameters();
    }

    public long in_channels { get; }
    public long out_channels { get; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; private set; }
    public Padding? padding_type { get; private set; }
    public PaddingModes padding_mode { get; set; }
    public long[] output_padding { get; set; }
    public long[] dilation { get; set; }
    public long groups { get; set; }
    public bool transposed { get; }

    public Parameter weight
    {
        get => _weight;
        set => Replace(nameof(weight), ref _weight, value);
    }

    public Parameter bias
    {
        get => _bias;
        set => Replace(nameof(bias), ref _bias, value);
    }

    public void SetPadding(long[] padding)
    {
        padding_type = null;
        this.padding = padding;
        _reversed_padding_repeated_twice = padding.Reverse().SelectMany(p => new[] { p, p }).ToArray();
    }

    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("Cannot set padding type on ConvTransposeND");
        if (padding == Padding.Same && stride.Any(s => s != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions");
        this.padding = null;
        padding_type = padding;
        _reversed_padding_repeated_twice = Enumerable.Range(1, kernel_size.Length).SelectMany(i =>
        {
            long all = padding == Padding.Same ? dilation[^i] * (kernel_size[^i] - 1) : 0;
            return new[] { all / 2, all - all / 2 };
        }).ToArray();
    }

    public void reset_parameters()
    {
        torch.nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn != 0) torch.nn.init.uniform_(bias, -1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn));
    }

    protected bool ValidateShape(Tensor input, long dimensions) =>
        (input.ndim == dimensions + 2 && input.size(1) == in_channels) || (input.ndim == dimensions + 1 && input.size(0) == in_channels);

    private protected void Validate(Tensor input, int dimensions)
    {
        if (!ValidateShape(input, dimensions))
            throw new ArgumentException($"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input with {in_channels} channels to {GetName()}.");
    }
}

public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device device = null, ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups,
            bias, padding_mode, device, dtype) { }

    public override Tensor forward(Tensor input) => forward(input, null);

    public abstract Tensor forward(Tensor input, long[] output_size);

    /// <summary>What has to be added to the smallest output, so that it has the size that is asked for.</summary>
    protected long[] _output_padding(Tensor input, long[] output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation,
        long num_spatial_dims)
    {
        if (output_size is null) return output_padding;
        int space = (int)num_spatial_dims, before = input.ndim == space + 2 ? 2 : 1;
        if (output_size.Length == before + space) output_size = output_size[before..];
        if (output_size.Length != space)
            throw new ArgumentException($"ConvTranspose{space}D: for {input.ndim}D input, output_size must have {space} or {before + space} elements (got {output_size.Length})", nameof(input));
        var added = new long[space];
        for (int d = 0; d < space; d++)
        {
            long smallest = (input.size(d + before) - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
            added[d] = output_size[d] - smallest;
            if (added[d] < 0 || added[d] >= stride[d])
                throw new ArgumentException($"Requested an output size of {output_size[d]} in dimension {d}, but valid sizes range from {smallest} to {smallest + stride[d] - 1}");
        }
        return added;
    }
}
