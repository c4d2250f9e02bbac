using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds PredictedLabel, a key, and Score, a vector with the probability of each class.</summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly string _labelColumn;

    internal MulticlassPredictionTransformer(IHost host, TModel model, DataViewSchema trainSchema, string featureColumn, string labelColumn)
        : base(host, model, trainSchema, featureColumn)
    {
        _labelColumn = labelColumn;
    }

    internal MulticlassPredictionTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        _labelColumn = ctx.LoadString();
        Contracts.CheckDecode(TrainSchema.GetColumnOrNull(_labelColumn) != null, $"The label column '{_labelColumn}' is missing.");
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(MulticlassPredictionLoader.Version);
        base.SaveCore(ctx);
        ctx.SaveString(_labelColumn);
    }

    private protected override RowMapper MakeScorer(DataViewSchema inputSchema) =>
        new MulticlassScorer(inputSchema, FeatureColumnName, (IMulticlassScoreModel)Model, TrainSchema[_labelColumn]);
}

internal sealed class MulticlassScorer(DataViewSchema inputSchema, string featureColumn, IMulticlassScoreModel model, DataViewSchema.Column label)
    : ScoringMapper(inputSchema, featureColumn, model.FeatureCount)
{
    private const string Kind = "MulticlassClassification";

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
    {
        var keyValues = label.Annotations.Schema.GetColumnOrNull(ColumnAnnotations.KeyValues);
        var predicted = new DataViewSchema.Annotations.Builder();
        var score = new DataViewSchema.Annotations.Builder();
        if (keyValues?.Type is VectorDataViewType values && values.Size == model.ClassCount)
        {
            var getter = GenericCalls.Call<Delegate>(GetGetter<int>, values.RawType, label.Annotations, keyValues.Value);
            predicted.Add(ColumnAnnotations.KeyValues, values, getter);
            if (values.ItemType is TextDataViewType) score.Add(ColumnAnnotations.SlotNames, values, getter);
            score.Add(ScoreAnnotations.TrainingLabelValues, values, getter);
        }
        return
        [
            new("PredictedLabel", new KeyDataViewType(typeof(uint), model.ClassCount), predicted.Add(SetId, Kind, "PredictedLabel").ToAnnotations()),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, model.ClassCount), score.Add(SetId, Kind, "Score").ToAnnotations()),
        ];
    }

    protected override Delegate[] MakeGetters(Func<Scorer, Action> once)
    {
        var scores = new float[model.ClassCount];
        var update = once((in VBuffer<float> features) => model.Score(features, scores));
        ValueGetter<uint> getPredicted = (ref uint value) =>
        {
            update();
            int best = 0;
            for (int c = 1; c < scores.Length; c++)
                if (scores[c] > scores[best] || float.IsNaN(scores[best])) best = c;
            value = float.IsNaN(scores[best]) ? 0 : (uint)best + 1;
        };
        ValueGetter<VBuffer<float>> getScores = (ref VBuffer<float> value) =>
        {
            update();
            var editor = VBufferEditor.Create(ref value, scores.Length);
            scores.CopyTo(editor.Values);
            value = editor.Commit();
        };
        return [getPredicted, getScores];
    }

    private static ValueGetter<T> GetGetter<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column) => annotations.GetGetter<T>(column);
}

[LoadableClass(LoaderSignature)]
internal static class MulticlassPredictionLoader
{
    internal const string LoaderSignature = "MulticlassPredXfer";

    internal static readonly VersionInfo Version = new("PFMCPRED", LoaderSignature);

    private static object Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return PredictionLoading.Create(typeof(MulticlassPredictionTransformer<>), environment, ctx);
    }
}
