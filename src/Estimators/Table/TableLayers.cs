using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Conditionals of all columns of a table, given any others, from shared weights (an order-agnostic NADE, Uria et al., 2014, whose columns have a second layer of their own):
/// h_j = ReLU(b + t_j + Σ over the known columns k of (E_k[x_k] + m_k)), u_j = ReLU(V_j·h_j + d_j), logits_j = W_j·u_j + c_j.
/// The sum grows by one term with each column that is drawn, so that drawing a row costs no more than computing its density.
/// </summary>
/// <remarks>Tokens of numbers share a part of E and W through <see cref="OrdinalBasis"/>.</remarks>
internal sealed partial class TableLayers : IDisposable
{
    // of what the embedding of a number starts with, where it has functions of its rank besides
    private const double OwnShare = 0.3;

    // of every token, so that none is impossible
    private const double MadeUpRows = 0.5;

    // a logit that no chance is left of
    private const float Impossible = -1e9f;

    private readonly IReadOnlyList<TokenColumn> _columns;
    private readonly int _hidden, _inner, _widest;
    private readonly Parameter _embedding, _inward, _outward;
    private readonly Parameter _bias, _isKnown, _target, _inwardBias, _outwardBias;   // of one dimension, as is what must not decay
    private readonly Parameter? _condition, _ordinalIn, _ordinalOut;
    private readonly Tensor _columnOfToken;                     // (all tokens,) Int64
    private readonly Tensor _shares;                            // (columns, 1, tokens): log of them, as calibrated
    private readonly Tensor? _basisIn, _basisOut;               // (ordinal columns, tokens, functions), (columns, functions, tokens)
    private readonly Tensor? _basisRows;                        // (all tokens,) Int64 which row of the first basis each has, the one after the last for none
    private readonly double _dropout;

    public TableLayers(NetworkInput description, TableOptions options, Initializer initializer)
    {
        var columns = _columns = description.TokenColumns;
        (_hidden, _inner) = (options.HiddenSize, options.ColumnHiddenSize);
        _dropout = options.Training.Dropout ?? (TableOptions.HasFewRows(description) ? 0.3 : 0.2);
        int count = columns.Count, tokens = columns.Sum(column => column.Categories);
        _widest = columns.Max(column => column.Categories);
        double share = 1 / Math.Sqrt(count);
        Offsets = initializer.Derived(tensor(columns.Select((_, i) => (float)Offset(i)).ToArray(), device: initializer.Device));
        _columnOfToken = initializer.Indices(columns.SelectMany((column, j) => Enumerable.Repeat(j, column.Categories)));
        Part input = new("input"), hidden = new("hidden"), column = new("column"), output = new("output");
        Parts = [input, hidden, column, output];
        _embedding = input.Own("embedding", Normal(share, tokens, _hidden));
        _isKnown = input.Own("known", Normal(0.3 * share, count * _hidden));
        _bias = hidden.Own("bias", initializer.Constant(0, _hidden));
        _target = hidden.Own("target", initializer.Constant(0, count * _hidden));
        _inward = column.Own("weight", Normal(Math.Sqrt(2.0 / _hidden), count, _hidden, _inner));
        _inwardBias = column.Own("bias", initializer.Constant(0, count * _inner));
        _outward = output.Own("weight", initializer.Constant(0, count, _inner, _widest));
        _outwardBias = output.Own("bias", initializer.Constant(0, count * _widest));
        _shares = output.Own("shares", initializer.Fixed([.. columns.SelectMany(Logits)], count, 1, _widest));
        if (description.ConditionSize > 0) _condition = hidden.Own("condition", Normal(1 / Math.Sqrt(description.ConditionSize), description.ConditionSize, _hidden));
        int[] ordinal = [.. Enumerable.Range(0, count).Where(j => OrdinalBasis.Suits(columns[j]))];
        if (ordinal.Length == 0) return;
        foreach (int j in ordinal) ScaleEmbedding(j, OwnShare);
        _ordinalIn = input.Own("ordinal", Normal(0.3 * share, ordinal.Length * OrdinalBasis.Functions * _hidden));
        _ordinalOut = output.Own("ordinal", initializer.Constant(0, count * _inner * OrdinalBasis.Functions));
        (_basisIn, _basisRows) = BasisIn(ordinal, initializer);
        _basisOut = BasisOut(ordinal, initializer);

        // uniform, of the deviation asked for
        Parameter Normal(double deviation, params long[] shape) => initializer.Uniform(Math.Sqrt(3) * deviation, shape);
    }

    /// <summary>What the weights belong to, by which they can be frozen.</summary>
    public IReadOnlyList<nn.Module> Parts { get; }

    /// <summary>(columns,) where the tokens of each column begin among all.</summary>
    public Tensor Offsets { get; }

    /// <summary>What the tables of tokens are made of: computed once for all columns that are drawn.</summary>
    /// <returns>E with m, (all tokens, hidden), and W, (columns, inner, tokens)</returns>
    public (Tensor Inward, Tensor Outward) Tables()
    {
        var inward = _embedding + _isKnown.view(-1, _hidden).index_select(0, _columnOfToken);
        return _ordinalIn is null
            ? (inward, _outward)
            : (inward + Ordinal(_ordinalIn), _outward + _ordinalOut!.view(-1, _inner, OrdinalBasis.Functions).bmm(_basisOut!));
    }

