using Microsoft.ML.Generative.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What of a column has the least expected error under a distribution over its tokens: of categories the most probable one, of numbers the median.</summary>
internal sealed class TokenCentre : IDisposable
{
    private readonly Cells? _cells;   // of all numbers; null of categories

    private TokenCentre(Cells? cells) => _cells = cells;

    public static TokenCentre OfCategories { get; } = new(cells: null);

    public static TokenCentre Of(TokenColumn column, Initializer initializer) => column.Numbers is { } numbers ? new(Cells.Of(column, numbers, initializer)) : OfCategories;

    /// <param name="chances">(batch, tokens)</param>
    /// <returns>(batch,) token and position</returns>
    public (Tensor Token, Tensor Position) Of(Tensor chances)
    {
        if (_cells is not null) return _cells.Median(chances);
        var token = chances.argmax(-1).to(float32);
        return (token, zeros_like(token));
    }

    public void Dispose() => _cells?.Dispose();

    /// <summary>The cells of all tokens of a column of numbers, in the order of the numbers.</summary>
    /// <param name="Tokens">(cells,) Int64</param>
    /// <param name="Sizes">(cells,) of each the share of its token</param>
    /// <param name="Starts">(cells,) position at which each begins</param>
    private sealed record Cells(Tensor Tokens, Tensor Sizes, Tensor Starts) : IDisposable
    {
        public static Cells Of(TokenColumn column, NumberCells numbers, Initializer initializer)
        {
            var cells = (from token in Enumerable.Range(0, column.Categories)
                         where column.IsNumber[token]
                         from cell in Enumerable.Range(0, numbers.Start[token].Length)
                         let start = cell == 0 ? 0 : column.CellEnds[token][cell - 1]
                         orderby numbers.Start[token][cell]
                         select (Token: token, Start: start, Size: column.CellEnds[token][cell] - start)).ToList();
            return new(
                initializer.Indices(cells.Select(cell => cell.Token)),
                initializer.Derived(tensor(cells.Select(cell => cell.Size).ToArray(), device: initializer.Device)),
                initializer.Derived(tensor(cells.Select(cell => cell.Start).ToArray(), device: initializer.Device)));
        }

        public (Tensor Token, Tensor Position) Median(Tensor chances)
        {
            var inCells = chances.index_select(1, Tokens).mul_(Sizes);                          // (batch, cells)
            var sums = inCells.cumsum(-1);
            var half = sums.narrow(1, -1, 1) / 2;                                               // (batch, 1)
            var cell = sums.lt(half).to(int64).sum(dim: -1, keepdim: true).clamp_(0, Tokens.shape[0] - 1);
            var chance = inCells.gather(1, cell);
            var share = ((half - sums.gather(1, cell) + chance) / chance.clamp_min(1e-30f)).squeeze(1).clamp_(0, TokenPart.Highest);
            cell = cell.squeeze(1);
            var position = (Starts.index_select(0, cell) + share * Sizes.index_select(0, cell)).clamp_(0, TokenPart.Highest);
            return (Tokens.index_select(0, cell).to(float32), position);
        }

        public void Dispose()
        {
            Tokens.Dispose();
            Sizes.Dispose();
            Starts.Dispose();
        }
    }
}
