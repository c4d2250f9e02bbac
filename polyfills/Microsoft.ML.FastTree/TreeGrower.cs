namespace Microsoft.ML.Trainers.FastTree;

/// <summary>
/// Grows a regression tree by splitting, again and again, the leaf whose best split lowers the squared error most. Sums per bin are
/// gathered for the smaller child only; those of the larger one are the difference to the parent's.
/// </summary>
internal sealed class TreeGrower(BinnedFeatures features, float[] rowWeights, int maximumLeafCount, int minimumRowsPerLeaf)
{
    private const int ParallelThreshold = 1 << 16;

    private readonly int[] _rows = new int[rowWeights.Length];
    private readonly int[] _moved = new int[rowWeights.Length];
    private readonly bool _weighted = Array.Exists(rowWeights, weight => weight != 1);
    private readonly Stack<Histogram> _free = [];

    /// <summary>The tree and the rows of each of its leaves, or null if no split leaves enough rows on both sides.</summary>
    public (GrownTree Tree, int[][] LeafRows)? Grow(double[] targets)
    {
        for (int i = 0; i < _rows.Length; i++) _rows[i] = i;
        var root = new Leaf { Start = 0, Count = _rows.Length, Histogram = TakeHistogram() };
        Fill(root, targets);
        FindSplit(root);
        if (root.Split.Feature < 0)
        {
            _free.Push(root.Histogram);
            return null;
        }

        List<Leaf> leaves = [root];
        var tree = new GrownTree();
        while (leaves.Count < maximumLeafCount)
        {
            int best = 0;
            for (int i = 1; i < leaves.Count; i++)
                if (leaves[i].Split.Gain > leaves[best].Split.Gain) best = i;
            if (leaves.Count > 1 && !(leaves[best].Split.Gain > 0)) break;
            leaves.Add(Divide(leaves[best], best, leaves.Count, tree, targets));
        }
        foreach (var leaf in leaves) _free.Push(leaf.Histogram);
        return (tree, [.. leaves.Select(leaf => _rows.AsSpan(leaf.Start, leaf.Count).ToArray())]);
    }

    // The leaf keeps the rows up to the bound, the new leaf gets the others.
    private Leaf Divide(Leaf leaf, int leafIndex, int newIndex, GrownTree tree, double[] targets)
    {
        var (feature, bin, gain) = leaf.Split;
        tree.Split(leafIndex, newIndex, feature, features.UpperBound(feature, bin), gain);

        var bins = features.Bins(feature);
        int kept = 0, moved = 0;
        foreach (int row in _rows.AsSpan(leaf.Start, leaf.Count))
            if (bins[row] <= bin) _rows[leaf.Start + kept++] = row;
            else _moved[moved++] = row;
        Array.Copy(_moved, 0, _rows, leaf.Start + kept, moved);

        var added = new Leaf { Start = leaf.Start + kept, Count = moved };
        leaf.Count = kept;
        var (smaller, larger) = kept <= moved ? (leaf, added) : (added, leaf);
        var parent = leaf.Histogram;
        smaller.Histogram = TakeHistogram();
        larger.Histogram = parent;
        Fill(smaller, targets);
        parent.Subtract(smaller.Histogram);
        FindSplit(leaf);
        FindSplit(added);
        return added;
    }

    private Histogram TakeHistogram() => _free.TryPop(out var free) ? free : new(features.Offsets[^1]);

    private void Fill(Leaf leaf, double[] targets)
    {
        if ((long)leaf.Count * features.Count < ParallelThreshold)
            for (int f = 0; f < features.Count; f++) Fill(leaf, f, targets);
        else
            Parallel.For(0, features.Count, f => Fill(leaf, f, targets));
    }

