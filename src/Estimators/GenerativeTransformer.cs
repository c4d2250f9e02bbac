using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>A trained generative model: adds its columns to a data view, and draws new rows.</summary>
/// <remarks>Safe for several threads. Dispose it, or the chain that holds it, to give its memory back at once.</remarks>
public sealed class GenerativeTransformer : IGenerativeTransformer, ILogDensityColumn
{
    private readonly FittedModel _model;

    internal GenerativeTransformer(FittedModel model) => _model = model;

    internal FittedModel Model => _model;

    /// <summary>What the fit did.</summary>
    public TrainingReport TrainingReport => _model.Report;

    /// <summary>Score above which <c>PredictedLabel</c> is true.</summary>
    public float ScoreThreshold => _model.Threshold;

    /// <summary>What the column <c>LogDensity</c> is; null if the model has none.</summary>
    public DensityKind? DensityKind => (_model.Network as Networks.ILogDensity)?.DensityKind;

    /// <summary>Standard error of the constant that all numbers of <c>LogDensity</c> have in common, in nats, where it is estimated, as the log-partition of an energy-based model is;
    /// the largest, if there is one for each label. Null if there is no such constant, or it is exact.</summary>
    public double? DensityError => (_model.Network as Networks.ILogDensity)?.DensityError;

    string? ILogDensityColumn.LogDensityColumnName => DensityKind is null ? null : _model.Options.LogDensityColumnName;

    IDataView ILogDensityColumn.AddForComparison(IDataView rows) =>
        _model.Network is Networks.IComparableDensity density ? new ScoringDataView(rows, new ComparingModel(_model, density)) : Transform(rows);

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ModelMapping(_model, inputSchema).OutputSchema;

    /// <summary>Adds the model's columns. They are computed as they are read, a batch at a time, and only those that a reader activates.</summary>
    public IDataView Transform(IDataView input) => new ScoringDataView(input, _model);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(_model, inputSchema);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model can't draw rows, or not as the options ask for.</exception>
    /// <exception cref="ArgumentException">The label asked for was not in the training rows, or the model has none; or the options name a column that is not there, or a value that it can't have.</exception>
    public IDataView Sample(long rows, int? seed = null, SampleOptions? options = null) => Drawn(rows, null, seed, Checked(options));

    /// <summary>Draws rows that complete given ones, from a model of a table: row i has what is known of given row i modulo their number, as it is there, and the rest is drawn given that.</summary>
    /// <remarks>Columns of the model that the given rows lack are drawn as ever, with missing values if the model has learnt of some; holes (NaN, an empty text, key 0) in columns that they have
    /// are filled, never with a hole. Columns that the model does not know are left out. Values in the given rows stay even where they violate a constraint. The rows are read along with
    /// the draws, over and over, and must be the same each time.</remarks>
    /// <param name="rows">How many rows, 0 or more.</param>
    /// <param name="given">Rows with some of the model's columns; one at least.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit. The same seed gives the same rows.</param>
    /// <param name="options">Constraints, whether to mark the rows, …; null for the defaults.</param>
    /// <returns>A view with the columns that the model was trained on (and the label that it was conditioned on).</returns>
    /// <exception cref="NotSupportedException">The model is not one of tables.</exception>
    /// <exception cref="ArgumentException">The rows have none of the model's columns, or one of another type.</exception>
    public IDataView Sample(long rows, IDataView given, int? seed = null, SampleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        return Drawn(rows, given, seed, Checked(options));
    }

    private IDataView Drawn(long rows, IDataView? given, int? seed, SampleOptions options)
    {
        var request = DrawRequest.Of(_model, options, given);
        var columns = _model.Encoding.SampleColumns();
        var source = new PriorSamples(_model, seed ?? _model.Seed, LabelNumber(options), options.Context, options.GuidanceWeight, request);
        var drawn = View(source, request?.Columns(columns) ?? columns, rows, options);
        return given is null ? drawn : new CompletedView(drawn, given, request!.GivenColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model can't draw variations.</exception>
    /// <exception cref="ArgumentException">The options give values or constraints, which are for <c>Sample</c>.</exception>
    public IDataView Vary(IDataView source, long rows, int? seed = null, SampleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options = Checked(options);
        if (options.Given is not null || options.Constraints is not null) throw new ArgumentException("SampleOptions: Given and Constraints are for Sample; Vary keeps parts of its rows.");
        return View(new Variations(_model, source, seed ?? _model.Seed, options.Temperature), _model.Encoding.SampleColumns(), rows, options);
    }

    /// <summary>Fills in what is missing of the features (NaN; of a table also an empty text and key 0) given what is known of the row. Known values stay as they are; reading again gives the same.</summary>
    /// <param name="rows">Rows with the columns that the model was trained on.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit. Of no account where nothing is drawn.</param>
    /// <param name="method">By draws, which keep spread and dependence, or by what is most likely, which has the least error.</param>
    /// <returns>The rows with all their columns.</returns>
    /// <exception cref="NotSupportedException">The model can't impute, or not in that way.</exception>
    public IDataView Impute(IDataView rows, int? seed = null, ImputationMethod method = ImputationMethod.Draw)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ScoringDataView(rows, new ImputingModel(_model, seed ?? _model.Seed, method));
    }

    /// <summary>Fills in what is missing several times, by draws that are independent of each other, for multiple imputation (Rubin, 1987): what is computed of each view differs
    /// by as much as the holes leave open.</summary>
    /// <param name="rows">Rows with the columns that the model was trained on.</param>
    /// <param name="draws">How many times, 1 or more.</param>
    /// <param name="seed">Seed of the first draw; null takes the seed of the fit. View i is <c>Impute(rows, seed + i)</c>.</param>
    /// <returns>As many views, computed as they are read.</returns>
    /// <exception cref="NotSupportedException">The model can't impute.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="draws"/> is below 1.</exception>
    public IReadOnlyList<IDataView> ImputeMultiple(IDataView rows, int draws, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        int first = seed ?? _model.Seed;
        return [.. Enumerable.Range(0, draws).Select(i => Impute(rows, unchecked(first + i)))];
    }

    private static SampleOptions Checked(SampleOptions? options)
    {
        options ??= new SampleOptions();
        options.Validate();
        return options;
    }

    private int? LabelNumber(SampleOptions options)
    {
        if (options.Label is null) return null;
        return _model.Encoding.Label?.NumberOf(options.Label)
            ?? throw new ArgumentException("SampleOptions.Label is given, but the model is not conditioned on a label. Train it with LabelColumnName.");
    }

    private static SampleDataView View(ISampleSource source, IEnumerable<SampleColumn> columns, long rows, SampleOptions options)
    {
        if (options.IsSyntheticColumnName is { } mark) columns = columns.Append(new ConstantSampleColumn<bool>(mark, BooleanDataViewType.Instance, true));
        return new SampleDataView(source, [.. columns], rows);
    }

    // a zip can hold stock transformers only; what ML.NET loads is a chain of its own steps
    void ICanSaveModel.Save(ModelSaveContext ctx) => StockStep.Save(_model, ctx);

    /// <summary>Gives the memory of the network back.</summary>
    public void Dispose() => _model.Dispose();
}
