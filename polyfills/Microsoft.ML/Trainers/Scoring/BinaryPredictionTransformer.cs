using System.Reflection;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Adds PredictedLabel and Score, and Probability if the model is calibrated.</summary>
public sealed class BinaryPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    internal BinaryPredictionTransformer(IHost host, TModel model, DataViewSchema trainSchema, string featureColumn,
        float threshold = 0, string thresholdColumn = "Score")
        : base(host, model, trainSchema, featureColumn)
    {
        Threshold = threshold;
        ThresholdColumn = thresholdColumn;
    }

    internal BinaryPredictionTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        Threshold = ctx.Reader.ReadSingle();
        ThresholdColumn = ctx.LoadString();
    }

    internal float Threshold { get; }

    internal string ThresholdColumn { get; }

    internal BinaryPredictionTransformer<TModel> WithThreshold(float threshold) => new(Host, Model, TrainSchema, FeatureColumnName, threshold, ThresholdColumn);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(BinaryPredictionLoader.Version);
        base.SaveCore(ctx);
        ctx.Writer.Write(Threshold);
        ctx.SaveString(ThresholdColumn);
    }

    private protected override RowMapper MakeScorer(DataViewSchema inputSchema) =>
        new BinaryScorer(inputSchema, FeatureColumnName, (IScoreModel)Model, (Model as CalibratedModelParametersBase)?.Calibrator, Threshold, ThresholdColumn);
}

internal sealed class BinaryScorer(DataViewSchema inputSchema, string featureColumn, IScoreModel model, ICalibrator calibrator, float threshold, string thresholdColumn)
    : ScoringMapper(inputSchema, featureColumn, model.FeatureCount)
{
    private const string Kind = "BinaryClassification";

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
    {
        DataViewSchema.DetachedColumn predicted = new("PredictedLabel", BooleanDataViewType.Instance, Annotations("PredictedLabel"));
        DataViewSchema.DetachedColumn score = new("Score", NumberDataViewType.Single, Annotations("Score"));
        return calibrator == null
            ? [predicted, score]
            : [predicted, score, new("Probability", NumberDataViewType.Single, Annotations("Probability"))];
    }

    protected override Delegate[] MakeGetters(Func<Scorer, Action> once)
    {
        float score = 0, probability = 0;
        bool byProbability = thresholdColumn == "Probability";
        var update = once((in VBuffer<float> features) =>
        {
            score = model.Score(features);
            if (calibrator != null) probability = calibrator.PredictProbability(score);
        });
        ValueGetter<bool> getPredicted = (ref bool value) =>
        {
            update();
            value = (byProbability ? probability : score) > threshold;
        };
        ValueGetter<float> getScore = (ref float value) =>
        {
            update();
            value = score;
        };
        ValueGetter<float> getProbability = (ref float value) =>
        {
            update();
            value = probability;
        };
        return calibrator == null ? [getPredicted, getScore] : [getPredicted, getScore, getProbability];
    }

    private DataViewSchema.Annotations Annotations(string valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder().Add(SetId, Kind, valueKind);
        if (valueKind == "Probability") builder.AddIsNormalized();
        return builder.ToAnnotations();
    }
}

[LoadableClass(LoaderSignature)]
internal static class BinaryPredictionLoader
{
    internal const string LoaderSignature = "BinaryPredXfer";

    internal static readonly VersionInfo Version = new("BIN PRED", LoaderSignature);

    private static object Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return PredictionLoading.Create(typeof(BinaryPredictionTransformer<>), environment, ctx);
    }
}

/// <summary>Makes prediction transformers of model types that only the file knows.</summary>
internal static class PredictionLoading
{
    public static object Create(Type transformer, IHostEnvironment environment, ModelLoadContext ctx)
    {
        var model = ctx.LoadModel<object>(environment, "Model").GetType();
        if (typeof(CalibratedModelParametersBase).IsAssignableFrom(model)) model = model.BaseType;   // what the trainer's transformer is declared with
        return Activator.CreateInstance(transformer.MakeGenericType(model), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions, null,
            [environment.Register(transformer.Name), ctx], null);
    }
}
