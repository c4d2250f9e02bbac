using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>Trains a generative model on the rows whose features are complete, and then fills in what is missing of others. Made by <c>mlContext.Generative.Impute</c>.</summary>
public sealed class ImputingEstimator : IEstimator<ImputingTransformer>
{
    private readonly MLContext _context;
    private readonly IEstimator<GenerativeTransformer> _model;
    private readonly string _featureColumnName;
    private readonly int? _seed;

    internal ImputingEstimator(MLContext context, IEstimator<GenerativeTransformer> model, int? seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        _context = context;
        _model = model;
        _featureColumnName = model is ILabelConditionable estimator ? estimator.FeatureColumnName
            : throw new ArgumentException($"{model.GetType().Name} is not an estimator of this catalog. Give one that mlContext.Generative.Train… makes.", nameof(model));
        _seed = seed;
    }

    /// <summary>Trains the model.</summary>
    /// <param name="input">Rows to learn from; those with a feature that is missing are passed over.</param>
    /// <exception cref="ArgumentException">Fewer than two rows are complete, or the model cannot learn from them.</exception>
    /// <exception cref="NotSupportedException">The model can't impute.</exception>
    public ImputingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SchemaShapes.Require(SchemaShapes.Of(input.Schema), _featureColumnName, ColumnRequirement.Features);
        var model = _model.Fit(_context.Data.FilterRowsByMissingValues(input, _featureColumnName));
        try
        {
            return new ImputingTransformer(model, _seed);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The same columns.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShapes.Require(inputSchema, _featureColumnName, ColumnRequirement.Features);
        return inputSchema;
    }
}
