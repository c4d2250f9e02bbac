using Microsoft.ML.Generative.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>How like real rows drawn ones are, by their distances from each other.</summary>
internal static class SampleQuality
{
    /// <summary>Neighbours whose distance makes a row's surroundings (Naeem et al., 2020, section 3).</summary>
    public const int Neighbours = 5;

    private const int Bandwidths = 5;

    // of a kernel over pairs of real rows: so few are near each other that it says nothing
    private const double LeastKernel = 1e-6;

    /// <summary>Maximum mean discrepancy, squared, unbiased (Gretton et al., 2012, equation 3), of Gaussian kernels, each in units of its mean over pairs of real rows: a narrow one, which few pairs have a part in, counts as
    /// much as a wide one. Their mean.</summary>
    /// <param name="real">(rows, width), two or more</param>
    /// <param name="drawn">(drawn rows, width), two or more</param>
    /// <param name="bandwidths">(bandwidths,)</param>
    public static double Discrepancy(Tensor real, Tensor drawn, Tensor bandwidths)
    {
        using var scope = NewDisposeScope();
        long n = real.shape[0], m = drawn.shape[0];
        var (ofReal, ofDrawn, between) = (Distances(real, real).square(), Distances(drawn, drawn).square(), Distances(real, drawn).square());
        return bandwidths.ToFloats().Average(width =>
        {
            using var inner = NewDisposeScope();
            double Sum(Tensor squares) => squares.mul(-1 / (2.0 * width * width)).exp_().sum().item<float>();
            double withinReal = (Sum(ofReal) - n) / (n * (n - 1.0)), withinDrawn = (Sum(ofDrawn) - m) / (m * (m - 1.0));
            return (withinReal + withinDrawn - 2 * Sum(between) / ((double)n * m)) / Math.Max(withinReal, LeastKernel);
        });
    }

    /// <summary>From the median distance of a row to its fifth neighbour, which shows how sharp rows are, to the median distance of all, which shows where they are, in geometric steps.</summary>
    /// <returns>(bandwidths,)</returns>
    public static Tensor BandwidthsOf(Tensor real)
    {
        using var scope = NewDisposeScope();
        var distances = Distances(real, real);
        double least = ToNeighbour(distances).median().item<float>(), most = distances.median().item<float>();
        most = most > 0 ? most : 1;
        least = Math.Clamp(least, most / 100, most);
        return tensor(Enumerable.Range(0, Bandwidths).Select(i => (float)(least * Math.Pow(most / least, i / (Bandwidths - 1.0)))).ToArray(), device: real.device).MoveToOuterDisposeScope();
    }

    /// <summary>Share of the real rows that a drawn row is nearer to than the fifth nearest real one (coverage, Naeem et al., 2020, equation 4).</summary>
    public static double Coverage(Tensor real, Tensor drawn)
    {
        using var scope = NewDisposeScope();
        var radii = ToNeighbour(Distances(real, real));                                                // (rows,)
        return Distances(real, drawn).amin([1]).le(radii).to(float32).mean().item<float>();
    }

    /// <summary>What the coverage is on average if both are drawn from the same distribution: one minus the chance that none of the drawn ones is among the first five of all neighbours.</summary>
    public static double ExpectedCoverage(long rows, long drawn)
    {
        double none = 1;
        for (int i = 0; i < Math.Min(Neighbours, rows - 1); i++) none *= (rows - 1.0 - i) / (rows - 1 + drawn - i);
        return 1 - none;
    }

    // (rows,): the nearest is the row itself
    private static Tensor ToNeighbour(Tensor distances) => distances.kthvalue(Math.Min(Neighbours + 1, distances.shape[0]), 1).values;

    private static Tensor Distances(Tensor a, Tensor b) => cdist(a, b, compute_mode: compute_mode.donot_use_mm_for_euclid_dist);
}
