using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Precision and recall (Kynkäänniemi et al., Improved precision and recall metric, NeurIPS 2019), density and coverage (Naeem et al., Reliable fidelity and diversity metrics, ICML 2020),
/// by the balls around rows that reach to their k-th nearest neighbour of the same kind; in blocks.</summary>
/// <param name="Precision">The share of synthetic rows within the ball of some real row.</param>
/// <param name="Recall">The share of real rows within the ball of some synthetic row.</param>
/// <param name="Density">The mean number of balls of real rows that a synthetic row is within, by k.</param>
/// <param name="Coverage">The share of real rows whose ball has a synthetic row in it.</param>
internal sealed record Neighbourhoods(double Precision, double Recall, double Density, double Coverage)
{
    /// <param name="real">(n, d), n over k.</param>
    /// <param name="synthetic">(m, d), m over k.</param>
    public static Neighbourhoods Of(Tensor real, Tensor synthetic, int k, int blockRows = DistanceBlocks.DefaultBlockRows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var blocks = new DistanceBlocks(real, synthetic, blockRows);
        // rows on the rim are within, whatever the rounding
        var realRadii = (SquaredRadii(real, k, blockRows) + blocks.Rounding).unsqueeze(1);   // (n, 1)
        var syntheticRadii = (SquaredRadii(synthetic, k, blockRows) + blocks.Rounding).unsqueeze(0);   // (1, m)
        var ballsOfSynthetic = zeros(synthetic.shape[0], ScalarType.Int64, real.device);   // how many balls of real rows each synthetic row is in
        var covered = zeros(real.shape[0], ScalarType.Int64, real.device);
        var recalled = zeros(real.shape[0], ScalarType.Int64, real.device);
        blocks.ForEach((row, column, squared) =>
        {
            var (rows, columns) = (squared.shape[0], squared.shape[1]);
            var withinReal = squared.le(realRadii.narrow(0, row, rows));
            var withinSynthetic = squared.le(syntheticRadii.narrow(1, column, columns));
            ballsOfSynthetic.narrow(0, column, columns).add_(withinReal.sum(dim: 0));
            covered.narrow(0, row, rows).add_(withinReal.sum(dim: 1));
            recalled.narrow(0, row, rows).add_(withinSynthetic.sum(dim: 1));
        });
        return new(Share(ballsOfSynthetic), Share(recalled), (double)ballsOfSynthetic.sum().ToInt64() / k / synthetic.shape[0], Share(covered));

        static double Share(Tensor counts) => (double)counts.gt(0).sum().ToInt64() / counts.shape[0];
    }

    /// <summary>The squared distance of each row to its k-th nearest neighbour, itself left out: (n).</summary>
    /// <param name="rows">(n, d), n over k.</param>
    public static Tensor SquaredRadii(Tensor rows, int k, int blockRows = DistanceBlocks.DefaultBlockRows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var nearest = full(rows.shape[0], k + 1, double.PositiveInfinity, rows.dtype, rows.device);   // (n, k + 1): a row is its own nearest
        using var blocks = new DistanceBlocks(rows, rows, blockRows);
        blocks.ForEach((row, _, squared) =>
        {
            var known = nearest.narrow(0, row, squared.shape[0]);
            var here = squared.topk((int)Math.Min(k + 1, squared.shape[1]), largest: false, sorted: false).values;
            known.copy_(cat([known, here], 1).topk(k + 1, largest: false, sorted: true).values);
        });
        return nearest.select(1, k).clone().MoveToOuterDisposeScope();
    }
}
