using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A diffusion of the columns of a table as tokens (Austin et al., 2021): noise takes the place of more and more of them, each by itself, and a network learns what is behind it. What the noise is, those that derive
/// from this say. Positions within tokens are uniform, whatever the tokens are.</summary>
/// <remarks>Within the network tokens are numbered among those of all columns.</remarks>
internal abstract partial class TableDiffusionNetwork : GenerativeNetwork, IGuidedSampler, ITableSampler, IVariationSampler, IImputer, ILogDensity, IScorer, IOnnxExportable
{
    // rows that the density is found for at a time: bounds memory
    private const int MostRows = 1024;

    private readonly TokenLikelihood _likelihood;
    private readonly Tensor _firstTokens;         // (columns,) Int64, of each column among those of all
    private readonly Tensor _tokenFeatures;       // (columns,) Int64
    private readonly Tensor? _positionFeatures;   // (positions,) Int64

    private protected TableDiffusionNetwork(DiffusionOptions options, NetworkInput input, Initializer initializer) : base("diffusion", input)
    {
        Options = options;
        Columns = input.TokenColumns;
        _likelihood = new TokenLikelihood(input, initializer);
        register_module("likelihood", _likelihood.State);
        Denoiser = new TokenDenoiser(options, input, _likelihood.Outputs, initializer);
        register_module("denoiser", Denoiser);
        _firstTokens = initializer.Indices(Columns.Select((_, j) => Columns.Take(j).Sum(column => column.Categories)));
        _tokenFeatures = initializer.Indices(Columns.Select(column => column.Token));
        int[] positions = [.. Columns.Select(column => column.Position).OfType<int>()];
        if (positions.Length > 0) _positionFeatures = initializer.Indices(positions);
    }

    private protected DiffusionOptions Options { get; }

    private protected IReadOnlyList<TokenColumn> Columns { get; }

    private protected TokenDenoiser Denoiser { get; }

    public int RowsAtOnce => 2048;

    public DensityKind DensityKind => DensityKind.Bound;

    public bool CanBeGuided => Input.ConditionSize > 0 && Options.ConditionDropout > 0;

    public override IReadOnlyList<Objective> Objectives => [new Objective("cross-entropy of tokens", Loss)];

    /// <summary>Tokens, numbered among those of all columns.</summary>
    /// <returns>(rows, columns)</returns>
    public override Tensor Prepare(Tensor x) => _likelihood.Targets(x);

    /// <param name="batch">Of tokens.</param>
    private protected abstract Tensor Loss(Batch batch, TrainingStep step);

    /// <summary>Takes noise off: draws tokens.</summary>
    /// <param name="start">What is there of the rows.</param>
    /// <param name="denoised">What the network says of rows.</param>
    /// <returns>(batch, columns) Int64</returns>
    private protected abstract Tensor DrawTokens(DrawStart start, Denoised denoised, DrawTerms terms, Generator generator);

    /// <summary>A bound on the log-chance of tokens.</summary>
    /// <param name="tokens">(batch, columns) Int64</param>
    /// <param name="output">(batch, columns) tokens with noise and an angle to the network's output, without guidance.</param>
    /// <returns>(batch,), nats</returns>
    private protected abstract Tensor LogChance(Tensor tokens, Func<Tensor, double, Tensor> output);

    /// <summary>log p of some tokens, each by itself.</summary>
    /// <returns>(batch, columns)</returns>
    private protected Tensor LogChances(Tensor tokens, Tensor output) => _likelihood.LogChances(tokens, output);

    private protected Tensor Logits(Tensor output) => _likelihood.Logits(output);

    /// <summary>What the network says of tokens, without a condition.</summary>
    /// <returns>(batch, tokens) logits</returns>
    internal Tensor TokenLogits(Tensor state, double angle) => Logits(Denoiser.Call(state, null, Code(angle), null));

    private protected Tensor Normal(long rows, long width, Generator generator) => empty(rows, width, device: _firstTokens.device).normal_(0, 1, generator);

    /// <summary>Uniform numbers, made of normal noise as in the ONNX graph.</summary>
    private protected Tensor Uniform(long rows, long width, Generator generator) => TokenDraws.Uniform(rows, width, generator, _firstTokens.device);

    public Tensor LogDensity(Tensor x, Tensor? condition) => RowBlocks.Compute(x, condition, MostRows, (rows, conditions) =>
    {
        var given = ConditionInput.Given(conditions);
        return LogChance(Prepare(rows).to(int64), (tokens, angle) => Denoiser.Call(tokens, given, Code(angle), null)) + _likelihood.LogWithin(rows);
    });

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    private Tensor Code(double angle) => Denoiser.TimeCode(full(1, angle, float32, _firstTokens.device));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _likelihood.Dispose();
            _firstTokens.Dispose();
            _tokenFeatures.Dispose();
            _positionFeatures?.Dispose();
        }
        base.Dispose(disposing);
    }
}
