using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The cells of all tokens of a column, one after the other.</summary>
internal sealed class TokenCells : IDisposable
{
    /// <summary>The greatest position: the last number of single precision below 1.</summary>
    public const float HighestPosition = TokenPart.Highest;

    private readonly Tensor _ends;     // (cells,) token plus position at which each ends; in double precision, in which a position just below 1 stays below
    private readonly Tensor _within;   // (cells,) log-density given the token

    private TokenCells(TokenColumn column, Initializer initializer)
    {
        _ends = initializer.Derived(tensor(column.CellEnds.SelectMany((ends, token) => ends.Select(end => (double)token + end)).ToArray(), device: initializer.Device));
        _within = initializer.Derived(tensor(column.LogWithin.SelectMany(within => within).ToArray(), device: initializer.Device));
    }

    /// <returns>Null for a column whose tokens are one value each.</returns>
    public static TokenCells? Of(TokenColumn column, Initializer initializer) => column.Position is null ? null : new TokenCells(column, initializer);

    /// <param name="token">(batch,)</param>
    /// <param name="position">(batch,)</param>
    /// <returns>(batch,) Int64, the number of the cell among those of all tokens</returns>
    public Tensor Find(Tensor token, Tensor position)
    {
        using var scope = NewDisposeScope();
        return (token.to(float64) + position).bucketize(_ends, right: true).clamp_(0, _ends.shape[0] - 1).MoveToOuterDisposeScope();
    }

    /// <param name="place">(batch, 1) token plus position, which is not at the end of a cell</param>
    /// <returns>(batch, 1), whole numbers</returns>
    public OnnxValue Find(OnnxValue place)
    {
        var graph = place.Graph;
        return place.GreaterOrEqual(graph.Weights(_ends)).ToFloat().Sum(1, keepDimension: true).Minimum(graph.Scalar(_ends.shape[0] - 1)).ToIntegers();
    }

    /// <param name="token">(batch,)</param>
    /// <param name="position">(batch,)</param>
    /// <returns>(batch,)</returns>
    public Tensor LogWithin(Tensor token, Tensor position)
    {
        using var cell = Find(token, position);
        return _within.index_select(0, cell);
    }

    /// <param name="place">(batch, 1) token plus position, which is not at the end of a cell</param>
    /// <returns>(batch, 1)</returns>
    public OnnxValue LogWithin(OnnxValue place) => place.Graph.Weights(_within).GatherRows(Find(place));

    public void Dispose()
    {
        _ends.Dispose();
        _within.Dispose();
    }
}
