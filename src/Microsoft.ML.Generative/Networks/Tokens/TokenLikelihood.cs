using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// How likely rows of a table are, given what a layer says of them: a softmax over the tokens of every column, by which the columns are independent of each other; within a token the density is that of
/// the rows to learn from.
/// </summary>
/// <remarks>The layer gives a number for every token of all columns, then those for the functions of the rank (<see cref="OrdinalBasis"/>) that tokens of numbers share. To them the log of the tokens'
/// shares is added, so that zeros are the columns drawn by themselves.</remarks>
internal sealed class TokenLikelihood : IDisposable
{
    // of every token, so that none is impossible
    private const double MadeUpRows = 0.5;

    // a share is not more than multiplied or divided by e at a time
    private const double MostShift = 1;
    private const int CalibrationIterations = 3;

    private readonly IReadOnlyList<TokenColumn> _columns;
    private readonly TokenCells?[] _cells;
    private readonly int[] _offsets;
    private readonly int _tokens;
    private readonly Tensor _shares;           // (tokens,): log of them, as calibrated
    private readonly Tensor _offsetOfColumn;   // (columns,)
    private readonly Tensor _tokenFeatures;    // (columns,) Int64
    private readonly Tensor? _basis;           // (functions of all columns, tokens)
    private readonly int[] _positionOf;        // of each column, which of the columns with positions it is

    public TokenLikelihood(NetworkInput input, Initializer initializer)
    {
        _columns = input.TokenColumns;
        Features = input.Features;
        _offsets = [.. _columns.Select((_, j) => _columns.Take(j).Sum(column => column.Categories))];
        _tokens = _columns.Sum(column => column.Categories);
        _cells = [.. _columns.Select(column => TokenCells.Of(column, initializer))];
        _positionOf = TokenDraws.NumberPositions(_columns);
        _shares = State.Own("shares", initializer.Fixed([.. _columns.SelectMany(LogShares)]));
        _offsetOfColumn = initializer.Derived(tensor(_offsets.Select(offset => (float)offset).ToArray(), device: initializer.Device));
        _tokenFeatures = initializer.Indices(_columns.Select(column => column.Token));
        int[] ordinal = [.. Enumerable.Range(0, _columns.Count).Where(j => OrdinalBasis.Suits(_columns[j]))];
        if (ordinal.Length > 0) _basis = initializer.Derived(Basis(ordinal).to(initializer.Device));
    }

    /// <summary>What of it is saved with a network.</summary>
    public nn.Module State { get; } = new Part();

    /// <summary>Width of an encoded row.</summary>
    public int Features { get; }

    /// <summary>How many numbers the layer has to give.</summary>
    public int Outputs => _tokens + (int)(_basis?.shape[0] ?? 0);

    /// <summary>How many uniform numbers a row is drawn from: one for every token, then one for every position.</summary>
    public int Choices => _columns.Count + _columns.Count(column => column.Position is not null);

    /// <summary>The tokens of rows, as numbers among those of all columns.</summary>
    /// <param name="x">(batch, features)</param>
    /// <returns>(batch, columns)</returns>
    public Tensor Targets(Tensor x) => x.index_select(1, _tokenFeatures).floor_().add_(_offsetOfColumn);

    /// <inheritdoc cref="Targets(Tensor)"/>
    public OnnxValue Targets(OnnxValue x) => x.Gather(1, [.. _columns.Select(column => (long)column.Token)]).Floor() + x.Graph.Weights(_offsetOfColumn);

    /// <summary>log P of the tokens, under the layer's output for them.</summary>
    /// <param name="targets">(batch, columns)</param>
    /// <param name="output">(…, batch, outputs)</param>
    /// <returns>(…, batch), nats</returns>
    public Tensor LogChance(Tensor targets, Tensor output) => LogChances(targets, output).sum(-1);

