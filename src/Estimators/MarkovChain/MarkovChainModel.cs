using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>What a fit found besides the chain itself.</summary>
/// <param name="Seed">Of samples that are given none.</param>
/// <param name="Threshold">Score above which a sequence is flagged.</param>
/// <param name="Rows">Sequences learnt from.</param>
/// <param name="SymbolsSeen">Symbols in them.</param>
/// <param name="HeldOut">By order, nats per symbol of what was held out; null where the order was given.</param>
internal sealed record ChainFit(int Seed, float Threshold, long Rows, long SymbolsSeen, double[]? HeldOut);

/// <summary>A trained chain with what it takes to use it on rows of a data view. The log-likelihood of a sequence is computed as it is read.</summary>
internal sealed class MarkovChainModel(MarkovChainOptions options, SequenceColumn column, ContextTrie trie, ChainFit fit, long fingerprint) : IBatchModel
{
    public MarkovChainOptions Options { get; } = options;

    public SequenceColumn Column { get; } = column;

    public ContextTrie Trie { get; } = trie;

    public ChainFit Fit { get; } = fit;

    public long Fingerprint { get; } = fingerprint;

    public IReadOnlyList<string> InputColumns => [Column.Name];

    public IReadOnlyList<OutputColumn> Outputs { get; } = OutputsOf(options);

    public static IReadOnlyList<OutputColumn> OutputsOf(MarkovChainOptions options) =>
    [
        new(options.ScoreColumnName, NumberDataViewType.Single, 1), new(options.PredictedLabelColumnName, BooleanDataViewType.Instance, 1),
        new(options.LogDensityColumnName, NumberDataViewType.Single, 1),
    ];

    // the log-likelihood of a sequence, and its symbols
    public int InputWidth => 2;

    public void Check(DataViewSchema schema) => Column.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => new Encoder(this, row);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        for (int i = 0; i < rows; i++)
        {
            float logLikelihood = encoded[2 * i], score = ScoreOf(logLikelihood, encoded[2 * i + 1], Options);
            if (results[0] is { } scores) scores[i] = score;
            if (results[1] is { } flags) flags[i] = score > Fit.Threshold ? 1 : 0;
            if (results[2] is { } densities) densities[i] = logLikelihood;
        }
    }

    public static float ScoreOf(float logLikelihood, float symbols, MarkovChainOptions options) => -logLikelihood / (options.ScorePerSymbol ? Math.Max(1, symbols) : 1);

    private sealed class Encoder(MarkovChainModel model, DataViewRow row) : IRowEncoder
    {
        private readonly Action<List<int>> _read = model.Column.CreateReader(row, mostSymbols: 0);
        private readonly List<int> _sequence = [];

        public void Encode(Span<float> destination)
        {
            _sequence.Clear();
            _read(_sequence);
            if (model.Options.HasEnds) _sequence.Add(Symbols.End);
            destination[0] = (float)model.Trie.LogLikelihood(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sequence));
            destination[1] = _sequence.Count;
        }
    }
}
