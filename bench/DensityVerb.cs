using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>Mean log-density of rows that a model has not seen: fitted on the training part, its weights chosen by the validation part, reported on the test part.</summary>
internal static class DensityVerb
{
    public static Command Command()
    {
        string[] known = [.. Models.OfDensities.Keys];
        var data = CommonOptions.Data();
        var sets = CommonOptions.Sets();
        var models = CommonOptions.Models(known);
        var score = new Option<string?>("--score") { Description = "also write the log-density of every row of this file, of the same form and columns", HelpName = "FILE" };
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("density", "mean log-density in nats on DIR/NAME.{train,valid,test}.data[.gz], numbers without a header, or NAME_{train,valid,test}.u8bits[.gz], images of bits")
        {
            data, sets, models, score, seed, output, epochs,
        };
        command.SetAction(request => Run(
            DensitySet.OpenFolder(request.GetRequiredValue(data), CommonOptions.Names(request.GetValue(sets)!)),
            Models.Choose(request.GetRequiredValue(models), "--models", known),
            request.GetValue(score), request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(IReadOnlyList<DensitySet> sets, IReadOnlyList<string> models, string? score, int seed, string output, int? epochs)
    {
        if (score is not null)
            foreach (var set in sets) set.LoadLike(new MLContext(), score);
        var results = new ResultTable("dataset", "model", "kind", "valid", "test", "fit_s");
        foreach (var set in sets)
            foreach (var model in models)
            {
                var ml = new MLContext(seed);
                var (train, valid, test) = set.Load(ml);
                var clock = Stopwatch.StartNew();
                string name = $"{set.Name}, {model}";
                var training = new TrainingOptions { Epochs = epochs, Progress = new ProgressLines(name) };
                using var fitted = BadRequestException.Blame(name, () => Models.OfDensities[model].FitValidated(ml, training, train, valid));
                double fitSeconds = clock.Elapsed.TotalSeconds;

                double validMean = LogDensities(fitted, valid).Average(), testMean = LogDensities(fitted, test).Average();
                results.Add(set.Name, model, fitted.DensityKind!.ToString()!.ToLowerInvariant(), validMean, testMean, fitSeconds);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {testMean:0.000} nats, fitted in {fitSeconds:0.0} s"));
                if (score is null) continue;
                AtomicFile.Write(Path.Combine(output, "logdensity", $"{set.Name}.{model}.csv"), writer =>
                {
                    foreach (float value in LogDensities(fitted, set.LoadLike(ml, score))) writer.WriteLine(value.ToString(CultureInfo.InvariantCulture));
                });
            }
        results.WriteCsv(Path.Combine(output, "density.csv"));
        results.Print(Console.Out);
    }

    private static IEnumerable<float> LogDensities(ITransformer model, IDataView rows) => model.Transform(rows).GetColumn<float>("LogDensity");

    // these fits may take an hour
    private sealed class ProgressLines(string name) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: step {value.Step} of {value.PlannedSteps}, loss {value.Loss:0.000}, validation {value.ValidationLoss:0.000}, {value.Elapsed.TotalSeconds:0} s"));
    }
}
