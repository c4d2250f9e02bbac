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

    private readonly int _token;
    private readonly int? _position;

    private TokenCells(TokenColumn column, Initializer initializer)
    {
        (_token, _position) = (column.Token, column.Position);
        _ends = initializer.Derived(tensor(column.CellEnds.SelectMany((ends, token) => ends.Select(end => (double)token + end)).ToArray(), device: initializer.Device));
        _within = initializer.Derived(tensor(column.LogWithin.SelectMany(within => within).ToArray(), device: initializer.Device));
    }

    /// <returns>Null for a column of categories of which each has a token.</returns>
    public static TokenCells? Of(TokenColumn column, Initializer initializer) => column.Position is null && !column.IsNumber.Contains(true) ? null : new TokenCells(column, initializer);

    /// <summary>In which cells the values of the column are.</summary>
    /// <param name="x">(batch, features)</param>
    /// <returns>(batch,) Int64, the number of the cell among those of all tokens</returns>
    public Tensor Find(Tensor x)
    {
        using var scope = NewDisposeScope();
        var place = x.select(1, _token).to(float64).floor_();
        if (_position is { } position) place.add_(x.select(1, position));
        return place.bucketize(_ends, right: true).clamp_(0, _ends.shape[0] - 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="Find(Tensor)"/>
    /// <returns>(batch, 1), whole numbers</returns>
    public OnnxValue Find(OnnxValue x)
    {
        var graph = x.Graph;
        var place = x.Narrow(1, _token, 1).Floor();
        if (_position is { } position) place += x.Narrow(1, position, 1);
        return place.GreaterOrEqual(graph.Weights(_ends)).ToFloat().Sum(1, keepDimension: true).Minimum(graph.Scalar(_ends.shape[0] - 1)).ToIntegers();
    }

    /// <summary>Log-density of the values of the column given their tokens.</summary>
    /// <param name="x">(batch, features)</param>
    /// <returns>(batch,)</returns>
    public Tensor LogWithin(Tensor x)
    {
        using var scope = NewDisposeScope();
        var feature = x.select(1, _token);
        return _within.index_select(0, Find(x)).add_((feature.floor() - feature).log1p_(), 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="LogWithin(Tensor)"/>
    /// <returns>(batch, 1)</returns>
    public OnnxValue LogWithin(OnnxValue x)
    {
        var feature = x.Narrow(1, _token, 1);
        return x.Graph.Weights(_within).GatherRows(Find(x)) + (feature.Floor() + 1f - feature).Log() * 2f;
    }

    public void Dispose()
    {
        _ends.Dispose();
        _within.Dispose();
    }
}
