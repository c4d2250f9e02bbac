using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MLGenerative.Bench.Results;
using MLGenerative.Bench.Speed;

namespace MLGenerative.Bench;

/// <summary>What the metrics of features cost: the time of each on made-up rows, half of which play the synthetic ones.</summary>
internal static class MetricsVerb
{
    private static readonly (string Name, Func<MetricsCatalog, IDataView, IDataView, int, double> Value)[] Metrics =
    [
        ("wasserstein", (metrics, real, synthetic, _) => metrics.Wasserstein(real, synthetic).Mean),
        ("sliced-wasserstein", (metrics, real, synthetic, _) => metrics.SlicedWasserstein(real, synthetic).W1),
        ("sinkhorn", (metrics, real, synthetic, _) => metrics.Sinkhorn(real, synthetic).Divergence),
        ("sinkhorn-of-all-rows", (metrics, real, synthetic, rows) => metrics.Sinkhorn(real, synthetic, mostRows: rows).Divergence),
        ("mmd", (metrics, real, synthetic, _) => metrics.MaximumMeanDiscrepancy(real, synthetic, permutations: 0).Squared),
        ("mmd-with-p-value", (metrics, real, synthetic, _) => metrics.MaximumMeanDiscrepancy(real, synthetic).PValue!.Value),
        ("frechet", (metrics, real, synthetic, _) => metrics.Frechet(real, synthetic).Squared),
        ("precision-recall", (metrics, real, synthetic, _) => metrics.PrecisionRecall(real, synthetic).Coverage),
        ("mode-coverage", (metrics, real, synthetic, _) => metrics.ModeCoverage(real, synthetic).Divergence),
    ];

    public static Command Command()
    {
        var rows = CommonOptions.Rows("--rows", "rows of each kind, 25 or more (default: 10000)");
        var features = CommonOptions.Rows("--features", "features (default: 50)");
        var names = new Option<string>("--metrics") { Description = $"comma separated: {string.Join(", ", Metrics.Select(m => m.Name))}, all (default: all)", DefaultValueFactory = _ => "all", HelpName = "NAMES" };
        var output = CommonOptions.Out();
        var command = new Command("metrics", "time of the metrics that compare rows by their features") { rows, features, names, output };
        command.SetAction(request => Run(request.GetValue(rows) ?? 10_000, request.GetValue(features) ?? 50, request.GetValue(names)!, request.GetValue(output)!));
        return command;
    }

    private static void Run(int rows, int features, string names, string output)
    {
        string[] chosen = names == "all" ? [.. Metrics.Select(m => m.Name)] : CommonOptions.Names(names);
        if (chosen.FirstOrDefault(name => Metrics.All(m => m.Name != name)) is { } unknown) throw new BadRequestException($"there is no metric '{unknown}'; --help lists them");
        if (rows < 25) throw new BadRequestException("--rows must be 25 or more: as many as the modes that are looked for");

        var ml = new MLContext(seed: 0);
        var all = MadeUpRows.Create(2 * rows, features);
        IDataView real = all.Select(Enumerable.Range(0, rows)).View(ml), synthetic = all.Select(Enumerable.Range(rows, rows)).View(ml);
        (real, synthetic) = (ml.Transforms.SelectColumns("Features").Fit(real).Transform(real), ml.Transforms.SelectColumns("Features").Fit(synthetic).Transform(synthetic));
        var results = new ResultTable("metric", "rows", "features", "value", "wall_s", "processor_s");
        foreach (var (name, value) in Metrics.Where(m => chosen.Contains(m.Name)))
        {
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            double result = value(ml.Generative.Metrics, real, synthetic, rows);
            double wall = watch.Elapsed.TotalSeconds;
            results.Add(name, rows, features, result, wall, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds);
            Console.Error.WriteLine($"{name}: {wall:G4} s");
        }
        results.WriteCsv(Path.Combine(output, "metrics.csv"));
        results.Print(Console.Out);
    }
}
