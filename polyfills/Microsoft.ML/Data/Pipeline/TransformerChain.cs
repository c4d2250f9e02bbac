using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What a link of a chain is for.</summary>
[Flags]
public enum TransformerScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Training data.</summary>
    Training = 1,

    /// <summary>Test data.</summary>
    Testing = 2,

    /// <summary>Data in production.</summary>
    Scoring = 4,

    /// <summary>Training and test data.</summary>
    TrainTest = Training | Testing,

    /// <summary>All data.</summary>
    Everything = Training | Testing | Scoring,
}

/// <summary>Transformers one after another.</summary>
[LoadableClass(TransformerChain.LoaderSignature)]
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private static readonly VersionInfo Version = new("XF CHAIN", TransformerChain.LoaderSignature);

    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    private bool _disposed;

    /// <summary>The last link; null for an empty chain.</summary>
    public readonly TLastTransformer LastTransformer;

    /// <param name="transformers">The links.</param>
    /// <param name="scopes">What each is for.</param>
    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = [.. transformers ?? []];
        _scopes = [.. scopes ?? []];
        LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
        Contracts.Check(_transformers.Length == 0 || LastTransformer != null, $"The last transformer is not a {typeof(TLastTransformer).Name}.");
        Contracts.Check(_transformers.Length == _scopes.Length, "There has to be one scope per transformer.");
    }

    /// <param name="transformers">The links, for all data.</param>
    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers?.Select(_ => TransformerScope.Everything))
    {
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(t => t.IsRowToRowMapper);

    /// <summary>The columns of what <see cref="Transform(IDataView)"/> gives.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    /// <summary>The columns of what <see cref="Transform(IDataView, TransformerScope)"/> gives.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope)
        => GetModelFor(scope).Aggregate(Contracts.CheckValue(inputSchema, nameof(inputSchema)), (schema, t) => t.GetOutputSchema(schema));

    /// <summary>Applies the links that are for production.</summary>
    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    /// <summary>Applies the links that are for any of those purposes.</summary>
    public IDataView Transform(IDataView input, TransformerScope scope)
    {
        Contracts.CheckValue(input, nameof(input));
        GetOutputSchema(input.Schema, scope); // so that a column that doesn't fit is found before anything is made
        return GetModelFor(scope).Aggregate(input, (view, t) => t.Transform(view));
    }

    /// <summary>The links that are for any of those purposes.</summary>
    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
    {
        var links = _transformers.Zip(_scopes).Where(link => (link.Second & scopeFilter) != TransformerScope.None).ToArray();
        return new(links.Select(link => link.First), links.Select(link => link.Second));
    }

    /// <summary>The chain with one more link.</summary>
    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
        => new([.. _transformers, Contracts.CheckValue(transformer, nameof(transformer))], [.. _scopes, scope]);

    /// <inheritdoc/>
    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        Contracts.Check(((ITransformer)this).IsRowToRowMapper,
            $"{nameof(ITransformer.GetRowToRowMapper)} method called despite {nameof(ITransformer.IsRowToRowMapper)} being false.");
        var mappers = new IRowToRowMapper[_transformers.Length];
        var schema = inputSchema;
        for (int i = 0; i < mappers.Length; i++)
        {
            mappers[i] = _transformers[i].GetRowToRowMapper(schema);
            schema = mappers[i].OutputSchema;
        }
        return new ChainedRowMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_transformers.Length);
        for (int i = 0; i < _transformers.Length; i++)
        {
            ctx.Writer.Write((int)_scopes[i]);
            ctx.SaveModel(_transformers[i], $"Transform_{i:000}");
        }
    }

    /// <summary>Disposes of the links.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var transformer in _transformers.OfType<IDisposable>())
            transformer.Dispose();
    }

    private static TransformerChain<TLastTransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        int count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count >= 0, "the number of links is negative");
        var transformers = new List<ITransformer>();
        var scopes = new List<TransformerScope>();
        for (int i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)ctx.Reader.ReadInt32());
            transformers.Add(ctx.LoadModel<ITransformer>(env, $"Transform_{i:000}"));
        }
        return new(transformers, scopes);
    }
}

internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";
}
