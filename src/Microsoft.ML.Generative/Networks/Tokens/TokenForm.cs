using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// Rows of a table as numbers that layers can read, or give: of a column of categories a one-hot vector; of a column of numbers the normal score Φ⁻¹(rank), and, where some of its
/// tokens are missing values or single numbers of many rows, a one-hot vector of these and of "none of them".
/// </summary>
/// <remarks>All numbers of a cell have the score of its middle: within cells they are uniform.</remarks>
internal sealed class TokenForm : IDisposable
{
    // share of the rows from which on a number is told apart from its neighbours
    private const double LeastShare = 0.05;

    // as far out as single precision goes
    private const double LowestRank = 1e-7;

    private readonly Column[] _columns;
    private readonly int _features;

    public TokenForm(NetworkInput input, Initializer initializer)
    {
        _features = input.Features;
        _columns = [.. input.TokenColumns.Select(column => new Column(column, initializer))];
        var spans = new List<FeatureSpan>();
        foreach (var column in _columns)
        {
            if (column.HasScore) spans.Add(new FeatureSpan(column.Name, Width++, 1, SpanKind.Continuous));
            if (column.Marks == 0) continue;
            spans.Add(new FeatureSpan(column.Name, Width, column.Marks, SpanKind.Categorical));
            Width += column.Marks;
        }
        Spans = spans;
    }

    /// <summary>Columns whose positions the numbers do not say: those within pooled categories.</summary>
    public int Places => _columns.Count(column => column.HasPlaces);

    /// <summary>How many numbers a row is.</summary>
    public int Width { get; }

    /// <summary>What they are: scores (continuous) and one-hot vectors (categorical).</summary>
    public IReadOnlyList<FeatureSpan> Spans { get; }

    /// <param name="x">(batch, features) tokens and positions</param>
    /// <returns>(batch, width)</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return cat([.. _columns.Select(column => column.Apply(x))], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="Apply(Tensor)"/>
    public OnnxValue Apply(OnnxValue x)
    {
        var parts = _columns.Select(column => column.Apply(x)).ToArray();
        return parts is [var single] ? single : parts[0].Concatenate(1, parts.AsSpan(1));
    }

    /// <summary>Rows again, of numbers that need not be any row's: the token of the greatest number of a one-hot vector; of "none of them", and without such a vector, the token and the position in
    /// which the rank Φ(score) lies.</summary>
    /// <param name="y">(batch, width)</param>
    /// <param name="generator">Where positions come from that the numbers do not say.</param>
    /// <returns>(batch, features)</returns>
    public Tensor Invert(Tensor y, Generator generator)
    {
        using var uniform = empty(y.shape[0], Places, device: y.device).uniform_(0, 1, generator);
        return Invert(y, uniform);
    }

