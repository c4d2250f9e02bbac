using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Weights and a bias for each class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>, IMulticlassScoreModel
{
    private readonly float[][] _weights;
    private readonly float[] _biases;

    private protected LinearMulticlassModelParametersBase(float[][] weights, float[] biases)
    {
        _weights = weights;
        _biases = biases;
    }

    int IMulticlassScoreModel.FeatureCount => _weights[0].Length;

    int IMulticlassScoreModel.ClassCount => _biases.Length;

    /// <summary>The bias of each class.</summary>
    public IEnumerable<float> GetBiases() => _biases;

    /// <summary>The weights of each class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = _biases.Length;
        if (weights == null || weights.Length < numClasses) weights = new VBuffer<float>[numClasses];
        for (int c = 0; c < numClasses; c++) new VBuffer<float>(_weights[c].Length, _weights[c]).CopyTo(ref weights[c]);
    }

    void IMulticlassScoreModel.Score(in VBuffer<float> features, Span<float> scores)
    {
        for (int c = 0; c < _biases.Length; c++) scores[c] = _biases[c] + LinearScore.Dot(_weights[c], features);
        Calibrate(scores);
    }

    private protected abstract void Calibrate(Span<float> scores);

    private protected void SaveWeights(ModelSaveContext ctx)
    {
        ctx.Writer.WriteArray(_biases);
        foreach (float[] weights in _weights) ctx.Writer.WriteArray(weights);
    }

    private protected static (float[][] Weights, float[] Biases) LoadWeights(ModelLoadContext ctx)
    {
        float[] biases = ctx.Reader.ReadSingles();
        float[][] weights = [.. biases.Select(_ => ctx.Reader.ReadSingles())];
        Contracts.CheckDecode(weights.Length > 0 && weights.All(w => w.Length == weights[0].Length));
        return (weights, biases);
    }
}

/// <summary>A linear model whose scores are the softmax of its inner products: the probabilities of the classes.</summary>
[LoadableClass(LoaderSignature)]
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase
{
    internal const string LoaderSignature = "MultiClassLRExec";

    private static readonly VersionInfo Version = new("PFMAXENT", LoaderSignature);

    internal MaximumEntropyModelParameters(float[][] weights, float[] biases) : base(weights, biases)
    {
    }

    private static MaximumEntropyModelParameters Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        var (weights, biases) = LoadWeights(ctx);
        return new(weights, biases);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveWeights(ctx);
    }

    private protected override void Calibrate(Span<float> scores)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores) largest = Math.Max(largest, score);
        double sum = 0;
        foreach (float score in scores) sum += Math.Exp(score - largest);
        for (int c = 0; c < scores.Length; c++) scores[c] = (float)(Math.Exp(scores[c] - largest) / sum);
    }
}
