using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The sliced Wasserstein distances: those of the rows projected on random directions, averaged (Bonneel et al., Sliced and Radon Wasserstein barycenters of measures, 2015).</summary>
/// <param name="W1">The mean of W₁ over the directions.</param>
/// <param name="W2">The square root of the mean of W₂².</param>
/// <param name="StandardError">Of <paramref name="W1"/>, by the choice of directions.</param>
internal sealed record SlicedTransport(double W1, double W2, double StandardError)
{
    private const int DirectionsAtOnce = 32;

    /// <param name="first">(n, d), Double.</param>
    /// <param name="second">(m, d), Double.</param>
    public static SlicedTransport Between(Tensor first, Tensor second, int directions, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator((ulong)Networks.RandomSeeds.Of(seed), CPU);
        var slices = randn(first.shape[1], directions, ScalarType.Float64, generator: generator).to(first.device);   // (d, directions)
        slices = slices / (slices * slices).sum(dim: 0, keepdim: true).sqrt();
        var distances = new OneDimensionalTransport[directions];
        for (int start = 0; start < directions; start += DirectionsAtOnce)
        {
            using var block = NewDisposeScope();
            int count = Math.Min(DirectionsAtOnce, directions - start);
            var chosen = slices.narrow(1, start, count).t();
            double[] a = Projected(first, chosen), b = Projected(second, chosen);
            Parallel.For(0, count, i => distances[start + i] = OneDimensionalTransport.Between(Part(a, i, count), Part(b, i, count)));
        }
        double mean = distances.Average(d => d.W1), variance = directions > 1 ? distances.Sum(d => (d.W1 - mean) * (d.W1 - mean)) / (directions - 1) : 0;
        return new(mean, Math.Sqrt(distances.Average(d => d.W2Squared)), Math.Sqrt(variance / directions));

        static double[] Projected(Tensor rows, Tensor directions) => directions.mm(rows.t()).contiguous().cpu().data<double>().ToArray();   // (directions, n)

        static ReadOnlySpan<double> Part(double[] values, int part, int parts) => values.AsSpan(part * (values.Length / parts), values.Length / parts);
    }
}
