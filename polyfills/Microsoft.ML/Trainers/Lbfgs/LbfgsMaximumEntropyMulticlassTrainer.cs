using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Softmax regression by L-BFGS; see <see cref="LbfgsTrainerBase{TOptions, TTransformer, TModel}"/> for the objective.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment environment, Options options)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(LbfgsMaximumEntropyMulticlassTrainer)),
            Contracts.CheckValue(options, nameof(options)), TrainerColumns.KeyLabel(options.LabelColumnName))
    {
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out var label);
        var keyValues = label.Keep(ColumnAnnotations.KeyValues);
        var scoreAnnotations = new List<SchemaShape.Column>();
        if (keyValues is [{ Kind: SchemaShape.Column.VectorKind.Vector } values])
        {
            if (values.ItemType is TextDataViewType) scoreAnnotations.Add(ColumnAnnotations.SlotNamesShape);
            scoreAnnotations.Add(ColumnAnnotations.Shape(ScoreAnnotations.TrainingLabelValues, values.Kind, values.ItemType));
        }
        return
        [
            new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape([.. scoreAnnotations, .. ScoreAnnotations.Shapes()])),
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, new SchemaShape([.. keyValues, .. ScoreAnnotations.Shapes()])),
        ];
    }

    private protected override MaximumEntropyModelParameters TrainModelCore(IDataView data)
    {
        int classes = (int)((KeyDataViewType)data.Schema[LabelColumn.Name].Type).Count;
        return Train(data,
            rows => classes,
            rows => new SoftmaxObjective(rows, classes, TrainerOptions.L2Regularization, ThreadCount),
            null,
            (rows, parameters) => new(
                [.. Enumerable.Range(0, classes).Select(c => Singles(parameters.AsSpan(classes + c * rows.FeatureCount, rows.FeatureCount)))],
                Singles(parameters.AsSpan(0, classes))));
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(MaximumEntropyModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private static float[] Singles(ReadOnlySpan<double> values)
    {
        var singles = new float[values.Length];
        for (int i = 0; i < values.Length; i++) singles[i] = (float)values[i];
        return singles;
    }

    /// <summary>Options of the trainer.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