    /// <inheritdoc cref="Invert(Tensor, Generator)"/>
    /// <param name="uniform">(batch, <see cref="Places"/>) the positions that the numbers do not say.</param>
    public Tensor Invert(Tensor y, Tensor uniform)
    {
        using var scope = NewDisposeScope();
        var result = zeros(y.shape[0], _features, device: y.device);
        int start = 0, place = 0;
        foreach (var column in _columns)
        {
            column.Invert(y.narrow(1, start, column.Width), result, column.HasPlaces ? uniform.select(1, place++) : null);
            start += column.Width;
        }
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="Invert(Tensor, Tensor)"/>
    public OnnxValue Invert(OnnxValue y, OnnxValue? uniform)
    {
        var result = new OnnxValue[_features];
        int start = 0, place = 0;
        foreach (var column in _columns)
        {
            column.Invert(y.Narrow(1, start, column.Width), result, column.HasPlaces ? uniform!.Narrow(1, place++, 1) : null);
            start += column.Width;
        }
        return result is [var single] ? single : result[0].Concatenate(1, result.AsSpan(1));
    }

    public void Dispose()
    {
        foreach (var column in _columns) column.Dispose();
    }

    private sealed class Column : IDisposable
    {
        private readonly TokenColumn _column;
        private readonly TokenCells? _cells;
        private readonly Tensor _table;          // (cells, width) the numbers of each cell
        private readonly Tensor? _markedTokens;  // (marks,) Int64; −1 for none of them
        private readonly Tensor? _rankEnds, _rankStarts, _rankTokens, _uStarts, _uSizes;   // (cells of numbers,) in the order of the numbers

        public Column(TokenColumn column, Initializer initializer)
        {
            _column = column;
            _cells = TokenCells.Of(column, initializer);
            HasScore = column.Numbers is not null;
            int[] marked = [.. Enumerable.Range(0, column.Categories).Where(IsMarked)];
            bool hasNone = marked.Length < column.Categories;
            Marks = marked.Length == 0 ? 0 : marked.Length + (hasNone ? 1 : 0);
            if (Marks > 0) _markedTokens = initializer.Indices([.. marked, .. hasNone ? [-1] : Array.Empty<int>()]);
            _table = initializer.Derived(Table(marked).to(initializer.Device));
            if (!HasScore) return;
            var cells = (from token in Enumerable.Range(0, column.Categories)
                         where column.IsNumber[token]
                         from cell in Enumerable.Range(0, column.CellEnds[token].Length)
                         let low = cell == 0 ? 0 : column.CellEnds[token][cell - 1]
                         orderby column.Numbers!.Below[token][cell]
                         select (Token: token, Low: low, Size: IsOneNumber(token) ? 0 : column.CellEnds[token][cell] - low, Below: column.Numbers!.Below[token][cell], Share: column.Numbers.Share[token][cell])).ToList();
            _rankStarts = Derived(cell => cell.Below);
            _rankEnds = Derived(cell => (double)cell.Below + cell.Share);
            _rankTokens = Derived(cell => cell.Token);
            _uStarts = Derived(cell => cell.Low);
            _uSizes = Derived(cell => cell.Size);

            Tensor Derived(Func<(int Token, float Low, float Size, float Below, float Share), double> what) => initializer.Derived(tensor(cells.Select(what).ToArray(), device: initializer.Device));
        }

        public string Name => _column.Name;

        public bool HasScore { get; }

        /// <summary>Width of the one-hot vector.</summary>
        public int Marks { get; }

        public bool HasPlaces => _column is { Pooled: not null, Position: not null };

        public int Width => (HasScore ? 1 : 0) + Marks;

        public Tensor Apply(Tensor x)
        {
            using var scope = NewDisposeScope();
            var cell = _cells?.Find(x) ?? x.select(1, _column.Token).to(int64);
            return _table.index_select(0, cell).MoveToOuterDisposeScope();
        }

        public OnnxValue Apply(OnnxValue x)
        {
            var cell = _cells?.Find(x) ?? x.Narrow(1, _column.Token, 1).ToIntegers();   // (batch, 1)
            return x.Graph.Weights(_table).GatherRows(cell).Squeeze(1);
        }

        public void Invert(Tensor y, Tensor x, Tensor? uniform)
        {
            using var scope = NewDisposeScope();
            var marked = Marks > 0 ? _markedTokens!.index_select(0, y.narrow(1, Width - Marks, Marks).argmax(1)) : null;   // (batch,)
            var token = marked;
            var position = zeros(y.shape[0], device: y.device);
            if (HasScore && _rankEnds!.shape[0] > 0)
            {
                var rank = special.ndtr(y.select(1, 0).to(float64));
                var cell = rank.bucketize(_rankEnds, right: true).clamp_(0, _rankEnds.shape[0] - 1);
                Tensor At(Tensor? values) => values!.index_select(0, cell);
                var share = ((rank - At(_rankStarts)) / (At(_rankEnds) - At(_rankStarts))).clamp_(0, 1);
                var ranked = At(_rankTokens).to(int64);
                var isRanked = marked?.lt(0) ?? ones_like(ranked, @bool);
                token = marked is null ? ranked : where(isRanked, ranked, marked);
                position = where(isRanked, (At(_uStarts) + share * At(_uSizes)).to(float32).clamp_(0, TokenCells.HighestPosition), position);
            }
            x.select(1, _column.Token).copy_(token!);
            if (_column.Position is not { } feature) return;
            if (_column.Pooled is { } pooled) position = where(token!.eq(pooled), uniform!, position);
            x.select(1, feature).copy_(position);
        }

        public void Invert(OnnxValue y, OnnxValue[] x, OnnxValue? uniform)
        {
            var graph = y.Graph;
            var marked = Marks > 0 ? (y.Narrow(1, Width - Marks, Marks).OneHotMaximum(Marks) * graph.Weights(_markedTokens!.to(float32))).Sum(1, keepDimension: true) : null;   // (batch, 1)
            var token = marked;
            var position = y.Narrow(1, 0, 1).Fill(0);
            if (HasScore && _rankEnds!.shape[0] > 0)
            {
                var rank = y.Narrow(1, 0, 1).NormalDistribution();
                var cell = rank.GreaterOrEqual(graph.Weights(_rankEnds)).ToFloat().Sum(1, keepDimension: true).Minimum(graph.Scalar(_rankEnds.shape[0] - 1)).ToIntegers();
                OnnxValue At(Tensor? values) => graph.Weights(values!).GatherRows(cell);
                var share = ((rank - At(_rankStarts)) / (At(_rankEnds) - At(_rankStarts))).Clamp(0, 1);
                var place = (At(_uStarts) + share * At(_uSizes)).Clamp(0, TokenCells.HighestPosition);
                var isRanked = marked is null ? null : graph.Scalar(0).Greater(marked);
                token = isRanked is null ? At(_rankTokens) : isRanked.Select(At(_rankTokens), marked!);
                position = isRanked is null ? place : isRanked.Select(place, position);
            }
            x[_column.Token] = token!;
            if (_column.Position is not { } feature) return;
            x[feature] = _column.Pooled is { } pooled ? token!.Equal(graph.Scalar(pooled)).Select(uniform!, position) : position;
        }

        public void Dispose()
        {
            _cells?.Dispose();
            foreach (var values in new[] { _table, _markedTokens, _rankStarts, _rankEnds, _rankTokens, _uStarts, _uSizes }) values?.Dispose();
        }

        private Tensor Table(int[] marked)
        {
            using var scope = NewDisposeScope();
            var cells = (from token in Enumerable.Range(0, _column.Categories) from cell in Enumerable.Range(0, _column.CellEnds[token].Length) select (Token: token, Cell: cell)).ToList();
            var parts = new List<Tensor>();
            if (HasScore)
            {
                var rank = tensor(cells.Select(at => _column.IsNumber[at.Token] ? _column.Numbers!.Below[at.Token][at.Cell] + _column.Numbers.Share[at.Token][at.Cell] / 2.0 : 0.5).ToArray());
                parts.Add(special.ndtri(rank.clamp_(LowestRank, 1 - LowestRank)).to(float32).unsqueeze(1));
            }
            if (Marks > 0)
            {
                var mark = tensor(cells.Select(at => (long)(Array.IndexOf(marked, at.Token) is >= 0 and var i ? i : Marks - 1)).ToArray());
                parts.Add(nn.functional.one_hot(mark, Marks).to(float32));
            }
            return cat(parts, 1).MoveToOuterDisposeScope();
        }

        private bool IsMarked(int token) => _column.Numbers is null || !_column.IsNumber[token] || (IsOneNumber(token) && _column.Counts[token] >= LeastShare * _column.Counts.Sum());

        private bool IsOneNumber(int token) => _column.Numbers!.Size[token] is [0];
    }
}
