using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>A way from a distribution whose partition function is known (at 0) to one whose partition function is wanted (at 1), with rows that are drawn along it.</summary>
internal interface IAnnealedPath
{
    /// <summary>log f of the current rows, unnormalised, at a point of the way.</summary>
    /// <returns>(chains,)</returns>
    Tensor LogWeight(double at);

    /// <summary>Moves the rows by a step that leaves the distribution at a point of the way as it is.</summary>
    void Step(double at);
}

/// <summary>A log-partition function as it is known.</summary>
/// <param name="Value">Nats.</param>
/// <param name="StandardError">0 where it is exact.</param>
internal readonly record struct LogPartition(double Value, double StandardError)
{
    /// <summary>From independent chains: the error is that of their mean, carried over to its logarithm.</summary>
    /// <param name="logEstimates">Logarithms of the chains' estimates of the partition function.</param>
    public static LogPartition Of(IReadOnlyList<double> logEstimates)
    {
        double highest = logEstimates.Max(), mean = logEstimates.Average(w => Math.Exp(w - highest));
        double variance = logEstimates.Sum(w => Math.Pow(Math.Exp(w - highest) - mean, 2)) / Math.Max(1, logEstimates.Count - 1);
        return new(highest + Math.Log(mean), Math.Sqrt(variance / logEstimates.Count) / mean);
    }
}

/// <summary>Estimates log-partition functions by annealed importance sampling (Neal, 2001).</summary>
internal static class AnnealedImportance
{
    /// <param name="path">Its rows are draws at 0.</param>
    /// <param name="logPartitionAtStart">log of the sum of f over all rows at 0.</param>
    /// <param name="steps">Points of the way, evenly spaced.</param>
    /// <returns>The estimate of every chain at 1, (chains,)</returns>
    public static double[] Run(IAnnealedPath path, double logPartitionAtStart, int steps, CancellationToken cancellation = default)
    {
        Tensor? logWeights = null;   // (chains,)
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (int i = 1; i <= steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            double before = (i - 1) / (double)steps, at = i / (double)steps;
            var gain = (path.LogWeight(at) - path.LogWeight(before)).to(float64);
            if (logWeights is null) logWeights = gain.MoveToOuterDisposeScope();
            else logWeights.add_(gain);
            if (i < steps) path.Step(at);
        }
        return logWeights!.add_(logPartitionAtStart).cpu().data<double>().ToArray();
    }
}
