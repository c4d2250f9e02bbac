using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

// What a network can do beyond being trained. x is always (batch, features) as encoded, not yet standardised; condition is
// (batch, conditions) or null where the model has none. Everything runs without gradients, and is a function of its arguments alone.

/// <summary>Draws new rows.</summary>
internal interface ISampler
{
    /// <summary>Rows that are best drawn together: as many as do not make the layers outgrow the cache, more where every variable takes a step of its own.</summary>
    int RowsAtOnce => 256;

    /// <summary>Draws one row for every row of <paramref name="condition"/>, or <paramref name="rows"/> rows where the model has no condition.</summary>
    /// <returns>(rows, features), in the units of the training rows.</returns>
    Tensor Sample(long rows, Tensor? condition, Generator generator);
}

/// <summary>Draws rows more typical of their condition than the model's own, or less so.</summary>
internal interface IGuidedSampler : ISampler
{
    /// <summary>Whether the model knows rows without their condition, too.</summary>
    bool CanBeGuided { get; }

    /// <inheritdoc cref="ISampler.Sample(long, Tensor, Generator)"/>
    /// <param name="guidance">w of classifier-free guidance, in the place of the model's own.</param>
    Tensor Sample(long rows, Tensor? condition, double guidance, Generator generator);
}

/// <summary>Draws rows together so that their shares of everything scatter less than those of independent rows, each being a draw as any other.</summary>
internal interface IEvenSampler : ISampler
{
    /// <inheritdoc cref="ISampler.Sample(long, Tensor, Generator)"/>
    Tensor SampleEvenly(long rows, Tensor? condition, Generator generator);
}

/// <summary>Draws rows of a table of which something is asked, in batches as even as those of which nothing is.</summary>
internal interface ITableSampler : IEvenSampler
{
    /// <param name="rows">How many rows.</param>
    /// <param name="given">What is known of them; null for nothing.</param>
    /// <param name="terms">How the other columns are drawn.</param>
    /// <returns>(rows, features), equal to what is known where something is. Positions of restricted columns are not yet placed.</returns>
    Tensor SampleEvenly(long rows, KnownValues? given, Tensor? condition, DrawTerms terms, Generator generator);
}

/// <summary>What is known of some rows.</summary>
/// <param name="X">(batch, features), 0 where nothing is known</param>
/// <param name="Known">(batch, features), 1 where x is known</param>
internal sealed record KnownValues(Tensor X, Tensor Known);

/// <summary>How what is not known of rows of a table is drawn.</summary>
internal sealed record DrawTerms
{
    // a temperature of 0, as near as single precision needs
    private const double LowestTemperature = 1e-4;

    public static DrawTerms Anything { get; } = new();

    /// <summary>Anything but a missing value.</summary>
    public static DrawTerms AnyValue { get; } = new() { IsPresent = _ => true };

    /// <summary>What may be drawn of each of the table's columns of tokens, null for anything; null altogether for anything of all.</summary>
    public IReadOnlyList<TokenRestriction?>? Restrictions { get; init; }

    /// <summary>Whether a column of tokens is never drawn as missing; null for none.</summary>
    public Func<int, bool>? IsPresent { get; init; }

    /// <summary>What logits are divided by, 0 to 10.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The same, above 0.</summary>
    public double Divisor => Math.Max(Temperature, LowestTemperature);

    /// <summary>The token of a column that stands for what is missing, if it is not to be drawn; a column that has no other is left alone.</summary>
    public int? Excluded(int index, TokenColumn column) => IsPresent?.Invoke(index) == true && column is { Missing: { } missing, Categories: > 1 } ? missing : null;

    /// <summary>w of classifier-free guidance, in the place of the model's own; null for that. Only for a <see cref="IGuidedSampler"/>.</summary>
    public double? Guidance { get; init; }
}

/// <summary>Draws variations of given rows: from the posterior around each of them.</summary>
internal interface IVariationSampler
{
    /// <param name="temperature">Scale of the noise: 0 gives reconstructions, 1 the full posterior.</param>
    /// <returns>(batch, features), one variation for every row of <paramref name="x"/>.</returns>
    Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator);
}

