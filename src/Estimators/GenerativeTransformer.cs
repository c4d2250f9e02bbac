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

    string? ILogDensityColumn.LogDensityColumnName => DensityKind is null ? null : _model.Options.LogDensityColumnName;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ModelMapping(_model, inputSchema).OutputSchema;

    /// <summary>Adds the model's columns. They are computed as they are read, a batch at a time, and only those that a reader activates.</summary>
    public IDataView Transform(IDataView input) => new ScoringDataView(input, _model);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(_model, inputSchema);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model can't draw rows.</exception>
    /// <exception cref="ArgumentException">The label asked for was not in the training rows, or the model has none.</exception>
    public IDataView Sample(long rows, int? seed = null, SampleOptions? options = null)
    {
        options = Checked(options);
        return View(new PriorSamples(_model, seed ?? _model.Seed, LabelNumber(options), options.Context), rows, options);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The model can't draw variations.</exception>
    public IDataView Vary(IDataView source, long rows, int? seed = null, SampleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options = Checked(options);
        return View(new Variations(_model, source, seed ?? _model.Seed, options.Temperature), rows, options);
    }

    /// <summary>Fills in what is missing of the features (NaN; of a table also an empty text and key 0) by draws given what is known of the row. Known values stay as they are; reading again gives the same draws.</summary>
    /// <param name="rows">Rows with the columns that the model was trained on.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit. Other seeds give other draws, for multiple imputation.</param>
    /// <returns>The rows with all their columns.</returns>
    /// <exception cref="NotSupportedException">The model can't impute.</exception>
    public IDataView Impute(IDataView rows, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ScoringDataView(rows, new ImputingModel(_model, seed ?? _model.Seed));
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

    private SampleDataView View(ISampleSource source, long rows, SampleOptions options)
    {
        var columns = _model.Encoding.SampleColumns().ToList();
        if (options.IsSyntheticColumnName is { } mark) columns.Add(new ConstantSampleColumn<bool>(mark, BooleanDataViewType.Instance, true));
        return new SampleDataView(source, columns, rows);
    }

    // a zip can hold stock transformers only; what ML.NET loads is a chain of its own steps
    void ICanSaveModel.Save(ModelSaveContext ctx) => StockStep.Save(_model, ctx);

    /// <summary>Gives the memory of the network back.</summary>
    public void Dispose() => _model.Dispose();
}
