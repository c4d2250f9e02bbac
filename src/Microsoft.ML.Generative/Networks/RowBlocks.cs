using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Computes what is independent from row to row for some rows at a time: bounds memory, and keeps the layers in the cache.</summary>
internal static class RowBlocks
{
    /// <param name="x">(batch, …)</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <param name="blockRows">Most rows at a time.</param>
    /// <param name="compute">Makes (block, …) of a block of each.</param>
    /// <returns>(batch, …)</returns>
    public static Tensor Compute(Tensor x, Tensor? condition, long blockRows, Func<Tensor, Tensor?, Tensor> compute)
    {
        long rows = x.shape[0];
        if (rows <= blockRows) return compute(x, condition);
        var blocks = new List<Tensor>();
        for (long first = 0; first < rows; first += blockRows)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(blockRows, rows - first);
            blocks.Add(compute(x.narrow(0, first, count), condition?.narrow(0, first, count)).MoveToOuterDisposeScope());
        }
        return cat(blocks);
    }
}
