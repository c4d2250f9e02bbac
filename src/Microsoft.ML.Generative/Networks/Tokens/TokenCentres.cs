using Microsoft.ML.Generative.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What of each column has the least expected error under a distribution over its tokens: of categories the most probable one, of numbers the median.</summary>
internal sealed class TokenCentres : IDisposable
{
    private readonly (int Token, int? Position, OrderedCells? Cells)[] _columns;   // cells are of numbers

    public TokenCentres(IReadOnlyList<TokenColumn> columns, Initializer initializer) =>
        _columns = [.. columns.Select(column => (column.Token, column.Position, column.Numbers is { } numbers ? OrderedCells.Of(column, numbers, initializer) : null))];

    /// <param name="features">Of each column, the feature that holds the number of its token, which is one category.</param>
    public TokenCentres(IEnumerable<int> features) => _columns = [.. features.Select(feature => (feature, (int?)null, (OrderedCells?)null))];

    /// <param name="x">(batch, features)</param>
    /// <param name="known">(batch, features) 1 where x is known</param>
    /// <param name="chances">Of a column (batch, its tokens) what they are in proportion to; asked for where some row does not know it.</param>
    /// <returns>x with what is not known filled in</returns>
    public Tensor Fill(Tensor x, Tensor known, Func<int, Tensor> chances)
    {
        var areKnown = known.amin([0]).ToFloats();
        var result = x.unbind(1).ToArray();
        for (int j = 0; j < _columns.Length; j++)
        {
            var (feature, position, cells) = _columns[j];
            if (areKnown[feature] == 1) continue;
            using var scope = NewDisposeScope();
            var ofColumn = chances(j);
            var (token, place) = cells?.Median(ofColumn) ?? (ofColumn.argmax(-1).to(float32), null);
            Put(feature, token);
            if (position is { } at) Put(at, place ?? zeros_like(token));
        }
        return stack(result, 1);

        void Put(int feature, Tensor values) => result[feature] = where(known.select(1, feature).to(@bool), x.select(1, feature), values).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (_, _, cells) in _columns) cells?.Dispose();
    }

    /// <summary>The cells of all tokens of a column of numbers, in the order of the numbers.</summary>
    /// <param name="Tokens">(cells,) Int64</param>
    /// <param name="Sizes">(cells,) of each the share of its token</param>
    /// <param name="Starts">(cells,) position at which each begins</param>
    private sealed record OrderedCells(Tensor Tokens, Tensor Sizes, Tensor Starts) : IDisposable
    {
        public static OrderedCells Of(TokenColumn column, NumberCells numbers, Initializer initializer)
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

        /// <param name="chances">(batch, tokens)</param>
        /// <returns>(batch,) token and position of the number that lies in the middle</returns>
        public (Tensor Token, Tensor? Position) Median(Tensor chances)
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
