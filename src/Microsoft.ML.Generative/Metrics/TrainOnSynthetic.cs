namespace Microsoft.ML.Generative.Metrics;

/// <summary>What synthetic rows are worth for learning: a classifier trained on them and tested on real rows (train on synthetic, test on real; Esteban, Hyland and Rätsch, 2017).</summary>
internal static class TrainOnSynthetic
{
    /// <summary>Area under the ROC curve on the real rows; 0.5 if the synthetic rows are all of one class.</summary>
    /// <param name="classifier">A binary trainer on the columns <c>Features</c> and <c>Label</c>.</param>
    /// <param name="test">Real rows that the model was not trained on.</param>
    /// <param name="label">A column that has two values in the real rows, missing ones aside. Rows with a missing one, and synthetic rows with another, are left out.</param>
    /// <exception cref="ArgumentException">The label has not two values.</exception>
    public static double Auroc(MLContext context, IEstimator<ITransformer> classifier, ComparedTable synthetic, ComparedTable test, string label)
    {
        _ = ComparedTable.Pair(synthetic, test);
        double[] real = Values(test[label]), made = Values(synthetic[label]);
        double[] classes = [.. real.Where(value => !double.IsNaN(value)).Distinct().Order().Take(3)];
        if (classes.Length != 2)
            throw new ArgumentException($"Column '{label}' has {(classes.Length == 0 ? "no value" : classes.Length == 1 ? "one value" : "more than two values")} in the real rows; a label to be told by a binary classifier has two.");
        int[] learnt = Usable(made), tested = Usable(real);
        if (learnt.Select(i => made[i]).Distinct().Count() < 2) return 0.5;

        var encoding = new ClassifierRows([synthetic, test], label);
        var training = encoding.View(context, [.. learnt.Select(i => encoding.Encode(synthetic, i, made[i] == classes[1]))]);
        var scored = classifier.Fit(training).Transform(encoding.View(context, [.. tested.Select(i => encoding.Encode(test, i, real[i] == classes[1]))]));
        return context.BinaryClassification.EvaluateNonCalibrated(scored).AreaUnderRocCurve;

        int[] Usable(double[] values) => [.. Enumerable.Range(0, values.Length).Where(i => classes.Contains(values[i]))];
    }

    // NaN for a missing value
    private static double[] Values(ComparedColumn column) => column is not CategoryColumn categories ? ((NumberColumn)column).Values
        : Array.ConvertAll(categories.Codes, code => categories.Categories[code].Length == 0 ? double.NaN : code);
}