    private void Fill(Leaf leaf, int feature, double[] targets)
    {
        int offset = features.Offsets[feature], count = features.BinCount(feature);
        var sums = leaf.Histogram.Sums.AsSpan(offset, count);
        var weights = leaf.Histogram.Weights.AsSpan(offset, count);
        var counts = leaf.Histogram.Counts.AsSpan(offset, count);
        sums.Clear();
        weights.Clear();
        counts.Clear();
        var bins = features.Bins(feature);
        foreach (int row in _rows.AsSpan(leaf.Start, leaf.Count))
        {
            int bin = bins[row];
            counts[bin]++;
            sums[bin] += targets[row];
            if (_weighted) weights[bin] += rowWeights[row];
        }
        if (!_weighted)
            for (int bin = 0; bin < count; bin++) weights[bin] = counts[bin];
    }

    private void FindSplit(Leaf leaf)
    {
        leaf.Split = new(-1, 0, double.NegativeInfinity);
        if (leaf.Count < 2 * minimumRowsPerLeaf) return;
        for (int f = 0; f < features.Count; f++)
        {
            var split = FindSplit(leaf, f);
            if (split.Gain > leaf.Split.Gain) leaf.Split = split;
        }
    }

    // from the highest bound down, so that of two equal splits the higher one is taken
    private Split FindSplit(Leaf leaf, int feature)
    {
        int offset = features.Offsets[feature], count = features.BinCount(feature);
        var sums = leaf.Histogram.Sums.AsSpan(offset, count);
        var weights = leaf.Histogram.Weights.AsSpan(offset, count);
        var counts = leaf.Histogram.Counts.AsSpan(offset, count);
        double sum = 0, weight = 0;
        for (int bin = 0; bin < count; bin++)
        {
            sum += sums[bin];
            weight += weights[bin];
        }

        var best = new Split(-1, 0, double.NegativeInfinity);
        double sumAbove = 0, weightAbove = 0, whole = sum * sum / weight;
        int above = 0;
        for (int bin = count - 2; bin >= 0; bin--)
        {
            sumAbove += sums[bin + 1];
            weightAbove += weights[bin + 1];
            above += counts[bin + 1];
            if (above < minimumRowsPerLeaf) continue;
            if (leaf.Count - above < minimumRowsPerLeaf) break;
            double sumBelow = sum - sumAbove, weightBelow = weight - weightAbove;
            double gain = sumAbove * sumAbove / weightAbove + sumBelow * sumBelow / weightBelow - whole;
            if (gain > best.Gain) best = new(feature, bin, gain);
        }
        return best;
    }

    private readonly record struct Split(int Feature, int Bin, double Gain);

    private sealed class Leaf
    {
        public int Start;
        public int Count;
        public Histogram Histogram;
        public Split Split;
    }

    private sealed class Histogram(int size)
    {
        public readonly double[] Sums = new double[size];
        public readonly double[] Weights = new double[size];
        public readonly int[] Counts = new int[size];

        public void Subtract(Histogram other)
        {
            for (int i = 0; i < Sums.Length; i++)
            {
                Sums[i] -= other.Sums[i];
                Weights[i] -= other.Weights[i];
                Counts[i] -= other.Counts[i];
            }
        }
    }
}

/// <summary>The inner nodes of a tree while it grows. A child that is negative is the complement of the index of a leaf.</summary>
internal sealed class GrownTree
{
    public List<int> LeftChild { get; } = [];

    public List<int> RightChild { get; } = [];

    public List<int> Features { get; } = [];

    public List<float> Thresholds { get; } = [];

    public List<double> Gains { get; } = [];

    public void Split(int leaf, int newLeaf, int feature, float threshold, double gain)
    {
        int node = LeftChild.Count, old = ~leaf;
        for (int i = 0; i < node; i++)   // whoever had the leaf for a child has the node now
        {
            if (LeftChild[i] == old) LeftChild[i] = node;
            if (RightChild[i] == old) RightChild[i] = node;
        }
        LeftChild.Add(old);
        RightChild.Add(~newLeaf);
        Features.Add(feature);
        Thresholds.Add(threshold);
        Gains.Add(gain);
    }
}
