namespace Microsoft.ML.Generative.Metrics;

/// <summary>How well a classifier tells synthetic rows from real ones (classifier two-sample test, Lopez-Paz and Oquab, 2017): 0.5 if it can't, 1 if it always does.</summary>
internal static class Detection
{
    private const int Folds = 5;

    /// <summary>Area under the ROC curve, the mean over five folds of a cross-validation.</summary>
    /// <param name="classifier">A binary trainer on the columns <c>Features</c> and <c>Label</c>. The better it is, the more it finds.</param>
    /// <param name="real">Rows that the model was not trained on. Of the longer table the first rows count, as many as the other has.</param>
    /// <param name="seed">Of the folds.</param>
    public static double Auroc(MLContext context, IEstimator<ITransformer> classifier, ComparedTable real, ComparedTable synthetic, int seed)
    {
        _ = ComparedTable.Pair(real, synthetic);
        int rows = Math.Min(real.Rows, synthetic.Rows);
        var encoding = new ClassifierRows([real, synthetic], label: null);
        // by turns, for the sake of trainers that take the rows in their order
        var view = encoding.View(context, [.. Enumerable.Range(0, rows).SelectMany(i => (ClassifierRow[])[encoding.Encode(real, i, false), encoding.Encode(synthetic, i, true)])]);
        return context.BinaryClassification.CrossValidateNonCalibrated(view, classifier, Folds, seed: seed).Average(fold => fold.Metrics.AreaUnderRocCurve);
    }
}
