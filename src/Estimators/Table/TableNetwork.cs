using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Rows of a table as a chain of their columns, in any order: p(x) = Π p(x_j | the columns before it), all from one network (<see cref="TableLayers"/>).</summary>
internal sealed partial class TableNetwork : GenerativeNetwork, ITableSampler, IVariationSampler, IMostLikelyImputer, ILogDensity, IColumnScorer, ICalibrated
{
    // rows that are worked on at a time when a density is computed: keeps the layers in the cache
    private const int BlockRows = 512;

    private readonly IReadOnlyList<TokenColumn> _columns;
    private readonly TableLayers _layers;
    private readonly int[] _order;            // columns, in the order in which they are drawn
    private readonly Tensor _ranks;           // (columns,) where in the order each column stands
    private readonly Tensor _tokenFeatures;   // (columns,) Int64
    private readonly TokenCells?[] _cells;    // of each column; null where every token is one category
    private readonly TokenCentres _centres;
    private readonly int[] _positionOf;       // of each column, which of the columns with positions it is

    public TableNetwork(TableOptions options, NetworkInput input, Initializer initializer) : base("table", input)
    {
        _columns = input.TokenColumns;
        _layers = new TableLayers(input, options, initializer);
        foreach (var part in _layers.Parts) register_module(part.GetName(), part);
        _order = [.. Enumerable.Range(0, _columns.Count).OrderBy(j => _columns[j].Categories)];
        _ranks = initializer.Derived(tensor(Enumerable.Range(0, _columns.Count).Select(j => (float)Array.IndexOf(_order, j)).ToArray(), device: initializer.Device));
        _tokenFeatures = initializer.Indices(_columns.Select(column => column.Token));
        _positionOf = TokenDraws.NumberPositions(_columns);
        _cells = [.. _columns.Select(column => TokenCells.Of(column, initializer))];
        _centres = new(_columns, initializer);
    }

    public DensityKind DensityKind => DensityKind.Exact;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative log-likelihood", Loss)];

    public override Tensor Prepare(Tensor x) => x;

    /// <summary>The mean over the batch of −log p of the tokens: a third of the rows in the order in which columns are drawn, a third with some columns, other ones in each row, before
    /// the rest in that order, and a third each in a random order.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        Tensor before;
        using (no_grad()) before = Before(Ranks(batch.Rows, step));
        return LogChances(Tokens(batch.X), _layers.Tables(), before, batch.Condition, step).sum().mul(-1.0 / batch.Rows);
    }

    // (batch, columns)
    private Tensor Ranks(long rows, TrainingStep step)
    {
        if (step.Validating) return _ranks.unsqueeze(0).expand(rows, -1);
        int columns = _columns.Count;
        long third = rows / 3;
        var isGiven = Random(third, columns).lt(Random(third, 1)).to(float32);
        return cat([_ranks.unsqueeze(0).expand(rows - 2 * third, -1), _ranks - columns * isGiven, Random(third, columns)]);

        Tensor Random(long first, long second) => empty(first, second, device: step.Device).uniform_(0, 1, step.Generator);
    }

    /// <param name="ranks">(…, columns)</param>
    /// <returns>(…, columns, columns) 1 where the second column stands before the first</returns>
    private static Tensor Before(Tensor ranks) => ranks.unsqueeze(-2).lt(ranks.unsqueeze(-1)).to(float32);

    /// <param name="tables">What <see cref="TableLayers.Tables()"/> gives.</param>
    /// <param name="before">(batch or 1, columns, columns)</param>
    /// <returns>(columns, batch) log of the chance of each token given those before it</returns>
    private Tensor LogChances(Tensor tokens, (Tensor Inward, Tensor Outward) tables, Tensor before, Tensor? condition, TrainingStep? step)
    {
        var sums = before.matmul(_layers.Terms(tokens, tables.Inward)) + _layers.Start(condition).unsqueeze(1);   // (batch, columns, hidden)
        return _layers.Logits(sums, tables.Outward, step).log_softmax(-1).gather(2, tokens.t().unsqueeze(2)).squeeze(2);
    }

    private Tensor Tokens(Tensor x) => x.index_select(1, _tokenFeatures).to(int64);   // (batch, columns)

    public Tensor LogDensity(Tensor x, Tensor? condition) => ColumnLogDensities(x, condition).sum(-1);

    public Tensor Score(Tensor x, Tensor? condition) => LogDensity(x, condition).neg_();

    public Tensor ColumnScores(Tensor x, Tensor? condition) => ColumnLogDensities(x, condition).neg_();

    /// <summary>What each column adds to the log-density of a row: its own given those that are drawn before it.</summary>
    /// <returns>(batch, columns), nats, in the units of the columns</returns>
    public Tensor ColumnLogDensities(Tensor x, Tensor? condition)
    {
        var tables = _layers.Tables();
        var before = Before(_ranks).unsqueeze(0);
        return RowBlocks.Compute(x, condition, BlockRows, (rows, conditions) => LogChances(Tokens(rows), tables, before, conditions, null).t() + WithinTokens(rows));
    }

    // (batch, columns) log-density of the value of each column given its token
    private Tensor WithinTokens(Tensor x)
    {
        var result = zeros(x.shape[0], _columns.Count, device: x.device);
        for (int j = 0; j < _columns.Count; j++)
            if (_cells[j] is { } cells) result.select(1, j).copy_(cells.LogWithin(x));
        return result;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _layers.Dispose();
            _ranks.Dispose();
            _tokenFeatures.Dispose();
            foreach (var cells in _cells) cells?.Dispose();
            _centres.Dispose();
        }
        base.Dispose(disposing);
    }
}
