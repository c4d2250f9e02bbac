using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Puts loaders, estimators and transformers one after another.</summary>
public static class LearningPipelineExtensions
{
    /// <summary>A loader that is fitted, followed by an estimator.</summary>
    public static CompositeLoaderEstimator<TSource, TTrans> Append<TSource, TTrans>(
        this IDataLoaderEstimator<TSource, IDataLoader<TSource>> start, IEstimator<TTrans> estimator)
        where TTrans : class, ITransformer
        => new CompositeLoaderEstimator<TSource, ITransformer>(start).Append(estimator);

    /// <summary>A loader followed by an estimator.</summary>
    public static CompositeLoaderEstimator<TSource, TTrans> Append<TSource, TTrans>(this IDataLoader<TSource> start, IEstimator<TTrans> estimator)
        where TTrans : class, ITransformer
        => new TrivialLoaderEstimator<TSource>(Contracts.CheckValue(start, nameof(start))).Append(estimator);

    /// <summary>A loader followed by a transformer.</summary>
    public static CompositeDataLoader<TSource, TTrans> Append<TSource, TTrans>(this IDataLoader<TSource> loader, TTrans transformer)
        where TTrans : class, ITransformer
        => new CompositeDataLoader<TSource, ITransformer>(loader).AppendTransformer(transformer);

    /// <summary>An estimator followed by another one.</summary>
    public static EstimatorChain<TTrans> Append<TTrans>(this IEstimator<ITransformer> start, IEstimator<TTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TTrans : class, ITransformer
    {
        Contracts.CheckValue(start, nameof(start));
        return start is EstimatorChain<ITransformer> chain
            ? chain.Append(estimator, scope)
            : new EstimatorChain<ITransformer>().Append(start).Append(estimator, scope);
    }

    /// <summary>A transformer followed by another one.</summary>
    public static TransformerChain<TTrans> Append<TTrans>(this ITransformer start, TTrans transformer)
        where TTrans : class, ITransformer
        => new(Contracts.CheckValue(start, nameof(start)), Contracts.CheckValue(transformer, nameof(transformer)));

    /// <summary>An estimator with a cache behind it.</summary>
    public static EstimatorChain<TTrans> AppendCacheCheckpoint<TTrans>(this IEstimator<TTrans> start, IHostEnvironment env)
        where TTrans : class, ITransformer
        => new EstimatorChain<ITransformer>().Append(start).AppendCacheCheckpoint(env);

    /// <summary>An estimator that shows what it has fitted.</summary>
    public static IEstimator<TTransformer> WithOnFitDelegate<TTransformer>(this IEstimator<TTransformer> estimator, Action<TTransformer> onFit)
        where TTransformer : class, ITransformer
        => new DelegateEstimator<TTransformer>(Contracts.CheckValue(estimator, nameof(estimator)), Contracts.CheckValue(onFit, nameof(onFit)));

    private sealed class DelegateEstimator<TTransformer>(IEstimator<TTransformer> estimator, Action<TTransformer> onFit) : IEstimator<TTransformer>
        where TTransformer : class, ITransformer
    {
        public TTransformer Fit(IDataView input)
        {
            var transformer = estimator.Fit(input);
            onFit(transformer);
            return transformer;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => estimator.GetOutputSchema(inputSchema);
    }
}
