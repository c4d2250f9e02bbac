using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Learns a Markov chain over sequences. Made by <c>mlContext.Generative.TrainMarkovChain</c>.</summary>
/// <remarks>One pass over the rows, whose texts are not kept: memory grows with the number of different runs of symbols, <see cref="MarkovChainOptions.MostRuns"/> at most. Nothing in it is
/// drawn by chance. Fitting never changes the estimator; fitting again gives the same chain.</remarks>
public sealed class MarkovChainEstimator : IEstimator<MarkovChainTransformer>
{
    private readonly MLContext _context;
    private readonly MarkovChainOptions _options;
    private readonly int _seed;

    internal MarkovChainEstimator(MLContext context, MarkovChainOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _context = context;
        _options = options;
        _seed = options.Seed ?? ((Runtime.IHostEnvironment)context).Register("markov-chain").Rand.Next();
    }

    /// <summary>Learns the chain.</summary>
    /// <param name="input">Sequences to learn from; one, if it is long, will do.</param>
    /// <exception cref="ArgumentException">The column is missing or of another type, or no row has a symbol.</exception>
    public MarkovChainTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new ChannelLog(_context, "markov-chain");
        var column = SequenceColumn.Find(input.Schema, _options);
        var learner = new ChainLearner(_options, column);
        var sequence = new List<int>();
        using (var cursor = input.GetRowCursor([input.Schema[column.Name]]))
        {
            var read = column.CreateReader(cursor, learner.MostSymbols);
            while (cursor.MoveNext())
            {
                sequence.Clear();
                read(sequence);
                if (_options.HasEnds) sequence.Add(Symbols.End);
                learner.Add(sequence);
            }
        }
        if (learner.SymbolsSeen - (_options.HasEnds ? learner.Rows : 0) == 0)
            throw new ArgumentException($"Column '{column.Name}' has no symbol in {learner.Rows} rows; there is nothing to learn. Check filters and the path that the rows are loaded from.");
        if (learner.Forgotten > 0) log.Warning($"{learner.Forgotten} occurrences of rare runs were forgotten: there are more than {_options.MostRuns} different ones. Raise MostRuns, or lower the order.");
        var (trie, heldOut) = learner.Learn(column.Count + (_options.HasEnds ? 2 : 1), log);
        var fit = new ChainFit(_seed, Threshold(learner.Kept, trie), learner.Rows, learner.SymbolsSeen, heldOut);
        return new MarkovChainTransformer(new MarkovChainModel(_options, column, trie, fit, learner.Fingerprint));
    }

    // so that the wanted share of the sequences lies above it
    private float Threshold(IReadOnlyList<int[]> sequences, ContextTrie trie)
    {
        float[] scores = [.. sequences.Select(sequence => MarkovChainModel.ScoreOf((float)trie.LogLikelihood(sequence), sequence.Length, _options)).Order()];
        return scores[(int)Math.Clamp(Math.Ceiling((1 - _options.Contamination) * scores.Length) - 1, 0, scores.Length - 1)];
    }

    /// <summary>The columns after the chain has added its own.</summary>
    /// <exception cref="ArgumentException">The column of sequences is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShapes.Require(inputSchema, _options.SequenceColumnName, SequenceColumn.Requirement);
        return SchemaShapes.With(inputSchema, MarkovChainModel.OutputsOf(_options));
    }
}
