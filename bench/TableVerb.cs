using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>
/// Synthetic tables: trained on rows of a file, as many rows drawn, and these compared with the training rows, with rows held out, and with what other real rows get in
/// the same comparison.
/// </summary>
internal static class TableVerb
{
    public static Command Command()
    {
        var train = new Option<string>("--train") { Description = "the table, comma separated with a header, columns of any types", Required = true, HelpName = "CSV" };
        var trainRows = CommonOptions.Rows("--train-rows", "train on so many rows of it, a random permutation's first; the others are held out (default: all)");
        var test = new Option<string?>("--test") { Description = "rows held out instead, with the same columns", HelpName = "CSV" };
        var label = new Option<string?>("--label") { Description = "column of two values for classifiers to predict", HelpName = "COLUMN" };
        var rows = CommonOptions.Rows("--rows", "rows to draw (default: as many as trained on)");
        var models = CommonOptions.Models(TableModels.All.Keys);
        var others = new Option<string>("--synthetic") { Description = "also judge these files, made by other tools from the same training rows, comma separated", DefaultValueFactory = _ => "", HelpName = "CSVS" };
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("table", "synthetic tables: single columns, pairs of columns, learning from them, telling them from real rows, copies")
        {
            train, trainRows, test, label, rows, models, others, seed, output, epochs,
        };
        command.SetAction(request => Run(
            TableTask.Open(request.GetRequiredValue(train), request.GetValue(test), CommonOptions.Names(request.GetValue(others)!), request.GetValue(label),
                request.GetValue(trainRows), request.GetValue(rows), request.GetValue(seed)),
            Models.Choose(request.GetRequiredValue(models), "--models", [.. TableModels.All.Keys]),
            request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(TableTask task, IReadOnlyList<string> models, int seed, string output, int? epochs)
    {
        var speed = new ResultTable("model", "fit_s", "rows_per_s");
        var fidelity = new ResultTable("model", "column_shape", "pairs", "tstr", "detection", "dcr_ratio", "copies");
        foreach (var model in models)
        {
            var ml = new MLContext(seed);
            var clock = Stopwatch.StartNew();
            var sampler = BadRequestException.Blame(model, () => TableModels.All[model](ml, new TrainingOptions { Epochs = epochs }, task.Training));
            double fitSeconds = clock.Elapsed.TotalSeconds;
            var synthetic = sampler(task.Rows, seed);
            AtomicFile.Write(Path.Combine(output, $"{model}.csv"), task.Training.Read(synthetic).Write);
            clock.Restart();
            double rowsPerSecond = FieldText.ReadThrough(sampler(task.Rows, seed)) / clock.Elapsed.TotalSeconds;
            speed.Add(model, fitSeconds, rowsPerSecond);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}: fitted {task.Training.Rows.Count} rows in {fitSeconds:0.0} s, {rowsPerSecond:0} rows/s"));
            Judge(model, synthetic);
        }
        foreach (var (name, table) in task.Others) Judge(name, table.View(new MLContext(seed)));
        if (task.Real is not null) Judge("real", task.Real.View(new MLContext(seed)));

        speed.WriteCsv(Path.Combine(output, "table.csv"));
        fidelity.WriteCsv(Path.Combine(output, "fidelity.csv"));
        speed.Print(Console.Out);
        Console.WriteLine();
        fidelity.Print(Console.Out);

        void Judge(string name, IDataView rows)
        {
            var ml = new MLContext(seed);
            var options = new EvaluateOptions { HeldOut = task.HeldOut?.View(ml), LabelColumnName = task.HeldOut is null ? null : task.Label, Seed = seed };
            var metrics = BadRequestException.Blame(name, () => ml.Generative.Evaluate(task.Training.View(ml), rows, options));
            double shape = metrics.ColumnShapes.Mean, copies = metrics.Copies.Share;
            double? pairs = metrics.Pairs?.Mean, tstr = metrics.TrainOnSynthetic?.Auroc, closest = metrics.ClosestRecord.Ratio;
            double? detection = task.HeldOut is null ? null : metrics.Detection?.Auroc;   // rows trained on are no fair opponents
            fidelity.Add(name, shape, pairs, tstr, detection, closest, copies);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: column shape {shape:0.000}, pairs {pairs:0.000}, TSTR {tstr:0.000}, detection {detection:0.000}, DCR ratio {closest:0.00}, copies {copies:0.0000}"));
        }
    }
}