    // (all tokens, hidden): what tokens of numbers share, zeros for others
    private Tensor Ordinal(Tensor weights)
    {
        var shared = _basisIn!.bmm(weights.view(-1, OrdinalBasis.Functions, _hidden)).view(-1, _hidden);
        return cat([shared, zeros(1, _hidden, device: shared.device)]).index_select(0, _basisRows!);
    }

    /// <summary>What each column adds once it is known.</summary>
    /// <param name="tokens">(batch, columns) Int64</param>
    /// <returns>(batch, columns, hidden)</returns>
    public Tensor Terms(Tensor tokens, Tensor inward) =>
        inward.index_select(0, (tokens + Offsets.to(int64)).flatten()).view(-1, _columns.Count, _hidden);

    /// <summary>What one column adds.</summary>
    /// <param name="tokens">(batch,) Int64</param>
    /// <returns>(batch, hidden)</returns>
    public Tensor Terms(int column, Tensor tokens, Tensor inward) => inward.index_select(0, tokens + Offset(column));

    /// <summary>The sum where nothing is known.</summary>
    /// <returns>(1 or batch, hidden)</returns>
    public Tensor Start(Tensor? condition) => condition is null ? _bias.unsqueeze(0) : addmm(_bias, condition, _condition!, 1, 1);

    /// <summary>Logits of every column, each given what its own sum holds.</summary>
    /// <param name="sums">(batch, columns, hidden)</param>
    /// <returns>(columns, batch, tokens)</returns>
    public Tensor Logits(Tensor sums, Tensor outward, TrainingStep? step)
    {
        var h = Dropped((sums + Target).relu(), step).transpose(0, 1);                 // (columns, batch, hidden)
        var u = baddbmm(InwardBias, h, _inward, 1, 1).relu().Dropped(_dropout, step);           // (columns, batch, inner)
        return baddbmm(OutwardBias, u, outward, 1, 1);
    }

    /// <summary>Logits of one column.</summary>
    /// <param name="sum">(batch, hidden)</param>
    /// <returns>(batch, its tokens)</returns>
    public Tensor Logits(int column, Tensor sum, Tensor outward)
    {
        int tokens = _columns[column].Categories;
        var h = (sum + Target.narrow(0, column, 1)).relu_();
        var u = addmm(InwardBias.select(0, column), h, _inward.select(0, column), 1, 1).relu_();
        return addmm(OutwardBias.select(0, column).narrow(1, 0, tokens), u, outward.select(0, column).narrow(1, 0, tokens), 1, 1);
    }

    /// <summary>Moves the chances of a column's tokens, whatever is known.</summary>
    /// <param name="logRatio">(its tokens,)</param>
    public void Shift(int column, Tensor logRatio)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _shares[column, 0].narrow(0, 0, logRatio.shape[0]).add_(logRatio);
    }

    private void ScaleEmbedding(int column, double factor)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _embedding.narrow(0, Offset(column), _columns[column].Categories).mul_(factor);
    }

    private Tensor Target => _target.view(-1, _hidden);                           // (columns, hidden)

    private Tensor InwardBias => _inwardBias.view(-1, 1, _inner);                 // (columns, 1, inner)

    private Tensor OutwardBias => _shares + _outwardBias.view(-1, 1, _widest);     // (columns, 1, tokens)

    // one choice of units for all columns of a row
    private Tensor Dropped(Tensor h, TrainingStep? step) => step is null or { Validating: true } || _dropout == 0
        ? h
        : h * ones(h.shape[0], 1, _hidden, device: h.device).Dropped(_dropout, step);

    private int Offset(int column) => _columns.Take(column).Sum(c => c.Categories);

    // what a column has fewer tokens than the widest is padded with impossible ones
    private IEnumerable<float> Logits(TokenColumn column)
    {
        double total = column.Counts.Sum(count => (double)count + MadeUpRows);
        return Enumerable.Range(0, _widest).Select(token => token < column.Categories ? (float)Math.Log((column.Counts[token] + MadeUpRows) / total) : Impossible);
    }

    private (Tensor Basis, Tensor Rows) BasisIn(int[] ordinal, Initializer initializer)
    {
        int widest = ordinal.Max(column => _columns[column].Categories);
        var basis = new float[ordinal.Length * widest * OrdinalBasis.Functions];
        int[] rows = [.. Enumerable.Repeat(ordinal.Length * widest, _columns.Sum(column => column.Categories))];
        for (int i = 0; i < ordinal.Length; i++)
            foreach (var (token, values) in OrdinalBasis.Of(_columns[ordinal[i]]))
            {
                rows[Offset(ordinal[i]) + token] = i * widest + token;
                values.CopyTo(basis, (i * widest + token) * OrdinalBasis.Functions);
            }
        return (initializer.Derived(tensor(basis, device: initializer.Device).view(ordinal.Length, widest, OrdinalBasis.Functions)), initializer.Indices(rows));
    }

    private Tensor BasisOut(int[] ordinal, Initializer initializer)
    {
        var basis = new float[_columns.Count * OrdinalBasis.Functions * _widest];
        foreach (int column in ordinal)
            foreach (var (token, values) in OrdinalBasis.Of(_columns[column]))
                for (int k = 0; k < values.Length; k++) basis[(column * OrdinalBasis.Functions + k) * _widest + token] = values[k];
        return initializer.Derived(tensor(basis, device: initializer.Device).view(_columns.Count, OrdinalBasis.Functions, _widest));
    }

    /// <summary>Gives back what is not the parts'.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { Offsets, _columnOfToken, _basisIn, _basisRows, _basisOut }) tensor?.Dispose();
    }

    private sealed class Part(string name) : nn.Module(name);
}
