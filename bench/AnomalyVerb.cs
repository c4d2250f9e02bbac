using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>
/// Anomaly scores on labelled tables. Half of the normal rows, at most 10,000, are for training; the other normal rows and all
/// anomalies are for the test. Columns are standardised on the training rows.
/// </summary>
internal static class AnomalyVerb
{
    private const int MostTrainingRows = 10_000;
    private static readonly TimeSpan ScoringTime = TimeSpan.FromSeconds(0.3);

    public static Command Command()
    {
        var data = CommonOptions.Data();
        var sets = CommonOptions.Sets();
        var models = CommonOptions.Models(Models.All.Keys);
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("anomaly", "AUROC and AUPRC of anomaly scores on DIR/*.csv[.gz], last column label, 1 = anomaly") { data, sets, models, seed, output, epochs };
        command.SetAction(request => Run(
            CsvTable.OpenFolder(request.GetRequiredValue(data), CommonOptions.Names(request.GetValue(sets)!), ".csv", ".csv.gz"),
            Models.Choose(request.GetRequiredValue(models), "--models", [.. Models.All.Keys]),
            request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(IReadOnlyList<CsvTable> tables, IReadOnlyList<string> models, int seed, string output, int? epochs)
    {
        var results = new ResultTable("dataset", "model", "auroc", "auprc", "fit_s", "score_rows_per_s");
        foreach (var table in tables)
        {
            var (train, test) = Split(table.Read(), seed);
            foreach (var model in models)
            {
                var ml = new MLContext(seed);
                var (trainRows, testRows) = train.Standardise(ml, test);
                var clock = Stopwatch.StartNew();
                using var detector = BadRequestException.Blame($"{table.Name}, {model}", () =>
                    Models.All[model].Estimator(ml, new TrainingOptions { Epochs = epochs }).Fit(trainRows.View(ml)));
                double fitSeconds = clock.Elapsed.TotalSeconds;

                var scored = detector.Transform(testRows.View(ml));
                var (scores, rowsPerSecond) = Score(scored);
                AtomicFile.Write(Path.Combine(output, "scores", $"{table.Name}.{model}.csv"), writer =>
                {
                    writer.WriteLine("label,score");
                    for (int i = 0; i < scores.Length; i++)
                        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(testRows.Rows[i].Label ? 1 : 0)},{scores[i]}"));
                });
                // this evaluator wants the label as a number, the other as a truth value
                var numericLabel = ml.Transforms.Conversion.ConvertType("Label").Fit(scored).Transform(scored);
                double auroc = ml.AnomalyDetection.Evaluate(numericLabel).AreaUnderRocCurve;
                double auprc = ml.BinaryClassification.EvaluateNonCalibrated(scored).AreaUnderPrecisionRecallCurve;
                results.Add(table.Name, model, auroc, auprc, fitSeconds, rowsPerSecond);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{table.Name}, {model}: AUROC {auroc:0.000}, AUPRC {auprc:0.000}, fitted {train.Count} rows in {fitSeconds:0.0} s"));
            }
        }
        results.WriteCsv(Path.Combine(output, "anomaly.csv"));
        results.Print(Console.Out);
    }

    private static (LabelledRows Train, LabelledRows Test) Split(LabelledRows all, int seed)
    {
        int[] normal = [.. Enumerable.Range(0, all.Count).Where(i => !all.Rows[i].Label)];
        var order = new NumpyPermutation(seed).Next(normal.Length);
        int trainCount = Math.Min(normal.Length / 2, MostTrainingRows);
        var anomalies = Enumerable.Range(0, all.Count).Where(i => all.Rows[i].Label);
        return (all.Select(order.Take(trainCount).Select(i => normal[i])), all.Select(order.Skip(trainCount).Select(i => normal[i]).Concat(anomalies)));
    }

    /// <summary>Reads the scores once for their values, then again for as long as it takes to measure the speed.</summary>
    private static (float[] Scores, double RowsPerSecond) Score(IDataView scored)
    {
        float[] scores = [.. scored.GetColumn<float>("Score")];
        long rows = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < ScoringTime)
        {
            using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
            var getter = cursor.GetGetter<float>(scored.Schema["Score"]);
            for (float score = 0; cursor.MoveNext(); rows++) getter(ref score);
        }
        return (scores, rows / clock.Elapsed.TotalSeconds);
    }
}
