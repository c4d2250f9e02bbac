using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Calibrators;

/// <summary>Makes probabilities of scores.</summary>
public interface ICalibrator
{
    /// <summary>The probability of the positive class, from the score.</summary>
    float PredictProbability(float output);
}

/// <summary>A sigmoid: 1 / (1 + exp(slope · score + offset)).</summary>
[LoadableClass(LoaderSignature)]
public sealed class PlattCalibrator : ICalibrator, ICanSaveModel
{
    internal const string LoaderSignature = "PlattCaliExec";

    private static readonly VersionInfo Version = new("PFPLATTC", LoaderSignature);

    internal PlattCalibrator(double slope, double offset)
    {
        Slope = slope;
        Offset = offset;
    }

    /// <summary>The factor of the score.</summary>
    public double Slope { get; }

    /// <summary>What is added to it.</summary>
    public double Offset { get; }

    /// <summary>The probability of the positive class, from the score.</summary>
    public float PredictProbability(float output) =>
        float.IsNaN(output) ? output : (float)(1 / (1 + Math.Exp(Slope * output + Offset)));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(Slope);
        ctx.Writer.Write(Offset);
    }

    private static PlattCalibrator Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(ctx.Reader.ReadDouble(), ctx.Reader.ReadDouble());
    }
}

/// <summary>A model with a calibrator.</summary>
public abstract class CalibratedModelParametersBase
{
    private protected CalibratedModelParametersBase(object subModel, ICalibrator calibrator)
    {
        SubModel = subModel;
        Calibrator = calibrator;
    }

    /// <summary>The model.</summary>
    public object SubModel { get; }

    /// <summary>What makes probabilities of its scores.</summary>
    public ICalibrator Calibrator { get; }
}

/// <summary>A model with a calibrator.</summary>
public abstract class CalibratedModelParametersBase<TSubModel, TCalibrator> : CalibratedModelParametersBase
    where TSubModel : class
    where TCalibrator : class, ICalibrator
{
    private protected CalibratedModelParametersBase(TSubModel subModel, TCalibrator calibrator) : base(subModel, calibrator)
    {
    }

    /// <summary>The model.</summary>
    public new TSubModel SubModel => (TSubModel)base.SubModel;

    /// <summary>What makes probabilities of its scores.</summary>
    public new TCalibrator Calibrator => (TCalibrator)base.Calibrator;
}

/// <summary>A scoring model with a calibrator.</summary>
internal sealed class CalibratedScoreModel<TSubModel, TCalibrator>(TSubModel subModel, TCalibrator calibrator)
    : CalibratedModelParametersBase<TSubModel, TCalibrator>(subModel, calibrator), IScoreModel, ICanSaveModel
    where TSubModel : class
    where TCalibrator : class, ICalibrator
{
    int IScoreModel.FeatureCount => ((IScoreModel)SubModel).FeatureCount;

    float IScoreModel.Score(in VBuffer<float> features) => ((IScoreModel)SubModel).Score(features);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(CalibratedModelLoader.Version);
        ctx.SaveModel(SubModel, "Predictor");
        ctx.SaveModel(Calibrator, "Calibrator");
    }
}

[LoadableClass(LoaderSignature)]
internal static class CalibratedModelLoader
{
    internal const string LoaderSignature = "PMixCaliPredExec";

    internal static readonly VersionInfo Version = new("PMIXCALP", LoaderSignature);

    private static object Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        object model = ctx.LoadModel<object>(environment, "Predictor");
        var calibrator = ctx.LoadModel<ICalibrator>(environment, "Calibrator");
        Contracts.CheckDecode(model is IScoreModel, $"A {model.GetType().Name} gives no scores to calibrate.");
        return Activator.CreateInstance(typeof(CalibratedScoreModel<,>).MakeGenericType(model.GetType(), calibrator.GetType()), model, calibrator);
    }
}
