using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer that reads one column of features and, where it needs them, labels and weights.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>The features.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label; default where there is none.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The weight of a row; default where there is none.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected const string NoTrainingInstancesMessage = "No valid training instances found, all instances have missing features.";

    private protected TrainerEstimatorBase(IHost host, SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight = default)
    {
        Host = Contracts.CheckValue(host, nameof(host));
        Contracts.CheckParam(feature.IsValid, nameof(feature), "not initialized properly");
        FeatureColumn = feature;
        LabelColumn = label;
        WeightColumn = weight;
    }

    /// <summary>What it wants of its data.</summary>
    public abstract TrainerInfo Info { get; }

    private protected IHost Host { get; }

    /// <summary>Trains.</summary>
    public TTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        CheckInputSchema(SchemaShape.Create(input.Schema));
        return MakeTransformer(TrainModelCore(input), input.Schema);
    }

    /// <summary>The input columns with those of the predictions.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        CheckInputSchema(Contracts.CheckValue(inputSchema, nameof(inputSchema)));
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in GetOutputColumnsCore(inputSchema))
            columns[column.Name] = column;
        return new(columns.Values);
    }

    private protected abstract SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema);

    private protected abstract TModel TrainModelCore(IDataView data);

    private protected abstract TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema);

    /// <summary>Throws where the trainer can't take such labels.</summary>
    private protected virtual void CheckLabelCompatible(SchemaShape.Column labelCol)
    {
        if (!LabelColumn.IsCompatibleWith(labelCol))
            throw Contracts.ExceptSchemaMismatch(nameof(labelCol), "label", LabelColumn.Name, LabelColumn.GetTypeString(), labelCol.GetTypeString());
    }

    private static SchemaShape.Column Find(SchemaShape inputSchema, string role, SchemaShape.Column wanted)
        => inputSchema.TryFindColumn(wanted.Name, out var found) ? found
            : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), role, wanted.Name);

    private static void CheckColumn(SchemaShape inputSchema, string role, SchemaShape.Column wanted)
    {
        var found = Find(inputSchema, role, wanted);
        if (!wanted.IsCompatibleWith(found))
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), role, wanted.Name, wanted.GetTypeString(), found.GetTypeString());
    }

    private protected void CheckInputSchema(SchemaShape inputSchema)
    {
        CheckColumn(inputSchema, "feature", FeatureColumn);
        if (WeightColumn.IsValid)
            CheckColumn(inputSchema, "weight", WeightColumn);
        if (LabelColumn.IsValid)
            CheckLabelCompatible(Find(inputSchema, "label", LabelColumn));
    }
}
