using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>Fills in what is missing of the features (NaN; of a table also an empty text and key 0), by a generative model given what is known of the row.</summary>
/// <remarks>Values that are known stay as they are. Reading a view again gives the same values. For several draws: <c>Model.ImputeMultiple</c>. Safe for several threads.</remarks>
public sealed class ImputingTransformer : ITransformer, IDisposable
{
    private readonly ImputingModel _imputing;

    internal ImputingTransformer(GenerativeTransformer model, int? seed, ImputationMethod method)
    {
        Model = model;
        _imputing = new ImputingModel(model.Model, seed ?? model.Model.Seed, method);
    }

    /// <summary>The model that fills them in.</summary>
    public GenerativeTransformer Model { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ModelMapping(_imputing, inputSchema).OutputSchema;

    /// <summary>Fills the features in, a batch of rows at a time, while they are read.</summary>
    public IDataView Transform(IDataView input) => new ScoringDataView(input, _imputing);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(_imputing, inputSchema);

    // before anything of the step is written
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "Stock ML.NET has no step that imputes by a generative model. Keep the model with mlContext.Generative.Save(imputing.Model, path), and impute with what Load gives.");

    /// <summary>Gives the memory of the model back.</summary>
    public void Dispose() => Model.Dispose();
}
