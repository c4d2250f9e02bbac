using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Layers that read the tokens of all columns, some of them noise or hidden, and say how likely the tokens behind them are: the sum of what each token is embedded as, then a <see cref="ResidualDenoiser"/>.</summary>
/// <remarks>Tokens are numbered among those of all columns; after them comes, for each column, what stands for a hidden one.</remarks>
internal sealed class TokenDenoiser : nn.Module
{
    // of what the embedding of a number starts with, where it has functions of its rank besides
    private const double OwnShare = 0.3;

    private readonly int _size;
    private readonly Parameter _embedding;
    private readonly Parameter? _ordinal;
    private readonly Tensor? _basis;    // (tokens and hidden ones, functions of all columns)
    private readonly ResidualDenoiser _layers;

    /// <param name="outputs">Numbers that the likelihood of tokens takes.</param>
    public TokenDenoiser(DiffusionOptions options, NetworkInput input, int outputs, Initializer initializer) : base(nameof(TokenDenoiser))
    {
        var columns = input.TokenColumns;
        _size = options.HiddenSize;
        HiddenTokens = columns.Sum(column => column.Categories);
        double bound = Math.Sqrt(3.0 / columns.Count);   // of a sum of deviation 1
        int[] ordinal = [.. Enumerable.Range(0, columns.Count).Where(j => OrdinalBasis.Suits(columns[j]))];
        _embedding = this.Own("embedding", initializer.Uniform(ordinal.Length > 0 ? OwnShare * bound : bound, HiddenTokens + columns.Count, _size));
        if (ordinal.Length > 0)
        {
            _basis = initializer.Derived(Basis(input, ordinal).to(initializer.Device));
            _ordinal = this.Own("ordinal", initializer.Uniform(bound / Math.Sqrt(2), _basis.shape[1] * _size));
        }
        register_module("layers", _layers = new ResidualDenoiser(options, _size, ConditionInput.WidthOf(input), initializer, outputs));
    }

    /// <summary>Number of what stands for a hidden token of the first column; those of the others follow.</summary>
    public int HiddenTokens { get; }

    public Tensor TimeCode(Tensor angles) => _layers.TimeCode(angles);

    /// <param name="tokens">(batch, columns) Int64</param>
    /// <param name="given">The condition, as of <see cref="ConditionInput"/>.</param>
    /// <param name="code">(batch or 1, …) from <see cref="TimeCode"/></param>
    /// <param name="step">Null outside of training.</param>
    /// <returns>(batch, outputs)</returns>
    public Tensor Call(Tensor tokens, Tensor? given, Tensor code, TrainingStep? step)
    {
        var read = Table().index_select(0, tokens.flatten()).view(tokens.shape[0], tokens.shape[1], _size).sum(dim: 1);   // (batch, size)
        return _layers.Call(read.BesideCondition(given), code, step);
    }

    /// <inheritdoc cref="Call(Tensor, Tensor, Tensor, TrainingStep)"/>
    /// <param name="tokens">(batch, columns)</param>
    public OnnxValue Call(OnnxValue tokens, OnnxValue? given, OnnxValue code) =>
        _layers.Call(tokens.Graph.Weights(Table()).GatherRows(tokens.ToIntegers()).Sum(1).BesideCondition(given), code);

    // (tokens, size)
    private Tensor Table() => _basis is null ? _embedding : addmm(_embedding, _basis, _ordinal!.view(-1, _size), 1, 1);

    private static Tensor Basis(NetworkInput input, int[] ordinal)
    {
        var columns = input.TokenColumns;
        int width = ordinal.Length * OrdinalBasis.Functions;
        var basis = new float[(columns.Sum(column => column.Categories) + columns.Count) * width];
        for (int i = 0; i < ordinal.Length; i++)
        {
            int offset = columns.Take(ordinal[i]).Sum(column => column.Categories);
            foreach (var (token, values) in OrdinalBasis.Of(columns[ordinal[i]])) values.CopyTo(basis, (offset + token) * width + i * OrdinalBasis.Functions);
        }
        return tensor(basis).view(-1, width);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _basis?.Dispose();
        base.Dispose(disposing);
    }
}
