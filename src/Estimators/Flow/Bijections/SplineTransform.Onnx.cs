using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class SplineTransform
{
    public override (OnnxValue Z, OnnxValue LogDerivative) Forward(OnnxValue x, OnnxValue parameters)
    {
        var within = x.Clamp((float)-_bound, (float)_bound);
        var bin = Bin(within, parameters, inverse: false);
        var share = (within - bin.X0) / bin.Width;
        var rest = 1 - share;
        var product = share * rest;
        var denominator = bin.Slope + bin.Bend * product;
        var z = bin.Y0 + bin.Height * (bin.Slope * share * share + bin.D0 * product) / denominator;
        var numerator = bin.D1 * share * share + bin.Slope * product * 2 + bin.D0 * rest * rest;
        var logDerivative = bin.Slope.Log() * 2 + numerator.Log() - denominator.Log() * 2;
        var outside = Outside(x);
        return (outside.Select(x, z), outside.Select(x.Graph.Scalar(0), logDerivative));
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue parameters)
    {
        var within = z.Clamp((float)-_bound, (float)_bound);
        var bin = Bin(within, parameters, inverse: true);
        var rise = within - bin.Y0;
        var bent = rise * bin.Bend;
        var a = bin.Height * (bin.Slope - bin.D0) + bent;
        var b = bin.Height * bin.D0 - bent;
        var c = -bin.Slope * rise;
        var root = (b * b - a * c * 4).Relu().Sqrt();
        var share = (c * 2 / (-b - root)).Clamp(0, 1);
        return Outside(z).Select(z, bin.X0 + share * bin.Width);
    }

    private OnnxValue Outside(OnnxValue x) => x.Abs().Greater(x.Graph.Scalar((float)_bound));

    private OnnxNumbers Bin(OnnxValue values, OnnxValue parameters, bool inverse)
    {
        var graph = values.Graph;
        // (batch, features, 2, bins) × (bins, bins + 1)
        var shares = parameters.Narrow(-1, 0, 2 * _bins).Reshape(0, 0, 2, _bins).Softmax();
        var knots = shares.MatMul(graph.Weights(_knotWeights).Reshape(_bins, _bins + 1)) + graph.Weights(_knotOffsets);
        var slopes = (parameters.Narrow(-1, 2 * _bins, _bins - 1) + (float)SlopeOffset).Softplus() + (float)LowestSlope;
        var ends = parameters.Narrow(-1, 0, 1) * 0 + 1;                                                  // (batch, features, 1)
        var all = knots.Concatenate(2, ends.Concatenate(-1, slopes, ends).Unsqueeze(2));                 // (batch, features, 3, bins + 1)

        var inner = knots.Narrow(2, inverse ? 1 : 0, 1).Squeeze(2).Narrow(-1, 1, _bins - 1);
        var number = values.Unsqueeze(-1).GreaterOrEqual(inner).ToFloat().Sum(-1, keepDimension: true);  // (batch, features, 1)
        var indices = number.Concatenate(-1, number + 1).ToIntegers().Unsqueeze(2).Expand(1, 1, 3, 1);
        var found = all.GatherElements(-1, indices);                                                     // (batch, features, 3, 2)
        OnnxValue Found(int row, int side) => found.Narrow(2, row, 1).Narrow(3, side, 1).Squeeze(3).Squeeze(2);
        var (x0, y0, d0, d1) = (Found(0, 0), Found(1, 0), Found(2, 0), Found(2, 1));
        var (width, height) = (Found(0, 1) - x0, Found(1, 1) - y0);
        var slope = height / width;
        return new(x0, width, y0, height, slope, d0, d1, d0 + d1 - slope * 2);
    }

    private readonly record struct OnnxNumbers(
        OnnxValue X0, OnnxValue Width, OnnxValue Y0, OnnxValue Height, OnnxValue Slope, OnnxValue D0, OnnxValue D1, OnnxValue Bend);
}
