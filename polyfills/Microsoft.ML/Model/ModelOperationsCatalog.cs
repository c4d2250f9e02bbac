using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Models: saving, loading, predicting single rows.</summary>
public sealed partial class ModelOperationsCatalog : IInternalCatalog
{
    private const string SchemaEntry = "Schema";

    internal ModelOperationsCatalog(IHostEnvironment environment) => Environment = environment;

    IHostEnvironment IInternalCatalog.Environment => Environment;

    internal IHostEnvironment Environment { get; }

    /// <summary>Writes a model with the schema of its input.</summary>
    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    /// <summary>Writes a model with the schema of its input.</summary>
    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using var zip = CreateArchive(stream);
        ModelSaveContext.SaveModel(zip, model, TransformerChain.LoaderSignature);
        if (inputSchema == null)
            return;
        using var writer = new BinaryWriter(zip.CreateEntry(SchemaEntry).Open());
        SchemaCodec.Write(writer, inputSchema);
    }

    /// <summary>Writes a model with the loader of its input.</summary>
    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, string filePath)
    {
        Contracts.CheckValue(loader, nameof(loader));
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, loader, stream);
    }

    /// <summary>Writes a model with the loader of its input.</summary>
    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, Stream stream)
    {
        Contracts.CheckValue(loader, nameof(loader));
        using var zip = CreateArchive(stream);
        ModelSaveContext.SaveModel(zip, new CompositeDataLoader<TSource, ITransformer>(loader, model == null ? null : new(model)), null);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema that it was saved with; null where it was saved without one.</param>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="inputSchema">The schema that it was saved with; null where it was saved without one.</param>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        using var archive = new ModelArchive(Contracts.CheckValue(stream, nameof(stream)));
        if (archive.ReadOrNull(SchemaEntry) is { } schema)
        {
            inputSchema = ReadSchema(schema);
            return ModelLoadContext.LoadModel<ITransformer>(Environment, archive, TransformerChain.LoaderSignature);
        }
        if (ModelLoadContext.LoadModelOrNull<IDataLoader<IMultiStreamSource>>(Environment, archive, null) is { } loader)
        {
            var model = Decompose(ref loader);
            inputSchema = loader.GetOutputSchema();
            return model;
        }
        inputSchema = null;
        return ModelLoadContext.LoadModelOrNull<ITransformer>(Environment, archive, TransformerChain.LoaderSignature)
            ?? throw Contracts.Except("Could not load legacy format model: the archive has neither a model nor a loader of this version.");
    }

    /// <summary>Reads a model that was saved with a loader.</summary>
    public ITransformer LoadWithDataLoader(string filePath, out IDataLoader<IMultiStreamSource> loader)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return LoadWithDataLoader(stream, out loader);
    }

    /// <summary>Reads a model that was saved with a loader.</summary>
    public ITransformer LoadWithDataLoader(Stream stream, out IDataLoader<IMultiStreamSource> loader)
    {
        using var archive = new ModelArchive(Contracts.CheckValue(stream, nameof(stream)));
        try
        {
            loader = ModelLoadContext.LoadModel<IDataLoader<IMultiStreamSource>>(Environment, archive, null);
        }
        catch (FormatException inner)
        {
            throw new InvalidOperationException("Model does not contain an IDataLoader. Perhaps this was saved with an DataViewSchema, "
                + "or even no information on its input at all. Consider using the Load method instead.", inner);
        }
        return Decompose(ref loader);
    }

    /// <summary>Makes an engine that predicts for one object at a time.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    /// <summary>Makes an engine that predicts for one object at a time, whose columns have the types and annotations of that schema.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => CreatePredictionEngine<TSrc, TDst>(transformer, false, RowClass<TSrc>.DefinitionFor(inputSchema));

    /// <summary>Makes an engine that predicts for one object at a time.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, Contracts.CheckValue(options, nameof(options)));

    private static ZipArchive CreateArchive(Stream stream)
    {
        var zip = new ZipArchive(Contracts.CheckValue(stream, nameof(stream)), ZipArchiveMode.Create, leaveOpen: true);
        using var writer = new StreamWriter(zip.CreateEntry("TrainingInfo/Version.txt").Open());
        writer.WriteLine("5.0.0");
        return zip;
    }

    private static DataViewSchema ReadSchema(byte[] entry)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(entry, writable: false));
            return SchemaCodec.Read(reader);
        }
        catch (Exception inner) when (inner is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw Contracts.ExceptDecode($"Couldn't load model: '{SchemaEntry}': {inner.Message}", inner);
        }
    }

    // a model that is saved with a loader is wrapped in a chain of its own
    private static ITransformer Decompose(ref IDataLoader<IMultiStreamSource> loader)
    {
        if (loader is not CompositeDataLoader<IMultiStreamSource, ITransformer> composite)
            return new TransformerChain<ITransformer>();
        loader = composite.Loader;
        var links = composite.Transformer.ToArray();
        return links.Length == 1 ? links[0] : composite.Transformer;
    }
}
