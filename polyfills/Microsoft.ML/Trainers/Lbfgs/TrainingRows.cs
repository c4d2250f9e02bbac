using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Trainers;

/// <summary>The features of the training rows in memory, each row dense or sparse as it came, with labels and weights.</summary>
internal sealed class TrainingRows(int featureCount)
{
    private readonly List<float> _values = [];
    private readonly List<int> _indices = [];
    private readonly List<int> _valueStarts = [0];
    private readonly List<int> _indexStarts = [0];

    public int FeatureCount { get; } = featureCount;
    public int Count => _valueStarts.Count - 1;
    public List<float> Labels { get; } = [];
    public List<float> Weights { get; } = [];
    public double WeightSum { get; private set; }

    /// <summary>Appends a row; no indices mean that the row is dense.</summary>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, float label, float weight)
    {
        _values.AddRange(values);
        _indices.AddRange(indices);
        _valueStarts.Add(_values.Count);
        _indexStarts.Add(_indices.Count);
        Labels.Add(label);
        Weights.Add(weight);
        WeightSum += weight;
    }

    /// <summary>The inner product of a row with the weights.</summary>
    public double Dot(int row, ReadOnlySpan<double> weights)
    {
        var values = Values(row);
        if (values.Length == FeatureCount) return DenseDot(values, weights);
        var indices = Indices(row);
        double sum = 0;
        for (int i = 0; i < values.Length; i++) sum += values[i] * weights[indices[i]];
        return sum;
    }

    /// <summary>The values of each feature in all rows.</summary>
    public float[][] ToColumns()
    {
        float[][] columns = [.. Enumerable.Range(0, FeatureCount).Select(_ => new float[Count])];
        for (int row = 0; row < Count; row++)
        {
            var values = Values(row);
            var indices = Indices(row);
            bool dense = values.Length == FeatureCount;
            for (int i = 0; i < values.Length; i++) columns[dense ? i : indices[i]][row] = values[i];
        }
        return columns;
    }

    /// <summary>Adds a multiple of a row to the gradient.</summary>
    public void AddScaled(int row, double factor, Span<double> gradient)
    {
        var values = Values(row);
        if (values.Length == FeatureCount)
        {
            DenseAddScaled(values, factor, gradient);
            return;
        }
        var indices = Indices(row);
        for (int i = 0; i < values.Length; i++) gradient[indices[i]] += factor * values[i];
    }

    private ReadOnlySpan<float> Values(int row) =>
        CollectionsMarshal.AsSpan(_values)[_valueStarts[row].._valueStarts[row + 1]];

    private ReadOnlySpan<int> Indices(int row) =>
        CollectionsMarshal.AsSpan(_indices)[_indexStarts[row].._indexStarts[row + 1]];

    // Features are stored in single precision to halve the memory traffic, sums are kept in double precision.
    private static double DenseDot(ReadOnlySpan<float> values, ReadOnlySpan<double> weights)
    {
        var low = Vector<double>.Zero;
        var high = Vector<double>.Zero;
        int half = Vector<double>.Count, i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            low += first * new Vector<double>(weights[i..]);
            high += second * new Vector<double>(weights[(i + half)..]);
        }
        double sum = Vector.Sum(low + high);
        for (; i < values.Length; i++) sum += values[i] * weights[i];
        return sum;
    }

    private static void DenseAddScaled(ReadOnlySpan<float> values, double factor, Span<double> gradient)
    {
        int half = Vector<double>.Count, i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            (new Vector<double>(gradient[i..]) + factor * first).CopyTo(gradient[i..]);
            (new Vector<double>(gradient[(i + half)..]) + factor * second).CopyTo(gradient[(i + half)..]);
        }
        for (; i < values.Length; i++) gradient[i] += factor * values[i];
    }
}
