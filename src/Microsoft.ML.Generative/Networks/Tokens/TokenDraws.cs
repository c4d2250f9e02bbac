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

    /// <summary>Uniform numbers that tokens and positions are chosen by, made of normal noise, as ONNX graphs have it.</summary>
    /// <returns>As large, from 0 to below 1</returns>
    public static Tensor Uniform(Tensor normal) => special.ndtr(normal).clamp_(0, TokenCells.HighestPosition);

    /// <inheritdoc cref="Uniform(Tensor)"/>
    /// <returns>(rows, width), from 0 to below 1</returns>
    public static Tensor Uniform(long rows, long width, Generator generator, Device device)
    {
        using var normal = empty(rows, width, device: device).normal_(0, 1, generator);
        return Uniform(normal);
    }

    /// <inheritdoc cref="Uniform(Tensor)"/>
    public static OnnxValue Uniform(OnnxValue normal) => normal.NormalDistribution().Clamp(0, TokenCells.HighestPosition);

    /// <summary>Which columns of rows that are varied stay: each row has as many others, whichever, as <paramref name="temperature"/> times a uniformly drawn share of all.</summary>
    /// <returns>(rows, columns) Boolean</returns>
    public static Tensor Kept(long rows, int columns, double temperature, Generator generator, Device device)
    {
        var ranks = empty(rows, columns, device: device).uniform_(0, 1, generator).argsort(1).argsort(1).to(float32);
        var redrawn = empty(rows, 1, device: device).uniform_(0, 1, generator).mul_(Math.Clamp(temperature, 0, 1) * (columns + 1)).floor_();
        return ranks.ge(redrawn);
    }

    /// <summary>Of each column, which of the columns with positions it is.</summary>
    public static int[] NumberPositions(IReadOnlyList<TokenColumn> columns) => [.. columns.Select((_, j) => columns.Take(j).Count(column => column.Position is not null))];
}
