using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers.FastTree;

/// <summary>A model that is a sum of trees.</summary>
public abstract class TreeEnsembleModelParameters : ModelParametersBase<float>
{
    private protected TreeEnsembleModelParameters()
    {
    }
}

/// <summary>A model that is a sum of regression trees.</summary>
public abstract class TreeEnsembleModelParametersBasedOnRegressionTree : TreeEnsembleModelParameters, IScoreModel
{
    private readonly int _featureCount;
    private readonly RegressionTree[] _trees;

    private protected TreeEnsembleModelParametersBasedOnRegressionTree(RegressionTree[] trees, int featureCount)
    {
        _trees = trees;
        _featureCount = featureCount;
        TrainedTreeEnsemble = new(trees);
    }

    /// <summary>The trees.</summary>
    public RegressionTreeEnsemble TrainedTreeEnsemble { get; }

    int IScoreModel.FeatureCount => _featureCount;

    float IScoreModel.Score(in VBuffer<float> features)
    {
        Contracts.Check(features.Length == _featureCount, $"Expected a vector of {_featureCount} features, but got {features.Length}");
        if (features.IsDense) return Score(features.GetValues());
        var dense = new float[_featureCount];
        features.CopyTo(dense);
        return Score(dense);
    }

    private protected void SaveTrees(ModelSaveContext ctx)
    {
        ctx.Writer.Write(_featureCount);
        ctx.Writer.Write(_trees.Length);
        foreach (var tree in _trees) tree.Save(ctx.Writer);
    }

    private protected static (RegressionTree[] Trees, int FeatureCount) LoadTrees(ModelLoadContext ctx)
    {
        int featureCount = ctx.Reader.ReadInt32();
        return ([.. Enumerable.Range(0, ctx.Reader.ReadCount()).Select(_ => RegressionTree.Load(ctx.Reader, featureCount))], featureCount);
    }

    private float Score(ReadOnlySpan<float> features)
    {
        double sum = 0;
        foreach (var tree in _trees) sum += tree.Evaluate(features);
        return (float)sum;
    }
}

/// <summary>Boosted trees of two classes; a score above zero speaks for the positive one.</summary>
[LoadableClass(LoaderSignature)]
public sealed class FastTreeBinaryModelParameters : TreeEnsembleModelParametersBasedOnRegressionTree
{
    internal const string LoaderSignature = "FastTreeBinaryExec";

    private static readonly VersionInfo Version = new("PFFTREEB", LoaderSignature);

    internal FastTreeBinaryModelParameters(RegressionTree[] trees, int featureCount) : base(trees, featureCount)
    {
    }

    private static FastTreeBinaryModelParameters Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        var (trees, featureCount) = LoadTrees(ctx);
        return new(trees, featureCount);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveTrees(ctx);
    }
}
