using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers.FastTree;

/// <summary>A tree of bounds on single features. A child that is negative is the complement of the index of a leaf.</summary>
public abstract class RegressionTreeBase
{
    private readonly int[] _left, _right, _features;
    private readonly float[] _thresholds;
    private readonly double[] _gains, _leaves;

    private protected RegressionTreeBase(int[] left, int[] right, int[] features, float[] thresholds, double[] gains, double[] leaves) =>
        (_left, _right, _features, _thresholds, _gains, _leaves) = (left, right, features, thresholds, gains, leaves);

    /// <summary>For each node where values up to its threshold go.</summary>
    public IReadOnlyList<int> LeftChild => _left;

    /// <summary>For each node where values above its threshold go.</summary>
    public IReadOnlyList<int> RightChild => _right;

    /// <summary>The feature that each node looks at.</summary>
    public IReadOnlyList<int> NumericalSplitFeatureIndexes => _features;

    /// <summary>The threshold of each node.</summary>
    public IReadOnlyList<float> NumericalSplitThresholds => _thresholds;

    /// <summary>By how much each node lowers the squared error.</summary>
    public IReadOnlyList<double> SplitGains => _gains;

    /// <summary>What each leaf adds to the score.</summary>
    public IReadOnlyList<double> LeafValues => _leaves;

    /// <summary>The number of leaves.</summary>
    public int NumberOfLeaves => _leaves.Length;

    /// <summary>The number of inner nodes.</summary>
    public int NumberOfNodes => _left.Length;

    internal double Evaluate(ReadOnlySpan<float> features)
    {
        int node = 0;
        do node = features[_features[node]] <= _thresholds[node] ? _left[node] : _right[node];
        while (node >= 0);
        return _leaves[~node];
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_left.Length);
        for (int i = 0; i < _left.Length; i++)
        {
            writer.Write(_left[i]);
            writer.Write(_right[i]);
            writer.Write(_features[i]);
            writer.Write(_thresholds[i]);
            writer.Write(_gains[i]);
        }
        writer.WriteArray(_leaves);
    }
}

/// <summary>A tree of bounds on single features.</summary>
public sealed class RegressionTree : RegressionTreeBase
{
    internal RegressionTree(int[] left, int[] right, int[] features, float[] thresholds, double[] gains, double[] leaves)
        : base(left, right, features, thresholds, gains, leaves)
    {
    }

    internal RegressionTree(GrownTree grown, double[] leaves)
        : base([.. grown.LeftChild], [.. grown.RightChild], [.. grown.Features], [.. grown.Thresholds], [.. grown.Gains], leaves)
    {
    }

    internal static RegressionTree Load(BinaryReader reader, int featureCount)
    {
        int nodes = reader.ReadCount();
        int[] left = new int[nodes], right = new int[nodes], features = new int[nodes];
        var thresholds = new float[nodes];
        var gains = new double[nodes];
        for (int i = 0; i < nodes; i++)
        {
            left[i] = reader.ReadInt32();
            right[i] = reader.ReadInt32();
            features[i] = reader.ReadInt32();
            thresholds[i] = reader.ReadSingle();
            gains[i] = reader.ReadDouble();
            // children come after their node, so that every path ends
            Contracts.CheckDecode(IsChild(left[i], i) && IsChild(right[i], i) && 0 <= features[i] && features[i] < featureCount, "A tree is corrupt.");
        }
        double[] leaves = reader.ReadDoubles();
        Contracts.CheckDecode(nodes > 0 && leaves.Length == nodes + 1, "A tree is corrupt.");
        return new(left, right, features, thresholds, gains, leaves);

        bool IsChild(int child, int node) => child < 0 ? ~child <= nodes : child > node && child < nodes;
    }
}

/// <summary>Trees whose weighted sum is the score.</summary>
public abstract class TreeEnsemble<T>
    where T : RegressionTreeBase
{
    private protected TreeEnsemble(IReadOnlyList<T> trees) => Trees = trees;

    /// <summary>The trees.</summary>
    public IReadOnlyList<T> Trees { get; }

    /// <summary>The weight of each tree: all one.</summary>
    public IReadOnlyList<double> TreeWeights => [.. Trees.Select(_ => 1.0)];

    /// <summary>What is added to the sum: zero.</summary>
    public double Bias => 0;
}

/// <summary>Trees whose weighted sum is the score.</summary>
public sealed class RegressionTreeEnsemble : TreeEnsemble<RegressionTree>
{
    internal RegressionTreeEnsemble(IReadOnlyList<RegressionTree> trees) : base(trees)
    {
    }
}
