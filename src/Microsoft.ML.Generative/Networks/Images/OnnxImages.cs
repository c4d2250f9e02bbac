using Microsoft.ML.Generative.Persistence.Onnx;
using static Microsoft.ML.Generative.Persistence.Onnx.OnnxGraphWriter;

namespace Microsoft.ML.Generative.Networks.Images;

/// <summary>Done as nodes of an ONNX graph.</summary>
internal sealed class OnnxImages : IDifferentiableImageMath<OnnxValue>
{
    public OnnxValue Reshape(OnnxValue x, params ReadOnlySpan<long> shape) => x.Reshape(shape);

    public OnnxValue Permute(OnnxValue x, params ReadOnlySpan<long> order) => x.Transpose(order);

    public OnnxValue Pad(OnnxValue x, int below, int right) => below == 0 && right == 0 ? x : x.Graph.Node("Pad", [x, x.Graph.Integers(0, 0, 0, 0, 0, 0, below, right)]);

    public OnnxValue Crop(OnnxValue x, int height, int width) => x.Narrow(2, 0, height).Narrow(3, 0, width);

    public OnnxValue Convolve(OnnxValue x, Convolution layer) => Convolve(layer, x, x.Graph.Weights(layer.Weight), x.Graph.Weights(layer.Bias));

    public OnnxValue ConvolveChange(OnnxValue x, Convolution layer) => Convolve(layer, x, x.Graph.Weights(layer.Weight));

    private static OnnxValue Convolve(Convolution layer, params ReadOnlySpan<OnnxValue> inputs)
    {
        long pad = layer.Padding;
        return inputs[0].Graph.Node("Conv", inputs, Attribute("strides", [layer.Stride, layer.Stride]), Attribute("pads", [pad, pad, pad, pad]));
    }

    // the operator that does it came with version 18
    public OnnxValue Normalize(OnnxValue x, GroupNorm layer, ImageSize size)
    {
        var graph = x.Graph;
        var (ones, zeros) = (graph.Constant([.. Enumerable.Repeat(1f, layer.Groups)], layer.Groups), graph.Constant(new float[layer.Groups], layer.Groups));
        var normal = graph.Node("InstanceNormalization", [x.Reshape(0, layer.Groups, -1), ones, zeros], Attribute("epsilon", (float)GroupNorm.Epsilon));
        return Gain(normal.Reshape(-1, size.Channels, size.Height, size.Width), layer) + graph.Weights(layer.Shift).Reshape(-1, 1, 1);
    }

    public OnnxValue Gain(OnnxValue x, GroupNorm layer) => x * x.Graph.Weights(layer.Gain).Reshape(-1, 1, 1);

    public OnnxValue Silu(OnnxValue x) => x.Silu();

    public OnnxValue Add(OnnxValue x, OnnxValue y) => x + y;

    public OnnxValue Subtract(OnnxValue x, OnnxValue y) => x - y;

    public OnnxValue Multiply(OnnxValue x, OnnxValue y) => x * y;

    public OnnxValue Sigmoid(OnnxValue x) => x.Sigmoid();

    public OnnxValue Mean(OnnxValue x) => x.Mean(-1, keepDimension: true);

    public OnnxValue InverseRoot(OnnxValue x) => 1f / (x + (float)GroupNorm.Epsilon).Sqrt();

    public OnnxValue Join(OnnxValue x, OnnxValue y) => x.Concatenate(1, y);

    public OnnxValue Double(OnnxValue x, ImageSize size) =>
        x.Reshape(-1, size.Channels, size.Height, 1, size.Width, 1).Expand(1, 1, 1, 2, 1, 2).Reshape(-1, size.Channels, 2 * size.Height, 2 * size.Width);

    public OnnxValue Drop(OnnxValue x) => x;
}
