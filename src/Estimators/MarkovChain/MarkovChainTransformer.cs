using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>A trained Markov chain: adds score and log-likelihood of each sequence, and draws new sequences. Safe for several threads.</summary>
public sealed class MarkovChainTransformer : ITransformer
{
    /// <summary>What the state is called in which a sequence has ended and the next begins.</summary>
    public const string BoundaryState = "<boundary>";

    internal MarkovChainTransformer(MarkovChainModel model) => Model = model;

    internal MarkovChainModel Model { get; }

    /// <summary>How many symbols the next one depends on.</summary>
    public int Order => Model.Trie.Order;

    /// <summary>The symbols that were learnt: characters, words, texts, or the raw values of keys.</summary>
    public IReadOnlyList<string> Symbols => [.. Enumerable.Range(0, Model.Column.Count).Select(Model.Column.NameOf)];

    /// <summary>Nats per symbol of what was held out to find the order, by order from 0; null where the order was given.</summary>
    public IReadOnlyList<double>? HeldOutLoss => Model.Fit.HeldOut;

    /// <summary>Score above which <c>PredictedLabel</c> is true.</summary>
    public float ScoreThreshold => Model.Fit.Threshold;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ModelMapping(Model, inputSchema).OutputSchema;

    /// <summary>Adds the columns <c>Score</c>, <c>PredictedLabel</c> and <c>LogDensity</c>.</summary>
    public IDataView Transform(IDataView input) => new ScoringDataView(input, Model);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(Model, inputSchema);

    /// <summary>Draws new sequences, as they are read; reading them again gives the same.</summary>
    /// <param name="rows">How many, 0 or more.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit.</param>
    /// <param name="options">Temperature, prefix and the like; null for the defaults.</param>
    /// <returns>A view with the column of sequences.</returns>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public IDataView Sample(long rows, int? seed = null, SequenceSampleOptions? options = null)
    {
        options ??= new SequenceSampleOptions();
        options.Validate();
        var sampler = new ChainSampler(Model.Trie, Model.Column.Count, Model.Options.HasEnds, options, Model.Column.Prefix(options));
        long ofAll = seed ?? Model.Fit.Seed;
        var column = Model.Column.ToSampleColumn(position => sampler.Draw(new Random((int)RandomSeeds.Of(ofAll, position))));
        return new SampleDataView(new NoFloats(), [column], rows);
    }

    /// <summary>The share of each state in the long run, of a chain of order 1 or 0. States are the symbols and, where sequences end, <see cref="BoundaryState"/>: the next sequence follows on it.</summary>
    /// <exception cref="InvalidOperationException">The order is higher: its states would be all contexts.</exception>
    /// <exception cref="NotSupportedException">There are too many states.</exception>
    public IReadOnlyDictionary<string, double> StationaryDistribution() => Named(ChainStates.Stationary(Transitions()));

    /// <summary>How many steps it takes on average from each state until a state is reached; 0 from that one. States as in <see cref="StationaryDistribution"/>.</summary>
    /// <param name="state">The state to reach.</param>
    /// <inheritdoc cref="StationaryDistribution" path="/exception"/>
    /// <exception cref="ArgumentException">There is no such state.</exception>
    public IReadOnlyDictionary<string, double> ExpectedHittingTimes(string state)
    {
        int target = States().ToList().IndexOf(state);
        if (target < 0) throw new ArgumentException($"There is no state '{state}'; states are the symbols{(Model.Options.HasEnds ? $" and '{BoundaryState}'" : "")}.", nameof(state));
        return Named(ChainStates.HittingTimes(Transitions(), target));
    }

    private double[,] Transitions()
    {
        if (Order > 1) throw new InvalidOperationException($"The chain has order {Order}: its states are contexts of {Order} symbols. Train one with Order = 1 for figures of its states.");
        int states = States().Count();
        if (states > ChainStates.MostStates) throw new NotSupportedException($"The chain has {states} states; figures of states are computed for {ChainStates.MostStates} at most.");
        return ChainStates.Transitions(Model.Trie, Model.Column.Count, Model.Options.HasEnds);
    }

    private IEnumerable<string> States() => Model.Options.HasEnds ? Symbols.Prepend(BoundaryState) : Symbols;

    private Dictionary<string, double> Named(double[] values) => States().Zip(values).ToDictionary();

    // before anything of the step is written
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "Stock ML.NET has no step that looks up contexts of any length, and an ONNX graph has no such operator. Keep the chain with mlContext.Generative.SaveMarkovChain, and read it with LoadMarkovChain.");

    /// <summary>Sequences are made by their number: there is nothing to draw beforehand.</summary>
    private sealed class NoFloats : ISampleSource
    {
        public int Width => 0;

        public void Generate(long batch, int rows, float[] destination)
        {
        }
    }
}
