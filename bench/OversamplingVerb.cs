using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>
/// What synthetic rows of the rare class do for a classifier: stratified 5-fold cross-validation, the training fold standardised
/// and then balanced to 1:1, the test fold left as it is.
/// </summary>
internal static class OversamplingVerb
{
    private const int Folds = 5;

    /// <summary>The classifiers on the columns Features and Label.</summary>
    private static readonly IReadOnlyDictionary<string, Func<MLContext, IEstimator<ITransformer>>> Classifiers =
        new Dictionary<string, Func<MLContext, IEstimator<ITransformer>>>
        {
            // sum of log losses plus half the squared weights, as other libraries have it by default
            ["logistic_regression"] = ml => ml.BinaryClassification.Trainers.LbfgsLogisticRegression(l1Regularization: 0, l2Regularization: 1),
            ["boosted_trees"] = ml => ml.BinaryClassification.Trainers.FastTree(),
        };

    public static Command Command()
    {
        string[] known = ["none", "smote", .. Models.All.Where(m => m.Value.Samples).Select(m => m.Key)];
        var data = CommonOptions.Data();
        var sets = CommonOptions.Sets();
        var samplers = new Option<string>("--samplers") { Description = $"comma separated: {string.Join(", ", known)}, all", Required = true, HelpName = "NAMES" };
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("oversampling", "classifiers trained with synthetic rows of the rare class, on DIR/*.csv, last column label, 1 = rare") { data, sets, samplers, seed, output, epochs };
        command.SetAction(request => Run(
            CsvTable.OpenFolder(request.GetRequiredValue(data), CommonOptions.Names(request.GetValue(sets)!), ".csv"),
            Models.Choose(request.GetRequiredValue(samplers), "--samplers", known),
            request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(IReadOnlyList<CsvTable> tables, IReadOnlyList<string> samplers, int seed, string output, int? epochs)
    {
        var results = new ResultTable("dataset", "fold", "sampler", "classifier", "auprc", "f1", "balanced_accuracy", "auroc", "sample_s");
        foreach (var table in tables)
        {
            var all = table.Read();
            var foldOf = AssignFolds(all, seed);
            for (int fold = 0; fold < Folds; fold++)
            {
                var ml = new MLContext(seed);
                var (train, test) = all.Select(Enumerable.Range(0, all.Count).Where(i => foldOf[i] != fold))
                    .Standardise(ml, all.Select(Enumerable.Range(0, all.Count).Where(i => foldOf[i] == fold)));
                AtomicFile.Write(Path.Combine(output, "folds", $"{table.Name}.{fold}.test.csv"), test.Write);
                foreach (var sampler in samplers)
                {
                    var clock = Stopwatch.StartNew();
                    var balanced = BadRequestException.Blame($"{table.Name}, fold {fold}, {sampler}", () => Balance(sampler, train, seed, epochs));
                    double seconds = clock.Elapsed.TotalSeconds;
                    AtomicFile.Write(Path.Combine(output, "folds", $"{table.Name}.{fold}.{sampler}.train.csv"), balanced.Write);
                    foreach (var (name, classifier) in Classifiers)
                    {
                        ml = new MLContext(seed);
                        var metrics = ml.BinaryClassification.EvaluateNonCalibrated(classifier(ml).Fit(balanced.View(ml)).Transform(test.View(ml)));
                        results.Add(table.Name, fold, sampler, name, metrics.AreaUnderPrecisionRecallCurve, metrics.F1Score,
                            (metrics.PositiveRecall + metrics.NegativeRecall) / 2, metrics.AreaUnderRocCurve, seconds);
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"{table.Name}, fold {fold}, {sampler}, {name}: AUPRC {metrics.AreaUnderPrecisionRecallCurve:0.000}, F1 {metrics.F1Score:0.000}"));
                    }
                }
            }
        }
        results.WriteCsv(Path.Combine(output, "oversampling.csv"));
        results.Print(Console.Out);
    }

    /// <summary>The fold of every row: rows of each class are dealt out in random order.</summary>
    private static int[] AssignFolds(LabelledRows all, int seed)
    {
        var permutation = new NumpyPermutation(seed);
        var folds = new int[all.Count];
        foreach (var label in (bool[])[false, true])
        {
            int[] members = [.. Enumerable.Range(0, all.Count).Where(i => all.Rows[i].Label == label)];
            var order = permutation.Next(members.Length);
            for (int i = 0; i < order.Length; i++) folds[members[order[i]]] = i % Folds;
        }
        return folds;
    }

    private static LabelledRows Balance(string sampler, LabelledRows train, int seed, int? epochs)
    {
        var ml = new MLContext(seed);
        IEstimator<ITransformer>? oversample = sampler switch
        {
            "none" => null,
            "smote" => ml.Generative.Smote("Label"),
            _ => ml.Generative.Oversample("Label", Models.All[sampler].Estimator(ml, new TrainingOptions { Epochs = epochs })),
        };
        if (oversample is null) return train;
        var view = train.View(ml);
        // the rows that are added belong to the very view that was fitted
        return LabelledRows.Read(oversample.Fit(view).Transform(view), train.FeatureNames);
    }
}
