using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Tokens drawn from uniform numbers, and which of these a column takes.</summary>
internal static class TokenDraws
{
    /// <summary>How many of the cumulative chances lie below a uniform number.</summary>
    /// <param name="chances">(batch, tokens)</param>
    /// <param name="uniform">(batch, 1)</param>
    /// <returns>(batch,) Int64</returns>
    public static Tensor Choose(Tensor chances, Tensor uniform) => chances.cumsum(-1).narrow(-1, 0, chances.shape[^1] - 1).lt(uniform).to(int64).sum(dim: -1);

    /// <inheritdoc cref="Choose(Tensor, Tensor)"/>
    /// <param name="tokens">How many tokens there are.</param>
    /// <returns>(batch, 1) as numbers of single precision</returns>
    public static OnnxValue Choose(OnnxValue chances, OnnxValue uniform, int tokens) =>
        uniform.Greater(chances.CumulativeSum(1).Narrow(1, 0, tokens - 1)).ToFloat().Sum(1, keepDimension: true);

    /// <summary>Of each column, which of the columns with positions it is.</summary>
    public static int[] NumberPositions(IReadOnlyList<TokenColumn> columns) => [.. columns.Select((_, j) => columns.Take(j).Count(column => column.Position is not null))];
}