    /// <summary>The same, of each column.</summary>
    /// <returns>(…, batch, columns), nats</returns>
    public Tensor LogChances(Tensor targets, Tensor output)
    {
        var logits = Logits(output);                                                           // (…, batch, tokens)
        var index = targets.to(int64);
        if (logits.Dimensions > 2) index = index.expand([.. logits.shape[..^1], _columns.Count]);
        return logits.gather(-1, index) - LogTotals(logits);
    }

    // (…, columns) log Σ exp over the tokens of each; columns of as many tokens at once where they are neighbours
    private Tensor LogTotals(Tensor logits)
    {
        var totals = new List<Tensor>();
        for (int j = 0; j < _columns.Count;)
        {
            int size = _columns[j].Categories, count = _columns.Skip(j).TakeWhile(column => column.Categories == size).Count();
            totals.Add(logits.narrow(-1, _offsets[j], count * size).unflatten(-1, count, size).logsumexp(-1));
            j += count;
        }
        return cat(totals, -1);
    }

    /// <inheritdoc cref="LogChance(Tensor, Tensor)"/>
    public OnnxValue LogChance(OnnxValue targets, OnnxValue output) => LogChances(targets, output).Aggregate((sum, chance) => sum + chance);

    /// <inheritdoc cref="LogChances(Tensor, Tensor)"/>
    /// <returns>Of each column (…, batch)</returns>
    public IEnumerable<OnnxValue> LogChances(OnnxValue targets, OnnxValue output)
    {
        var logits = Logits(output);
        for (int j = 0; j < _columns.Count; j++)
        {
            var isTarget = targets.Narrow(1, j, 1).Equal(targets.Graph.Constant([.. Enumerable.Range(_offsets[j], _columns[j].Categories).Select(token => (float)token)], _columns[j].Categories));
            yield return (Logits(logits, j).LogSoftmax() * isTarget.ToFloat()).Sum(-1);
        }
    }

    /// <summary>Log-density of the values given their tokens: that of the rows to learn from, whatever the layer says.</summary>
    /// <param name="x">(batch, features)</param>
    /// <returns>(batch,), nats, in the units of the columns</returns>
    public Tensor LogWithin(Tensor x)
    {
        using var scope = NewDisposeScope();
        var result = zeros(x.shape[0], device: x.device);
        for (int j = 0; j < _columns.Count; j++)
            if (_cells[j] is { } cells) result.add_(cells.LogWithin(x));
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="LogWithin(Tensor)"/>
    public OnnxValue LogWithin(OnnxValue x)
    {
        var result = x.Narrow(1, _columns[0].Token, 1) * 0f;
        for (int j = 0; j < _columns.Count; j++)
            if (_cells[j] is { } cells) result += cells.LogWithin(x);
        return result.Squeeze(1);
    }

    /// <summary>Rows drawn from uniform numbers.</summary>
    /// <param name="output">(batch, outputs)</param>
    /// <param name="temperature">Chances are raised to the power of its inverse, and positions moved towards the middle by it: 0 gives the most likely tokens.</param>
    /// <param name="uniform">Makes (batch, choices).</param>
    /// <returns>(batch, features)</returns>
    public Tensor Draw(Tensor output, double temperature, Tensor uniform)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(output);
        var result = empty(output.shape[0], Features, device: output.device);
        for (int j = 0; j < _columns.Count; j++)
        {
            var own = Logits(logits, j);
            var token = temperature > 0 ? TokenDraws.Choose((own / temperature).softmax(-1), uniform.narrow(1, j, 1)) : own.argmax(-1);
            result.select(1, _columns[j].Token).copy_(token);
            if (_columns[j].Position is not { } position) continue;
            var place = uniform.select(1, _columns.Count + _positionOf[j]);
            result.select(1, position).copy_((place - 0.5).mul_(Math.Min(1, temperature)).add_(0.5));
        }
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="Draw(Tensor, double, Tensor)"/>
    public OnnxValue Draw(OnnxValue output, OnnxValue uniform)
    {
        var logits = Logits(output);
        var result = new OnnxValue[Features];
        for (int j = 0; j < _columns.Count; j++)
        {
            int tokens = _columns[j].Categories;
            result[_columns[j].Token] = TokenDraws.Choose(logits.Narrow(-1, _offsets[j], tokens).Softmax(), uniform.Narrow(1, j, 1), tokens);
            if (_columns[j].Position is { } position) result[position] = uniform.Narrow(1, _columns.Count + _positionOf[j], 1);
        }
        return result[0].Concatenate(1, result.AsSpan(1));
    }

    /// <summary>Moves the chances of all tokens, whatever the layer says, so that the mean of each over some rows is its share of others.</summary>
    /// <param name="output">(rows, outputs)</param>
    /// <param name="counts">(tokens,) of all columns</param>
    public void Calibrate(Tensor output, Tensor counts)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = Logits(output);
        for (int j = 0; j < _columns.Count; j++)
        {
            using var columnScope = NewDisposeScope();
            var own = Logits(logits, j);                  // (rows, its tokens)
            var wanted = counts.narrow(0, _offsets[j], _columns[j].Categories).add(MadeUpRows);
            wanted = wanted / wanted.sum();
            var shift = zeros_like(wanted);
            for (int i = 0; i < CalibrationIterations; i++)
                shift.add_((wanted / (own + shift).softmax(-1).mean([0]).clamp_min(1e-9)).log_().clamp_(-MostShift, MostShift));
            _shares.narrow(0, _offsets[j], _columns[j].Categories).add_(shift);
        }
    }

