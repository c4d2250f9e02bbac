namespace Microsoft.ML.Generative.Metrics;

/// <summary>What synthetic rows are worth for learning: a classifier trained on them and tested on real rows (train on synthetic, test on real; Esteban, Hyland and Rätsch, 2017).</summary>
internal static class TrainOnSynthetic
{
    /// <summary>Area under the ROC curve on the real rows; 0.5 if the synthetic rows are all of one class.</summary>
    /// <param name="classifier">A binary trainer on the columns <c>Features</c> and <c>Label</c>.</param>
    /// <param name="test">Real rows that the model was not trained on.</param>
    /// <param name="label">A column that has two values in the real rows. Synthetic rows with another one are left out.</param>
    /// <exception cref="ArgumentException">The label has not two values.</exception>
    public static double Auroc(MLContext context, IEstimator<ITransformer> classifier, ComparedTable synthetic, ComparedTable test, string label)
    {
        _ = ComparedTable.Pair(synthetic, test);
        double[] real = Values(test[label]), made = Values(synthetic[label]);
        double[] classes = [.. real.Distinct().Order().Take(3)];
        if (classes.Length != 2)
            throw new ArgumentException($"Column '{label}' has {(classes.Length == 1 ? "one value" : "more than two values")} in the real rows; a label to be told by a binary classifier has two.");
        int[] usable = [.. Enumerable.Range(0, made.Length).Where(i => classes.Contains(made[i]))];
        if (usable.Select(i => made[i]).Distinct().Count() < 2) return 0.5;

        var encoding = new ClassifierRows([synthetic, test], label);
        var training = encoding.View(context, [.. usable.Select(i => encoding.Encode(synthetic, i, made[i] == classes[1]))]);
        var scored = classifier.Fit(training).Transform(encoding.View(context, [.. real.Select((value, i) => encoding.Encode(test, i, value == classes[1]))]));
        return context.BinaryClassification.EvaluateNonCalibrated(scored).AreaUnderRocCurve;
    }

    private static double[] Values(ComparedColumn column) =>
        column is NumberColumn numbers ? numbers.Values : Array.ConvertAll(((CategoryColumn)column).Codes, code => (double)code);
}
