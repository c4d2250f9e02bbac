using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Weights of a layer above real units to start from: each hidden unit leads from one training row towards another, and is as likely on as off at a third. From small weights and no biases, hidden units
/// that all have their threshold at the mean of the rows are stuck there together: as many of them as one likes then make numbers hardly more dependent than a few do.
/// </summary>
internal static class RbmStart
{
    // variance of real units given the hidden ones, in that of the rows; and the least share of it that is left to the hidden ones
    private const double Variance = 0.2, LeastExplained = 0.2;

    // standard deviations: rows that lie further out would give weights that are too large
    private const double Furthest = 3;

    /// <param name="batches">Transformed training rows, each (batch, visible).</param>
    /// <param name="fixedVariance">Of real units given the hidden ones; null if it is learnt.</param>
    public static void FromRows(RbmLayer layer, IEnumerable<Tensor> batches, double? fixedVariance, Generator generator)
    {
        if (layer.IsReal is null) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = Chosen(batches, 3 * layer.Hidden, generator).chunk(3);       // (hidden, visible) each
        double variance = fixedVariance ?? Variance, explained = Math.Max(LeastExplained, 1 - variance);
        // the hidden units, independent and even, give the numbers the variance that is not left to noise: Σ_j W_ij²/4 = 1 − σ², where differences of rows have the variance 2
        layer.StartFrom((rows[0] - rows[1]) * Math.Sqrt(2 * explained / layer.Hidden), rows[2], variance);
    }

    // so many rows at random; again from the first where there are fewer
    private static Tensor Chosen(IEnumerable<Tensor> batches, int count, Generator generator)
    {
        Tensor? rows = null, keys = null;
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            var drawn = empty(batch.shape[0], device: batch.device).uniform_(0, 1, generator);
            (rows, keys) = (rows is null ? batch.clone() : cat([rows, batch]), keys is null ? drawn : cat([keys, drawn]));
            if (rows.shape[0] > count) (keys, rows) = keys.topk(count) is var (values, places) ? (values, rows.index_select(0, places)) : default;
            (rows, keys) = (rows.MoveToOuterDisposeScope(), keys.MoveToOuterDisposeScope());
        }
        return rows!.index_select(0, arange(count, int64, rows.device).remainder(rows.shape[0])).clamp_(-Furthest, Furthest);
    }
}
