using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Results;
using MLGenerative.Bench.Shapes;

namespace MLGenerative.Bench;

/// <summary>Points in the plane: whether a model finds all parts of a distribution, and draws nothing between them.</summary>
internal static class ShapesVerb
{
    private const int DefaultRows = 10_000;

    public static Command Command()
    {
        string[] known = [.. Models.All.Where(model => model.Value.Samples).Select(model => model.Key)];
        var sets = new Option<string>("--sets") { Description = $"comma separated: {string.Join(", ", Shape.All.Keys)} (default: all)", DefaultValueFactory = _ => "all", HelpName = "NAMES" };
        var rows = CommonOptions.Rows("--rows", $"points to train on, and to draw (default: {DefaultRows})");
        var models = CommonOptions.Models(known);
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("shapes", "two-dimensional sets, made here: parts of the support that are covered, and the share of drawn points that lie on it") { sets, rows, models, seed, output, epochs };
        command.SetAction(request => Run(
            Models.Choose(request.GetValue(sets)!, "--sets", [.. Shape.All.Keys]), request.GetValue(rows) ?? DefaultRows,
            Models.Choose(request.GetRequiredValue(models), "--models", known), request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(IReadOnlyList<string> sets, int rows, IReadOnlyList<string> models, int seed, string output, int? epochs)
    {
        var results = new ResultTable("dataset", "model", "parts", "covered", "on_support", "imbalance", "fit_s");
        foreach (string set in sets)
        {
            var shape = Shape.All[set];
            var random = new Random(seed);
            var training = Points();
            // what the figures are for points of the shape itself
            Judge("real", Points(), null);
            foreach (string model in models)
            {
                var ml = new MLContext(seed);
                var clock = Stopwatch.StartNew();
                var fitted = BadRequestException.Blame($"{set}, {model}", () => Models.All[model].Estimator(ml, new TrainingOptions { Epochs = epochs })
                    .Fit(ml.Data.LoadFromEnumerable(training.Select(p => new Point { Features = [(float)p.X, (float)p.Y] }))));
                double fitSeconds = clock.Elapsed.TotalSeconds;
                Judge(model, [.. fitted.Sample(rows, seed).GetColumn<float[]>("Features").Select(f => ((double)f[0], (double)f[1]))], fitSeconds);
                (fitted as IDisposable)?.Dispose();
            }

            IReadOnlyList<(double X, double Y)> Points() => [.. Enumerable.Range(0, rows).Select(_ => shape.Draw(random))];

            void Judge(string model, IReadOnlyList<(double X, double Y)> points, double? fitSeconds)
            {
                var figures = ShapeFigures.Of(shape, points);
                results.Add(set, model, shape.Parts, figures.Covered, figures.OnSupport, figures.Imbalance, fitSeconds);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set}, {model}: {figures.Covered} of {shape.Parts} parts, {figures.OnSupport:0.000} on the support"));
                AtomicFile.Write(Path.Combine(output, "shapes", $"{set}.{model}.csv"), writer =>
                {
                    foreach (var (x, y) in points) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{x:G6},{y:G6}"));
                });
            }
        }
        results.WriteCsv(Path.Combine(output, "shapes.csv"));
        results.Print(Console.Out);
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
