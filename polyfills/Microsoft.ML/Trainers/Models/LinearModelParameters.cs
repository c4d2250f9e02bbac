using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Gives a score to a vector of features.</summary>
internal interface IScoreModel
{
    int FeatureCount { get; }

    float Score(in VBuffer<float> features);
}

/// <summary>Gives each class a score from a vector of features.</summary>
internal interface IMulticlassScoreModel
{
    int FeatureCount { get; }

    int ClassCount { get; }

    void Score(in VBuffer<float> features, Span<float> scores);
}

/// <summary>What a trainer learned.</summary>
public abstract class ModelParametersBase<TOutput> : ICanSaveModel
{
    private protected ModelParametersBase()
    {
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveCore(ctx);

    private protected abstract void SaveCore(ModelSaveContext ctx);
}

/// <summary>Weights and a bias: the score is the inner product of weights and features, plus the bias.</summary>
public abstract class LinearModelParameters : ModelParametersBase<float>, IScoreModel
{
    private readonly float[] _weights;

    private protected LinearModelParameters(float[] weights, float bias)
    {
        _weights = weights;
        Bias = bias;
    }

    /// <summary>A weight for each feature.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>What is added to the inner product.</summary>
    public float Bias { get; protected set; }

    int IScoreModel.FeatureCount => _weights.Length;

    float IScoreModel.Score(in VBuffer<float> features) => Bias + LinearScore.Dot(_weights, features);

    private protected void SaveWeights(ModelSaveContext ctx)
    {
        ctx.Writer.Write(Bias);
        ctx.Writer.WriteArray(_weights);
    }
}

/// <summary>A linear model of two classes; a score above zero speaks for the positive one.</summary>
[LoadableClass(LoaderSignature)]
public sealed class LinearBinaryModelParameters : LinearModelParameters
{
    internal const string LoaderSignature = "Linear2CExec";

    private static readonly VersionInfo Version = new("PFLINEAR", LoaderSignature);

    internal LinearBinaryModelParameters(float[] weights, float bias) : base(weights, bias)
    {
    }

    private static LinearBinaryModelParameters Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        float bias = ctx.Reader.ReadSingle();
        return new(ctx.Reader.ReadSingles(), bias);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveWeights(ctx);
    }
}

/// <summary>Inner products with vectors that may be sparse.</summary>
internal static class LinearScore
{
    public static float Dot(ReadOnlySpan<float> weights, in VBuffer<float> features)
    {
        Contracts.Check(features.Length == weights.Length, $"Expected a vector of {weights.Length} features, but got {features.Length}");
        var values = features.GetValues();
        double sum = 0;
        if (features.IsDense)
        {
            for (int i = 0; i < values.Length; i++) sum += (double)weights[i] * values[i];
            return (float)sum;
        }
        var indices = features.GetIndices();
        for (int i = 0; i < values.Length; i++) sum += (double)weights[indices[i]] * values[i];
        return (float)sum;
    }
}
