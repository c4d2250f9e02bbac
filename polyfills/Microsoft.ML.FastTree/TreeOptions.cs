using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers.FastTree;

/// <summary>Options of the trainers that grow trees.</summary>
public abstract class TreeOptions : TrainerInputBaseWithWeight
{
    /// <summary>The most leaves of a tree, at least 2. Default 20.</summary>
    public int NumberOfLeaves = 20;

    /// <summary>The number of trees. Default 100.</summary>
    public int NumberOfTrees = 100;

    /// <summary>The fewest training rows in a leaf. Default 10.</summary>
    public int MinimumExampleCountPerLeaf = 10;

    /// <summary>The most bins of a feature, from 2 to 255. Default 255.</summary>
    public int MaximumBinCountPerFeature = 255;

    /// <summary>Makes default options.</summary>
    protected TreeOptions()
    {
    }

    internal virtual void Check()
    {
        Contracts.CheckParam(NumberOfLeaves >= 2, nameof(NumberOfLeaves), "The number of leaves must be >= 2.");
        Contracts.CheckParam(NumberOfTrees > 0, nameof(NumberOfTrees), "Must be positive.");
        Contracts.CheckParam(MinimumExampleCountPerLeaf > 0, nameof(MinimumExampleCountPerLeaf), "Must be positive.");
        Contracts.CheckParam(MaximumBinCountPerFeature is >= 2 and <= 255, nameof(MaximumBinCountPerFeature), "Must be in [2, 255].");
    }
}

/// <summary>Options of the trainers that boost trees.</summary>
public abstract class BoostedTreeOptions : TreeOptions
{
    /// <summary>The share of each Newton step that is taken. Default 0.2.</summary>
    public double LearningRate = 0.2;

    /// <summary>A further factor of each step. Default 1.</summary>
    public double Shrinkage = 1;

    /// <summary>The largest magnitude of a leaf. Default 100.</summary>
    public double MaximumTreeOutput = 100;

    /// <summary>Makes default options.</summary>
    protected BoostedTreeOptions()
    {
    }

    internal override void Check()
    {
        base.Check();
        Contracts.CheckParam(LearningRate > 0, nameof(LearningRate), "Must be positive.");
        Contracts.CheckParam(Shrinkage > 0, nameof(Shrinkage), "Must be positive.");
        Contracts.CheckParam(MaximumTreeOutput > 0, nameof(MaximumTreeOutput), "Must be positive.");
    }
}
