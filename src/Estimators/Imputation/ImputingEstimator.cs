using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>Trains a generative model, and then fills in what is missing of rows. Made by <c>mlContext.Generative.Impute</c>.</summary>
/// <remarks>A model of a column of features learns from the rows whose features are complete; a model of a table learns from all rows, what is known of them and what is not.</remarks>
public sealed class ImputingEstimator : IEstimator<ImputingTransformer>
{
    private readonly MLContext _context;
    private readonly IEstimator<GenerativeTransformer> _model;
    private readonly string? _featureColumnName;   // null for a table
    private readonly int? _seed;
    private readonly ImputationMethod _method;

    internal ImputingEstimator(MLContext context, IEstimator<GenerativeTransformer> model, int? seed, ImputationMethod method)
    {
        ArgumentNullException.ThrowIfNull(model);
        _context = context;
        _model = model;
        _featureColumnName = model is ILabelConditionable estimator ? estimator.FeatureColumnName
            : throw new ArgumentException($"{model.GetType().Name} is not an estimator of this catalog. Give one that mlContext.Generative.Train… makes.", nameof(model));
        _seed = seed;
        _method = method;
    }

    /// <summary>Trains the model.</summary>
    /// <param name="input">Rows to learn from; those with a feature that is missing are passed over, unless the model is one of a table.</param>
    /// <exception cref="ArgumentException">Fewer than two rows are complete, or the model cannot learn from them.</exception>
    /// <exception cref="NotSupportedException">The model can't impute.</exception>
    public ImputingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = _model.Fit(_featureColumnName is null ? input : Complete(input, _featureColumnName));
        try
        {
            return new ImputingTransformer(model, _seed, _method);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private IDataView Complete(IDataView input, string features)
    {
        SchemaShapes.Require(SchemaShapes.Of(input.Schema), features, ColumnRequirement.Features);
        return _context.Data.FilterRowsByMissingValues(input, features);
    }

    /// <summary>The same columns.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_featureColumnName is null) _model.GetOutputSchema(inputSchema);
        else SchemaShapes.Require(inputSchema, _featureColumnName, ColumnRequirement.Features);
        return inputSchema;
    }
}
