using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that adds the predictions of a model.</summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private bool _disposed;

    private protected PredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema)
    {
        Host = Contracts.CheckValue(host, nameof(host));
        Model = Contracts.CheckValue(model, nameof(model));
        TrainSchema = Contracts.CheckValue(trainSchema, nameof(trainSchema));
    }

    private protected PredictionTransformerBase(IHost host, ModelLoadContext ctx)
    {
        Host = host;
        Model = ctx.LoadModel<TModel>(host, "Model");
        ctx.LoadBinaryStream("TrainSchema", reader => TrainSchema = SchemaCodec.Read(reader));
    }

    /// <summary>The model.</summary>
    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal DataViewSchema TrainSchema { get; private set; }

    private protected IHost Host { get; }

    /// <inheritdoc/>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The view with the predictions.</summary>
    public IDataView Transform(IDataView input) => new MappedDataView(Contracts.CheckValue(input, nameof(input)), MakeScorer(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new MappedDataView(new EmptyDataView(Contracts.CheckValue(inputSchema, nameof(inputSchema))), MakeScorer(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>Disposes of the model.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        (Model as IDisposable)?.Dispose();
    }

    /// <summary>What computes the predictions for rows of that schema; throws where the schema doesn't fit.</summary>
    private protected abstract RowMapper MakeScorer(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private protected void SaveModelCore(ModelSaveContext ctx)
    {
        ctx.SaveModel(Model, "Model");
        ctx.SaveBinaryStream("TrainSchema", writer => SchemaCodec.Write(writer, TrainSchema));
    }
}

/// <summary>A transformer that predicts from one column.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema, string featureColumn)
        : base(host, model, trainSchema)
    {
        FeatureColumnName = featureColumn;
        FeatureColumnType = TypeOf(trainSchema, featureColumn, nameof(featureColumn));
    }

    private protected SingleFeaturePredictionTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        FeatureColumnName = ctx.LoadStringOrNull();
        FeatureColumnType = TypeOf(TrainSchema, FeatureColumnName, nameof(FeatureColumnName));
    }

    /// <summary>The name of that column.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type of that column.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>The input columns, followed by the predictions.</summary>
    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var actual = TypeOf(inputSchema, FeatureColumnName, nameof(inputSchema));
        if (actual != null && !actual.Equals(FeatureColumnType))
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString(), actual.ToString());
        return MakeScorer(inputSchema).OutputSchema;
    }

    private protected sealed override void SaveModel(ModelSaveContext ctx)
    {
        Contracts.CheckValue(ctx, nameof(ctx)).CheckAtModel();
        SaveCore(ctx);
    }

    private protected virtual void SaveCore(ModelSaveContext ctx)
    {
        SaveModelCore(ctx);
        ctx.SaveStringOrNull(FeatureColumnName);
    }

    private static DataViewType TypeOf(DataViewSchema schema, string column, string paramName)
        => column == null ? null : schema.GetColumnOrNull(column)?.Type ?? throw Contracts.ExceptSchemaMismatch(paramName, "feature", column);
}
