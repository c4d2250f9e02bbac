using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators one after another, each fitted on what the transformers before it give.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorLink[] _links;

    /// <summary>The last link; null for an empty chain.</summary>
    public readonly IEstimator<TLastTransformer> LastEstimator;

    /// <summary>An empty chain.</summary>
    public EstimatorChain()
        : this([])
    {
    }

    internal EstimatorChain(EstimatorLink[] links)
    {
        _links = links;
        LastEstimator = links.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    /// <summary>Fits all links.</summary>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        GetOutputSchema(SchemaShape.Create(Contracts.CheckValue(input, nameof(input)).Schema)); // so that what doesn't fit together is found first

        var transformers = new ITransformer[_links.Length];
        for (int i = 0; i < _links.Length; i++)
        {
            transformers[i] = _links[i].Estimator.Fit(input);
            input = transformers[i].Transform(input);
            if (_links[i].CacheAfter && i < _links.Length - 1)
                input = new CacheDataView(input);
        }
        return new(transformers, _links.Select(link => link.Scope));
    }

    /// <summary>What the columns will be after all links.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));

    /// <summary>The chain with one more link.</summary>
    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
        => new([.. _links, new EstimatorLink(Contracts.CheckValue(estimator, nameof(estimator)), scope)]);

    /// <summary>The chain with a cache behind its last link: the links that follow don't compute again what comes before.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        Contracts.Check(_links.Length > 0, "Current estimator chain has no estimator, can't append cache checkpoint.");
        return new([.. _links[..^1], _links[^1] with { CacheAfter = true }]);
    }
}

/// <summary>An estimator in a chain.</summary>
internal sealed record EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter = false);
