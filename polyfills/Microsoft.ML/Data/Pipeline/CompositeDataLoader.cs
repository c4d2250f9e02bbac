using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A loader followed by transformers.</summary>
[LoadableClass("CompositeLoader")]
public sealed class CompositeDataLoader<TSource, TLastTransformer> : IDataLoader<TSource>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private static readonly VersionInfo Version = new("CMPSTLDR", "CompositeLoader");

    /// <summary>The loader.</summary>
    public readonly IDataLoader<TSource> Loader;

    /// <summary>The transformers.</summary>
    public readonly TransformerChain<TLastTransformer> Transformer;

    /// <param name="loader">The loader.</param>
    /// <param name="transformerChain">The transformers; null for none.</param>
    public CompositeDataLoader(IDataLoader<TSource> loader, TransformerChain<TLastTransformer> transformerChain = null)
    {
        Loader = Contracts.CheckValue(loader, nameof(loader));
        Transformer = transformerChain ?? new();
    }

    /// <inheritdoc/>
    public IDataView Load(TSource input) => Transformer.Transform(Loader.Load(input));

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema() => Transformer.GetOutputSchema(Loader.GetOutputSchema());

    /// <summary>The same with one more transformer.</summary>
    public CompositeDataLoader<TSource, TNewLast> AppendTransformer<TNewLast>(TNewLast transformer)
        where TNewLast : class, ITransformer
        => new(Loader, Transformer.Append(Contracts.CheckValue(transformer, nameof(transformer))));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.SaveModel(Loader, "Loader");
        ctx.SaveModel(Transformer, TransformerChain.LoaderSignature);
    }

    /// <summary>Disposes of the transformers.</summary>
    public void Dispose() => Transformer.Dispose();

    private static CompositeDataLoader<IMultiStreamSource, ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(ctx.LoadModel<IDataLoader<IMultiStreamSource>>(env, "Loader"),
            ctx.LoadModel<TransformerChain<ITransformer>>(env, TransformerChain.LoaderSignature));
    }
}

/// <summary>An estimator of a loader, followed by estimators.</summary>
public sealed class CompositeLoaderEstimator<TSource, TLastTransformer> : IDataLoaderEstimator<TSource, CompositeDataLoader<TSource, TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly IDataLoaderEstimator<TSource, IDataLoader<TSource>> _start;
    private readonly EstimatorChain<TLastTransformer> _chain;

    /// <param name="start">The estimator of the loader.</param>
    /// <param name="estimatorChain">The estimators; null for none.</param>
    public CompositeLoaderEstimator(IDataLoaderEstimator<TSource, IDataLoader<TSource>> start, EstimatorChain<TLastTransformer> estimatorChain = null)
    {
        _start = Contracts.CheckValue(start, nameof(start));
        _chain = estimatorChain ?? new();
    }

    /// <inheritdoc/>
    public CompositeDataLoader<TSource, TLastTransformer> Fit(TSource input)
    {
        var loader = _start.Fit(input);
        return new(loader, _chain.Fit(loader.Load(input)));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema() => _chain.GetOutputSchema(_start.GetOutputSchema());

    /// <summary>The same with one more estimator.</summary>
    public CompositeLoaderEstimator<TSource, TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator)
        where TNewTrans : class, ITransformer
        => new(_start, _chain.Append(estimator));
}

/// <summary>Gives a loader that there is already.</summary>
internal sealed class TrivialLoaderEstimator<TSource>(IDataLoader<TSource> loader) : IDataLoaderEstimator<TSource, IDataLoader<TSource>>
{
    public IDataLoader<TSource> Fit(TSource input) => loader;

    public SchemaShape GetOutputSchema() => SchemaShape.Create(loader.GetOutputSchema());
}
