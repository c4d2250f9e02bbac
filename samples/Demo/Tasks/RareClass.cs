using Demo.Images;
using Microsoft.ML;

namespace Demo.Tasks;

/// <summary>One row in a hundred is of the class to be found: what do synthetic rows do for a classifier?</summary>
internal static class RareClass
{
    private const int Rare = 5, Common = 7;   // sandals among sneakers: few rows are enough to see a difference
    private const int CommonRows = 4950, RareRows = 50;

    public static void Run(MLContext ml, FashionMnist data, Findings findings)
    {
        findings.Begin($"{RareRows} {FashionMnist.ClassNames[Rare]}s among {CommonRows} {FashionMnist.ClassNames[Common]}s, 5-fold cross-validation");
        var rows = data.Train.Where(r => r.Class == Common).Take(CommonRows)
            .Concat(data.Train.Where(r => r.Class == Rare).Take(RareRows))
            .Select(r => r.Halve().Labelled(r.Class == Rare)).ToList();
        var view = ImageRow.View(ml, rows);

        var classifier = ml.BinaryClassification.Trainers.LbfgsLogisticRegression();
        CrossValidate("no oversampling", classifier);
        // with a checkpoint, rows are drawn once, not in each pass of the classifier
        CrossValidate("SMOTE", ml.Generative.Smote("Label").AppendCacheCheckpoint(ml).Append(classifier));
        CrossValidate("VAE", ml.Generative.Oversample("Label", ml.Generative.TrainVae()).AppendCacheCheckpoint(ml).Append(classifier));

        void CrossValidate(string name, IEstimator<ITransformer> pipeline)
        {
            var folds = ml.BinaryClassification.CrossValidate(view, pipeline);
            findings.Add($"rare class, {name}", FormattableString.Invariant(
                $"AUPRC {folds.Average(f => f.Metrics.AreaUnderPrecisionRecallCurve):0.000}, F1 {folds.Average(f => f.Metrics.F1Score):0.000}, AUROC {folds.Average(f => f.Metrics.AreaUnderRocCurve):0.000}"));
        }
    }
}
