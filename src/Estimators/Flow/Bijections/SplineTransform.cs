using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Monotonic rational-quadratic spline on [−B, B], the identity outside of it (Durkan et al., 2019, section 3.1). The conditioner gives K widths and K heights of bins
/// before the softmax, and K − 1 slopes at the inner knots before the softplus; the slope at ±B is 1.
/// </summary>
internal sealed partial class SplineTransform : ElementwiseTransform
{
    // of the bound: bins stay wide enough, and slopes steep enough, to be inverted in single precision
    private const double LowestBin = 1e-3, LowestSlope = 1e-3;

    private readonly int _bins;
    private readonly double _bound;
    private readonly Tensor _knotWeights;   // (bins·(bins + 1),): shares of the bins → places of the knots, as a product
    private readonly Tensor _knotOffsets;   // (bins + 1,)

    public SplineTransform(int bins, double bound, Initializer initializer) : base(nameof(SplineTransform))
    {
        _bins = bins;
        _bound = bound;
        double free = 2 * bound * (1 - LowestBin * bins);
        _knotWeights = this.Own("knotWeights", initializer.Fixed(
            Enumerable.Range(0, bins).SelectMany(bin => Enumerable.Range(0, bins + 1).Select(knot => bin < knot ? (float)free : 0)).ToArray()));
        _knotOffsets = this.Own("knotOffsets", initializer.Fixed(
            Enumerable.Range(0, bins + 1).Select(knot => (float)(-bound + 2 * bound * LowestBin * knot)).ToArray()));
    }

    public override int ParametersPerFeature => 3 * _bins - 1;

    // so that 0 gives the slope 1
    private static double SlopeOffset => Math.Log(Math.Exp(1 - LowestSlope) - 1);

    public override (Tensor Z, Tensor LogDerivative) Forward(Tensor x, Tensor parameters)
    {
        var within = x.clamp(-_bound, _bound);
        var bin = Bin(within, parameters, inverse: false);
        var share = (within - bin.X0) / bin.Width;          // ξ, (batch, features)
        var rest = 1 - share;
        var product = share * rest;
        var denominator = addcmul(bin.Slope, bin.Bend, product, 1);
        var z = bin.Y0 + bin.Height * (bin.Slope * share.square() + bin.D0 * product) / denominator;
        var numerator = bin.D1 * share.square() + 2 * bin.Slope * product + bin.D0 * rest.square();
        var logDerivative = 2 * bin.Slope.log() + numerator.log() - 2 * denominator.log();
        var outside = x.abs().gt(_bound);
        return (where(outside, x, z), logDerivative.masked_fill(outside, 0));
    }

    public override Tensor Inverse(Tensor z, Tensor parameters)
    {
        var within = z.clamp(-_bound, _bound);
        var bin = Bin(within, parameters, inverse: true);
        var rise = within - bin.Y0;
        var bent = rise * bin.Bend;                          // the quadratic equation of section 3.1, equations 6 to 8
        var a = bin.Height * (bin.Slope - bin.D0) + bent;
        var b = bin.Height * bin.D0 - bent;
        var c = -bin.Slope * rise;
        var root = (b.square() - 4 * a * c).clamp_min(0).sqrt();
        var share = (2 * c / (-b - root)).clamp(0, 1);
        return where(z.abs().gt(_bound), z, addcmul(bin.X0, share, bin.Width, 1));
    }

    // what is to be known of the bin that every number lies in, (batch, features) each
    private Numbers Bin(Tensor values, Tensor parameters, bool inverse)
    {
        long rows = values.shape[0], features = values.shape[1];
        var parts = parameters.split([2 * _bins, _bins - 1], -1);
        var shares = parts[0].reshape(-1, _bins).softmax(-1);                                            // (batch·features·2, bins)
        var knots = addmm(_knotOffsets, shares, _knotWeights.view(_bins, _bins + 1), 1, 1).view(rows, features, 2, _bins + 1);
        var slopes = nn.functional.softplus(parts[1] + SlopeOffset) + LowestSlope;                       // (batch, features, bins − 1)
        var ends = ones(rows, features, 1, dtype: values.dtype, device: values.device);
        var all = cat([knots, cat([ends, slopes, ends], -1).unsqueeze(2)], 2);                           // (batch, features, 3, bins + 1)

        var inner = knots.detach().select(2, inverse ? 1 : 0).narrow(-1, 1, _bins - 1);                  // (batch, features, bins − 1)
        var number = values.detach().unsqueeze(-1).ge(inner).sum(-1, keepdim: true);                     // (batch, features, 1)
        var indices = cat([number, number + 1], -1).unsqueeze(2).expand(rows, features, 3, 2);
        var found = all.gather(-1, indices).view(rows, features, 6).unbind(-1);
        var (width, height) = (found[1] - found[0], found[3] - found[2]);
        var slope = height / width;
        return new(found[0], width, found[2], height, slope, found[4], found[5], found[4] + found[5] - 2 * slope);
    }

    private readonly record struct Numbers(Tensor X0, Tensor Width, Tensor Y0, Tensor Height, Tensor Slope, Tensor D0, Tensor D1, Tensor Bend);
}
