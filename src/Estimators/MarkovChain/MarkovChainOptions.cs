namespace Microsoft.ML.Generative;

/// <summary>What the symbols of a column of texts are.</summary>
public enum TextUnit
{
    /// <summary>Its characters (UTF-16 units), as they are.</summary>
    Characters,

    /// <summary>Its words: what stands between white space, as it is. Drawn words are joined by single spaces.</summary>
    Words,
}

/// <summary>Options of the Markov chain: each symbol of a sequence given those before it, with modified Kneser–Ney smoothing.</summary>
public sealed record MarkovChainOptions
{
    /// <summary>Column of sequences, of any length: a text, or a vector of keys or of texts. Default: <c>Sequence</c>.</summary>
    public string SequenceColumnName { get; init; } = "Sequence";

    /// <summary>What the symbols of a text are; ignored for vectors. Default: Characters.</summary>
    public TextUnit TextUnit { get; init; } = TextUnit.Characters;

    /// <summary>How many symbols the next one depends on, from 0 to 20. Default: null, whichever up to <see cref="MostOrder"/> makes a tenth of the sequences, which is held out for it,
    /// most likely.</summary>
    public int? Order { get; init; }

    /// <summary>The longest context that is tried where <see cref="Order"/> is null, from 0 to 20. Default: null, 10 for characters, else 5.</summary>
    public int? MostOrder { get; init; }

    /// <summary>Whether the end of a sequence is a symbol as others: chances of where sequences end are learnt, and drawn. Default: true.</summary>
    public bool HasEnds { get; init; } = true;

    /// <summary>Different runs of symbols (contexts with what follows) that are counted, 1000 to 500,000,000: of more, the rarest are forgotten. Memory in training is about 40 bytes for
    /// each that there is, whatever the length of the sequences. Default: 20,000,000.</summary>
    public int MostRuns { get; init; } = 20_000_000;

    /// <summary>Whether the score is that of the mean symbol of a sequence, or of all its symbols together, which long sequences have more of. Default: true.</summary>
    public bool ScorePerSymbol { get; init; } = true;

    /// <summary>Name of the column <c>Score</c> (Single, nats; higher is more abnormal: minus the log-likelihood).</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Name of the column <c>PredictedLabel</c> (Boolean; true if the score is above the threshold that <see cref="Contamination"/> sets).</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>Name of the column <c>LogDensity</c> (Single, nats): the log-likelihood of the sequence, exact.</summary>
    public string LogDensityColumnName { get; init; } = "LogDensity";

    /// <summary>Share of the sequences to learn from that is taken to be abnormal. From 0 up to 0.5. Default: 0.1.</summary>
    public double Contamination { get; init; } = 0.1;

    /// <summary>Seed of samples that are given none. Default: null, drawn from the <see cref="MLContext"/>.</summary>
    public int? Seed { get; init; }

    private IEnumerable<string> OutputColumnNames => [ScoreColumnName, PredictedLabelColumnName, LogDensityColumnName];

    /// <summary>Throws one exception that names every option out of range.</summary>
    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(!string.IsNullOrEmpty(SequenceColumnName), SequenceColumnName, "the name of a column");
        faults.Require(Enum.IsDefined(TextUnit), TextUnit, "a value of the enumeration");
        faults.Require(Order is null or (>= 0 and <= 20), Order, "from 0 to 20");
        faults.Require(MostOrder is null or (>= 0 and <= 20), MostOrder, "from 0 to 20");
        faults.Require(MostRuns is >= 1000 and <= 500_000_000, MostRuns, "from 1000 to 500000000");
        faults.Require(OutputColumnNames.All(n => !string.IsNullOrEmpty(n)), string.Join(", ", OutputColumnNames), "names for all output columns");
        faults.Require(OutputColumnNames.Distinct().Count() == OutputColumnNames.Count(), string.Join(", ", OutputColumnNames), "different names for the output columns");
        faults.Require(Contamination is >= 0 and <= 0.5, Contamination, "from 0 to 0.5");
        faults.ThrowIfAny(nameof(MarkovChainOptions));
    }
}

/// <summary>How sequences are drawn.</summary>
public sealed record SequenceSampleOptions
{
    /// <summary>Exponent: chances are taken to the power of 1/temperature. Above 0: below 1 likely symbols are drawn still more often. Default: 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw among so many most likely symbols only, 1 or more. Default: null, among all.</summary>
    public int? TopK { get; init; }

    /// <summary>What every sequence begins with; it is part of the drawn sequence. Of a chain over texts, or over vectors of texts, whose symbols are then parted by white space. Default: none.</summary>
    public string? Prefix { get; init; }

    /// <summary>The same for a chain over keys: raw values, from 1. Default: none.</summary>
    public IReadOnlyList<uint>? PrefixKeys { get; init; }

    /// <summary>Most symbols of a sequence, with the prefix; one that has not ended by then is cut. 1 or more. Default: 1000.</summary>
    public int MaximumLength { get; init; } = 1000;

    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(Temperature is > 0 and <= 1e6, Temperature, "above 0");
        faults.Require(TopK is null or >= 1, TopK, "1 or more");
        faults.Require(MaximumLength >= 1, MaximumLength, "1 or more");
        faults.ThrowIfAny(nameof(SequenceSampleOptions));
    }
}
