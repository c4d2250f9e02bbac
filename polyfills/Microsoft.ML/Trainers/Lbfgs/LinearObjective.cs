namespace Microsoft.ML.Trainers;

/// <summary>
/// The mean loss of a linear model over the training rows plus half the squared norm of the weights times the L2 weight,
/// both divided by the sum of the row weights. Parameters: the biases (not regularised), then one block of weights per class.
/// </summary>
internal abstract class LinearObjective(TrainingRows rows, int biasCount, double l2Weight, int threadCount)
{
    // Fixed blocks, merged in order, give the same sums for every number of threads.
    private const int BlockSize = 2048;

    private readonly int _blockCount = (rows.Count + BlockSize - 1) / BlockSize;
    private double[][] _blockGradients;

    protected TrainingRows Rows { get; } = rows;
    protected int BiasCount { get; } = biasCount;
    public int ParameterCount { get; } = biasCount * (rows.FeatureCount + 1);

    /// <summary>Adds the loss gradient of one row, and returns the loss of that row, both times its weight.</summary>
    protected abstract double AddGradient(int row, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> scores);

    public double Evaluate(double[] parameters, double[] gradient)
    {
        var losses = new double[_blockCount];
        _blockGradients ??= [.. Enumerable.Range(0, _blockCount).Select(_ => new double[ParameterCount])];
        if (threadCount > 1 && _blockCount > 1)
            Parallel.For(0, _blockCount, new ParallelOptions { MaxDegreeOfParallelism = threadCount }, block => losses[block] = EvaluateBlock(block, parameters));
        else
            for (int block = 0; block < _blockCount; block++) losses[block] = EvaluateBlock(block, parameters);

        Array.Clear(gradient);
        foreach (var part in _blockGradients)
            for (int i = 0; i < gradient.Length; i++) gradient[i] += part[i];

        double squares = 0;
        for (int i = BiasCount; i < parameters.Length; i++)
        {
            squares += parameters[i] * parameters[i];
            gradient[i] += l2Weight * parameters[i];
        }
        for (int i = 0; i < gradient.Length; i++) gradient[i] /= Rows.WeightSum;
        return (losses.Sum() + 0.5 * l2Weight * squares) / Rows.WeightSum;
    }

    private double EvaluateBlock(int block, double[] parameters)
    {
        var gradient = _blockGradients[block];
        Array.Clear(gradient);
        Span<double> scores = BiasCount <= 256 ? stackalloc double[BiasCount] : new double[BiasCount];
        double loss = 0;
        int end = Math.Min(Rows.Count, (block + 1) * BlockSize);
        for (int row = block * BlockSize; row < end; row++) loss += AddGradient(row, parameters, gradient, scores);
        return loss;
    }
}

/// <summary>Binary cross-entropy in nats of a logistic model; a positive label is anything above zero.</summary>
internal sealed class LogisticObjective(TrainingRows rows, double l2Weight, int threadCount) : LinearObjective(rows, 1, l2Weight, threadCount)
{
    protected override double AddGradient(int row, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> scores)
    {
        double score = parameters[0] + Rows.Dot(row, parameters[1..]);
        double label = Math.Clamp(Rows.Labels[row], 0f, 1f);
        double tail = Math.Exp(-Math.Abs(score));   // never overflows
        double probability = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
        double factor = Rows.Weights[row] * (probability - label);
        Rows.AddScaled(row, factor, gradient[1..]);
        gradient[0] += factor;
        return Rows.Weights[row] * (Math.Max(score, 0) - label * score + Math.Log(1 + tail));
    }
}

/// <summary>Cross-entropy in nats of a softmax over linear scores; labels are class indices.</summary>
internal sealed class SoftmaxObjective(TrainingRows rows, int classCount, double l2Weight, int threadCount)
    : LinearObjective(rows, classCount, l2Weight, threadCount)
{
    protected override double AddGradient(int row, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> scores)
    {
        int features = Rows.FeatureCount, label = (int)Rows.Labels[row];
        double largest = double.NegativeInfinity;
        for (int c = 0; c < BiasCount; c++)
        {
            scores[c] = parameters[c] + Rows.Dot(row, parameters.Slice(BiasCount + c * features, features));
            largest = Math.Max(largest, scores[c]);
        }
        double sum = 0;
        for (int c = 0; c < BiasCount; c++) sum += Math.Exp(scores[c] - largest);
        double logSum = largest + Math.Log(sum);
        for (int c = 0; c < BiasCount; c++)
        {
            double factor = Rows.Weights[row] * (Math.Exp(scores[c] - logSum) - (c == label ? 1 : 0));
            Rows.AddScaled(row, factor, gradient.Slice(BiasCount + c * features, features));
            gradient[c] += factor;
        }
        return Rows.Weights[row] * (logSum - scores[label]);
    }
}