/// <summary>Says how likely rows are.</summary>
internal interface ILogDensity
{
    DensityKind DensityKind { get; }

    /// <summary>Standard error of what all log-densities have in common, nats; null where there is none, or none is known.</summary>
    double? DensityError => null;

    /// <returns>(batch,), nats, in the units of the training rows.</returns>
    Tensor LogDensity(Tensor x, Tensor? condition);
}

/// <summary>Says cheaply how likely rows are under different conditions.</summary>
internal interface IComparableDensity : ILogDensity
{
    /// <returns>(batch,) log-density, nats, up to what is the same for all conditions of a row; an estimate, with the same noise for all of them.</returns>
    Tensor ComparableLogDensity(Tensor x, Tensor? condition);
}

/// <summary>Gives rows back as the model sees them.</summary>
internal interface IReconstructor
{
    /// <returns>(batch, features), in the units of the training rows.</returns>
    Tensor Reconstruct(Tensor x, Tensor? condition);
}

/// <summary>Gives the code of a row.</summary>
internal interface IEncoder
{
    int LatentSize { get; }

    /// <returns>(batch, latent)</returns>
    Tensor Encode(Tensor x, Tensor? condition);
}

/// <summary>Fills in what is not known of a row.</summary>
internal interface IImputer
{
    /// <param name="known">(batch, features), 1 where x is known, 0 where it is to be drawn.</param>
    /// <returns>(batch, features), equal to x where it is known.</returns>
    Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator);
}

/// <summary>Fills in what is not known of a row by what is most likely.</summary>
internal interface IMostLikelyImputer : IImputer
{
    /// <summary>Of each category the most probable one, of each number the median, given what is known of the row and nothing that is filled in beside it.</summary>
    /// <inheritdoc cref="IImputer.Impute"/>
    Tensor MostLikely(Tensor x, Tensor known, Tensor? condition);
}

/// <summary>Says how unusual rows are; higher is more abnormal.</summary>
internal interface IScorer
{
    /// <returns>(batch,)</returns>
    Tensor Score(Tensor x, Tensor? condition);
}

/// <summary>Says what each column of a table adds to the score of a row.</summary>
internal interface IColumnScorer : IScorer
{
    /// <returns>(batch, columns): the score is their sum.</returns>
    Tensor ColumnScores(Tensor x, Tensor? condition);
}

/// <summary>Has something to learn from the training rows once the weights are final: the spread of residuals, the density of codes.</summary>
internal interface ICalibrated
{
    /// <param name="batches">The training rows, once, in batches.</param>
    void Calibrate(IEnumerable<Batch> batches);
}

/// <summary>Says by its samples how good it is: the losses of players against each other say nothing of it.</summary>
internal interface IMonitored
{
    /// <summary>What takes the place of the loss on held-out rows in choosing the weights.</summary>
    /// <param name="heldOut">Prepared rows.</param>
    /// <returns>How unlike the rows its samples are; lower is better.</returns>
    double Measure(IEnumerable<Batch> heldOut, Generator generator);

    /// <summary>Says of the weights that were kept whether samples cover the rows.</summary>
    /// <param name="rows">Prepared rows: held out, or to learn from without any.</param>
    void Report(IEnumerable<Batch> rows, Generator generator, ITrainingLog log);
}

/// <summary>Learns something from the training rows before the first step: the edges of a graph, weights that need no steps. A network that goes on from a trained one does not.</summary>
internal interface IInitialised
{
    /// <param name="rows">Goes through the training rows, in batches.</param>
    void Initialise(Func<IEnumerable<Batch>> rows, Generator generator, ITrainingLog log, CancellationToken cancellation);
}

/// <summary>Has something to learn from rows that the weights were not trained on, once these are final; without such rows it does without.</summary>
internal interface IHeldOutCalibrated
{
    /// <param name="heldOut">The rows held out, once, in batches.</param>
    void Calibrate(IEnumerable<Batch> heldOut);
}
