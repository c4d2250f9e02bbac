using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>Options of the pairwise Markov network over binary and categorical variables: the slots of a column of features that are 0 or 1, or
/// columns of a table, <see cref="GenerativeOptions.InputColumnNames"/>, of which numbers are parted into bins.</summary>
public sealed record MarkovNetworkOptions : GenerativeOptions
{
    /// <summary>Where the edges come from. Default: BoundedTreewidth.</summary>
    public MarkovStructure Structure { get; init; } = MarkovStructure.BoundedTreewidth;

    /// <summary>The edges, where <see cref="Structure"/> is Given; ignored otherwise. Default: null.</summary>
    public IReadOnlyList<MarkovEdge>? Edges { get; init; }

    /// <summary>Pixels in a row, where <see cref="Structure"/> is Grid; ignored otherwise. 1 or more. Default: null.</summary>
    public int? GridWidth { get; init; }

    /// <summary>How the weights are learnt. Default: Automatic.</summary>
    public MarkovFit Fit { get; init; } = MarkovFit.Automatic;

    /// <summary>Entries that a table of exact inference may have, from 4 to 1,048,576: 2 to the power of the treewidth plus 1 where all variables are binary.
    /// Default: null, 4096 where all variables are binary, else 16,384.</summary>
    public int? MostTableEntries { get; init; }

    /// <summary>Made-up rows, in which every token is as likely as any other, that are mixed into what is counted: at 4, each pair of values of two binary columns has one. From 0 to
    /// 1,000,000; 0 leaves what was never seen with no chance to speak of. Default: null, 4 for a tree, else 0.5.</summary>
    public double? Smoothing { get; init; }

    /// <summary>Penalty on the squares of the edges' weights, by which half their sum is multiplied, per row; ignored for a tree without labels. 0 or more.
    /// Default: null, 0.1 over the number of rows.</summary>
    public double? Penalty { get; init; }

    /// <summary>Penalty on the size of each edge's weights where <see cref="Structure"/> is Sparse, ignored otherwise: more means fewer edges. Above 0.
    /// Default: null, √(log variables / rows).</summary>
    public double? Sparsity { get; init; }

    /// <summary>Sweeps of Gibbs sampling before rows are taken, where inference is not exact. 1 to 100,000. Default: 500.</summary>
    public int BurnIn { get; init; } = 500;

    /// <summary>Chains of annealed importance sampling, by which the log-partition is estimated where inference is not exact, and of persistent contrastive divergence. 2 to 100,000.
    /// Default: 256.</summary>
    public int Chains { get; init; } = 256;

    /// <summary>Points on the way of annealed importance sampling, 1 to 1,000,000. Default: 2000.</summary>
    public int AnnealingSteps { get; init; } = 2000;

    /// <summary>Most categories of a text or key column that have a token of their own, the most frequent ones; the others are one. 1 or more. Default: 50.</summary>
    public int MostCategories { get; init; } = 50;

    /// <summary>Rows that a value must have to be drawn as it is, and that must reach the ends of a column of numbers: no value of fewer rows is copied. 1 (no protection) or more.
    /// Default: 5.</summary>
    public int LeastRows { get; init; } = 5;

    /// <summary>Quantile bins of a column of numbers with more different values than this. 1 or more. Default: 10.</summary>
    public int Bins { get; init; } = 10;

    // the matrix of all pairs of tokens has to fit
    private const int MostTokens = 4096;

    private protected override void ValidateModel(OptionFaults faults)
    {
        faults.Require(ContextColumnName is null, ContextColumnName, "null for a Markov network, which can be conditioned on a label only", nameof(ContextColumnName));
        faults.Require(Enum.IsDefined(Structure), Structure, "a value of the enumeration");
        faults.Require(Structure != MarkovStructure.Given || Edges is not null, null, "given where Structure is Given", nameof(Edges));
        faults.Require(Edges is null || Edges.All(edge => edge is { First: not null, Second: not null } && edge.First != edge.Second), "a list with an edge of one column or none", "pairs of different columns", nameof(Edges));
        faults.Require(Structure == MarkovStructure.Grid ? GridWidth >= 1 : GridWidth is null or >= 1, GridWidth, "1 or more, and given where Structure is Grid");
        faults.Require(Enum.IsDefined(Fit), Fit, "a value of the enumeration");
        faults.Require(MostTableEntries is null or (>= 4 and <= 1 << 20), MostTableEntries, "from 4 to 1048576");
        faults.Require(Smoothing is null or (>= 0 and <= 1e6), Smoothing, "from 0 to 1000000");
        faults.Require(Penalty is null or (>= 0 and <= 1e6), Penalty, "from 0 to 1000000");
        faults.Require(Sparsity is null or (> 0 and <= 1e6), Sparsity, "above 0");
        faults.Require(BurnIn is >= 1 and <= 100_000, BurnIn, "from 1 to 100000");
        faults.Require(Chains is >= 2 and <= 100_000, Chains, "from 2 to 100000");
        faults.Require(AnnealingSteps is >= 1 and <= 1_000_000, AnnealingSteps, "from 1 to 1000000");
        faults.Require(MostCategories >= 1, MostCategories, "1 or more");
        faults.Require(LeastRows >= 1, LeastRows, "1 or more");
        faults.Require(Bins >= 1, Bins, "1 or more");
    }

    [JsonIgnore]
    internal override string ModelName => "markov-network";

    [JsonIgnore]
    internal override Type NetworkType => typeof(PairwiseNetwork);

    [JsonIgnore]
    internal override bool TakesProportions => false;

    [JsonIgnore]
    internal override bool TakesTokens => true;

    [JsonIgnore]
    internal override TableEncodingOptions TableEncoding => new() { MostCategories = MostCategories, LeastRows = LeastRows, Bins = Bins, FewValues = Bins, SpikeShare = 1.0 / Bins };

    [JsonIgnore]
    internal override bool UsesCorrelation => false;

    /// <summary>Whether the weights that are there before the first step may be final, so that the steps only measure.</summary>
    [JsonIgnore]
    internal bool MayBeExact => Fit == MarkovFit.Automatic;

    internal override TrainingDefaults DefaultTraining(NetworkInput input)
    {
        const int batchSize = 256, passes = 30;
        bool onlyMeasures = MayBeExact && Structure is MarkovStructure.Tree or MarkovStructure.BoundedTreewidth;
        return new()
        {
            BatchSize = batchSize,
            Steps = onlyMeasures ? (int)Math.Clamp((input.Rows + batchSize - 1) / batchSize, 1, MostSteps) : (int)Math.Clamp(passes * input.Rows / batchSize, FewestSteps, MostSteps),
            LearningRate = 0.02,
            WeightDecay = 0.01,
        };
    }

    private const int FewestSteps = 2000, MostSteps = 20_000;

    internal override GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer)
    {
        var layout = TokenLayout.Of(input);
        if (layout.Tokens > MostTokens)
            throw new ArgumentException($"The columns have {layout.Tokens} tokens, and a Markov network can have {MostTokens}. Leave columns out, or lower MostCategories or Bins.");
        return new PairwiseNetwork(this, layout, input, initializer);
    }
}
