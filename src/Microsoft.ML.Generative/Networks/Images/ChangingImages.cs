namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>A value, and how it changes along a direction of what it was computed from.</summary>
internal readonly record struct Changing<T>(T Value, T Change);

/// <summary>Done to values and their changes together (forward differentiation).</summary>
internal sealed class ChangingImages<T>(IDifferentiableImageMath<T> math) : IImageMath<Changing<T>>
{
    public Changing<T> Reshape(Changing<T> x, params ReadOnlySpan<long> shape) => new(math.Reshape(x.Value, shape), math.Reshape(x.Change, shape));

    public Changing<T> Permute(Changing<T> x, params ReadOnlySpan<long> order) => new(math.Permute(x.Value, order), math.Permute(x.Change, order));

    public Changing<T> Pad(Changing<T> x, int below, int right) => new(math.Pad(x.Value, below, right), math.Pad(x.Change, below, right));

    public Changing<T> Crop(Changing<T> x, int height, int width) => new(math.Crop(x.Value, height, width), math.Crop(x.Change, height, width));

    public Changing<T> Convolve(Changing<T> x, Convolution layer) => new(math.Convolve(x.Value, layer), math.ConvolveChange(x.Change, layer));

    // of n = (x − m)/s with m the mean and s the deviation of a group: dn = (dx − mean dx − n·mean(n·dx))/s
    public Changing<T> Normalize(Changing<T> x, GroupNorm layer, ImageSize size)
    {
        long pixels = (long)size.Channels / layer.Groups * size.Height * size.Width;
        var (value, change) = (math.Reshape(x.Value, -1, layer.Groups, pixels), math.Reshape(x.Change, -1, layer.Groups, pixels));
        var deviation = math.Subtract(value, math.Mean(value));
        var inverse = math.InverseRoot(math.Mean(math.Multiply(deviation, deviation)));
        var normal = math.Multiply(deviation, inverse);
        var moved = math.Subtract(change, math.Mean(change));
        var stretched = math.Multiply(normal, math.Mean(math.Multiply(normal, moved)));
        var normalChange = math.Multiply(math.Subtract(moved, stretched), inverse);
        return new(math.Normalize(x.Value, layer, size), math.Gain(math.Reshape(normalChange, -1, size.Channels, size.Height, size.Width), layer));
    }

    // the derivative of x·σ is σ + x·σ·(1 − σ)
    public Changing<T> Silu(Changing<T> x)
    {
        var sigmoid = math.Sigmoid(x.Value);
        var value = math.Multiply(x.Value, sigmoid);
        var slope = math.Add(sigmoid, math.Subtract(value, math.Multiply(value, sigmoid)));
        return new(value, math.Multiply(x.Change, slope));
    }

    public Changing<T> Add(Changing<T> x, Changing<T> y) => new(math.Add(x.Value, y.Value), math.Add(x.Change, y.Change));

    public Changing<T> Join(Changing<T> x, Changing<T> y) => new(math.Join(x.Value, y.Value), math.Join(x.Change, y.Change));

    public Changing<T> Double(Changing<T> x, ImageSize size) => new(math.Double(x.Value, size), math.Double(x.Change, size));

    public Changing<T> Drop(Changing<T> x) => x;
}
