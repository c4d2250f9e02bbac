namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>What convolutional networks are made of. A network says once what it does; tensors, nodes of an ONNX graph, and either of them with how they change along some directions
/// do it.</summary>
/// <typeparam name="T">Images, (batch, channels, height, width), or rows.</typeparam>
internal interface IImageMath<T>
{
    /// <param name="shape">-1 for what is left over, which is the batch.</param>
    T Reshape(T x, params ReadOnlySpan<long> shape);

    T Permute(T x, params ReadOnlySpan<long> order);

    /// <summary>Zeros around the image: below and on the right of it.</summary>
    T Pad(T x, int below, int right);

    /// <summary>Takes away what is below and on the right.</summary>
    T Crop(T x, int height, int width);

    T Convolve(T x, Convolution layer);

    T Normalize(T x, GroupNorm layer, ImageSize size);

    /// <summary>x·σ(x).</summary>
    T Silu(T x);

    T Add(T x, T y);

    /// <summary>Channels side by side.</summary>
    T Join(T x, T y);

    /// <summary>Twice as many pixels in both directions, each four times.</summary>
    T Double(T x, ImageSize size);

    /// <summary>In training, some of the numbers at random.</summary>
    T Drop(T x);
}

/// <summary>Channels, and pixels down and across.</summary>
internal readonly record struct ImageSize(int Channels, int Height, int Width);

/// <summary>What it takes beyond that to follow changes.</summary>
internal interface IDifferentiableImageMath<T> : IImageMath<T>
{
    /// <summary>The convolution without its bias.</summary>
    T ConvolveChange(T x, Convolution layer);

    /// <summary>Times the gain of each channel.</summary>
    T Gain(T x, GroupNorm layer);

    T Multiply(T x, T y);

    T Subtract(T x, T y);

    T Sigmoid(T x);

    /// <summary>Along the last axis, which stays.</summary>
    T Mean(T x);

    /// <summary>1/√(x + ε) with the ε of <see cref="GroupNorm"/>.</summary>
    T InverseRoot(T x);
}
