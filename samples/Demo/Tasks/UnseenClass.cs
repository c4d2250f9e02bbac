using Demo.Images;
using Microsoft.ML;
using Microsoft.ML.Generative;

namespace Demo.Tasks;

/// <summary>A detector learns nine classes; in the test, it has to tell the tenth from them.</summary>
internal static class UnseenClass
{
    private const int Bag = 8;
    private const int TrainingRows = 20_000;

    public static void Run(MLContext ml, FashionMnist data, Findings findings)
    {
        findings.Begin($"a detector learns everything but {FashionMnist.ClassNames[Bag]}s");
        var normal = data.Train.Where(r => r.Class != Bag).Take(TrainingRows).Select(r => r.Halve()).ToList();
        var test = data.Test.Select(r => r.Halve().Labelled(r.Class == Bag)).ToList();

        var estimator = ml.Generative.TrainVae(new VaeOptions { Training = new TrainingOptions { Progress = findings } });
        using var detector = estimator.Fit(ImageRow.View(ml, normal));
        var scored = detector.Transform(ImageRow.View(ml, test));
        var metrics = ml.AnomalyDetection.Evaluate(ml.Transforms.Conversion.ConvertType("Label").Fit(scored).Transform(scored));
        findings.Add($"{FashionMnist.ClassNames[Bag]}s among {test.Count} test images", FormattableString.Invariant($"AUROC {metrics.AreaUnderRocCurve:0.000}"));
    }
}