    /// <summary>Rows of each token.</summary>
    /// <param name="x">(batch, features)</param>
    /// <returns>(tokens,) of all columns</returns>
    public Tensor Count(Tensor x)
    {
        using var scope = NewDisposeScope();
        return bincount(Targets(x).to(int64).flatten(), minlength: _tokens).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of the tokens of all columns.</summary>
    /// <param name="output">(…, outputs)</param>
    /// <returns>(…, tokens)</returns>
    public Tensor Logits(Tensor output)
    {
        var own = output.narrow(-1, 0, _tokens) + _shares;
        return _basis is null ? own : own + output.narrow(-1, _tokens, _basis.shape[0]).matmul(_basis);
    }

    /// <inheritdoc cref="Logits(Tensor)"/>
    public OnnxValue Logits(OnnxValue output)
    {
        var own = output.Narrow(-1, 0, _tokens) + output.Graph.Weights(_shares);
        return _basis is null ? own : own + output.Narrow(-1, _tokens, _basis.shape[0]).MatMul(output.Graph.Weights(_basis));
    }

    /// <summary>Those of one column, among those of all.</summary>
    public Tensor Logits(Tensor logits, int column) => logits.narrow(-1, _offsets[column], _columns[column].Categories);

    /// <inheritdoc cref="Logits(Tensor, int)"/>
    public OnnxValue Logits(OnnxValue logits, int column) => logits.Narrow(-1, _offsets[column], _columns[column].Categories);

    private static IEnumerable<float> LogShares(TokenColumn column)
    {
        double total = column.Counts.Sum(count => count + MadeUpRows);
        return column.Counts.Select(count => (float)Math.Log((count + MadeUpRows) / total));
    }

    private Tensor Basis(int[] ordinal)
    {
        var basis = new float[ordinal.Length * OrdinalBasis.Functions * _tokens];
        for (int i = 0; i < ordinal.Length; i++)
            foreach (var (token, values) in OrdinalBasis.Of(_columns[ordinal[i]]))
                for (int k = 0; k < values.Length; k++) basis[(i * OrdinalBasis.Functions + k) * _tokens + _offsets[ordinal[i]] + token] = values[k];
        return tensor(basis).view(-1, _tokens);
    }

    /// <summary>Gives back what is not the state's.</summary>
    public void Dispose()
    {
        foreach (var values in new[] { _offsetOfColumn, _tokenFeatures, _basis }) values?.Dispose();
        foreach (var cells in _cells) cells?.Dispose();
    }

    // a module takes every tensor that it holds for its own
    private sealed class Part() : nn.Module(nameof(TokenLikelihood));
}
