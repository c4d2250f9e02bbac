using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator that has nothing to learn.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(IHost host, TTransformer transformer)
    {
        Host = host;
        Transformer = Contracts.CheckValue(transformer, nameof(transformer));
    }

    private protected IHost Host { get; }

    private protected TTransformer Transformer { get; }

    /// <summary>The transformer; throws where the schema doesn't fit.</summary>
    public TTransformer Fit(IDataView input)
    {
        Transformer.GetOutputSchema(Contracts.CheckValue(input, nameof(input)).Schema);
        return Transformer;
    }

    /// <inheritdoc/>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
