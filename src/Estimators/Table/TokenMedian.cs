using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The cells of all tokens of a column of numbers, in the order of the numbers, for the median of a distribution over the tokens.</summary>
internal sealed class TokenMedian : IDisposable
{
    private readonly Tensor _tokens;   // (cells,) Int64
    private readonly Tensor _shares;   // (cells,) of its token
    private readonly Tensor _starts;   // (cells,) position at which each begins

    private TokenMedian(TokenColumn column, NumberCells numbers, Initializer initializer)
    {
        var cells = (from token in Enumerable.Range(0, column.Categories)
                     where column.IsNumber[token]
                     from cell in Enumerable.Range(0, numbers.Start[token].Length)
                     let start = cell == 0 ? 0 : column.CellEnds[token][cell - 1]
                     orderby numbers.Start[token][cell]
                     select (Token: token, Start: start, Share: column.CellEnds[token][cell] - start)).ToList();
        _tokens = initializer.Indices(cells.Select(cell => cell.Token));
        _shares = initializer.Derived(tensor(cells.Select(cell => cell.Share).ToArray(), device: initializer.Device));
        _starts = initializer.Derived(tensor(cells.Select(cell => cell.Start).ToArray(), device: initializer.Device));
    }

    /// <returns>Null for a column of categories, or one without a number.</returns>
    public static TokenMedian? Of(TokenColumn column, Initializer initializer) => column.Numbers is { } numbers ? new TokenMedian(column, numbers, initializer) : null;

    /// <param name="chances">(batch, tokens)</param>
    /// <returns>(batch,) token and position of the number that lies in the middle</returns>
    public (Tensor Token, Tensor Position) Of(Tensor chances)
    {
        var inCells = chances.index_select(1, _tokens).mul_(_shares);                       // (batch, cells)
        var sums = inCells.cumsum(-1);
        var half = sums.narrow(1, -1, 1) / 2;                                               // (batch, 1)
        var cell = sums.lt(half).to(int64).sum(dim: -1, keepdim: true).clamp_(0, _tokens.shape[0] - 1);
        var chance = inCells.gather(1, cell);
        var share = ((half - sums.gather(1, cell) + chance) / chance.clamp_min(1e-30f)).squeeze(1).clamp_(0, TokenPart.Highest);
        cell = cell.squeeze(1);
        var position = (_starts.index_select(0, cell) + share * _shares.index_select(0, cell)).clamp_(0, TokenPart.Highest);
        return (_tokens.index_select(0, cell).to(float32), position);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _shares.Dispose();
        _starts.Dispose();
    }
}
