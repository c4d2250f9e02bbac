using System.Globalization;
using Microsoft.ML.Data;

namespace Oversampling;

/// <summary>How good classifiers were with each sampler, fold by fold.</summary>
internal sealed class Figures(IReadOnlyList<string> classifiers, IReadOnlyList<string> samplers)
{
    private static readonly string[] Names = ["AUPRC", "F1", "balanced accuracy", "AUROC", "seconds"];
    private readonly Dictionary<(string Classifier, string Sampler), List<double[]>> _folds = [];

    public void Add(string classifier, string sampler, BinaryClassificationMetrics metrics, double seconds)
    {
        if (!_folds.TryGetValue((classifier, sampler), out var folds)) _folds[(classifier, sampler)] = folds = [];
        // F1 is NaN where no row is found
        double f1 = double.IsNaN(metrics.F1Score) ? 0 : metrics.F1Score;
        folds.Add([metrics.AreaUnderPrecisionRecallCurve, f1, (metrics.PositiveRecall + metrics.NegativeRecall) / 2, metrics.AreaUnderRocCurve, seconds]);
    }

    /// <summary>A table for each classifier: means over the folds, the best of each column marked. Time is no matter of good and bad.</summary>
    public void Print(TextWriter writer)
    {
        foreach (string classifier in classifiers)
        {
            var means = samplers.Select(sampler => Names.Select((name, c) => Mean(classifier, sampler, c)).ToArray()).ToList();
            writer.WriteLine();
            writer.WriteLine($"{classifier,-20}{string.Concat(Names.Select(name => Cell(name, name, "")))}".TrimEnd());
            for (int s = 0; s < samplers.Count; s++)
                writer.WriteLine($"  {samplers[s],-18}{string.Concat(Names.Select((name, c) => Cell(name, Text(means[s][c], c), IsQuality(c) && means[s][c] == means.Max(row => row[c]) ? "*" : "")))}".TrimEnd());
        }
    }

    // as it is printed, so that what looks the same is marked the same
    private double Mean(string classifier, string sampler, int column) => Math.Round(_folds[(classifier, sampler)].Average(fold => fold[column]), IsQuality(column) ? 3 : 1);

    private static bool IsQuality(int column) => Names[column] != "seconds";

    private static string Text(double value, int column) => value.ToString(IsQuality(column) ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Cell(string name, string text, string mark) => $"{text.PadLeft(Math.Max(name.Length, 5) + 2)}{mark,-1}";
}
