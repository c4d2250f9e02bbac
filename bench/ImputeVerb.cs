using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>Cells of rows held out are hidden at random and filled in again, by ways that learn from other rows.</summary>
internal static class ImputeVerb
{
    private const int Neighbours = 5;

    public static Command Command()
    {
        var train = new Option<string>("--train") { Description = "the table to learn from, comma separated with a header, columns of any types", Required = true, HelpName = "CSV" };
        var trainRows = CommonOptions.Rows("--train-rows", "learn from so many rows of it, a random permutation's first (default: all)");
        var test = new Option<string>("--test") { Description = "rows to hide cells of, with the same columns", Required = true, HelpName = "CSV" };
        var testRows = CommonOptions.Rows("--test-rows", "so many of them, a random permutation's first (default: all)");
        var share = new Option<double>("--share") { Description = "share of the cells to hide (default: 0.2)", DefaultValueFactory = _ => 0.2 };
        share.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1)) result.AddError("--share must be above 0 and below 1.");
        });
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var epochs = CommonOptions.Epochs();
        var command = new Command("impute", "holes of a table: mode and median, nearest neighbours, the model of tables by what is most likely and by draws")
        {
            train, trainRows, test, testRows, share, seed, output, epochs,
        };
        command.SetAction(request => Run(
            request.GetRequiredValue(train), request.GetValue(trainRows), request.GetRequiredValue(test), request.GetValue(testRows),
            request.GetValue(share), request.GetValue(seed), request.GetValue(output)!, request.GetValue(epochs)));
        return command;
    }

    private static void Run(string train, int? trainRows, string test, int? testRows, double share, int seed, string output, int? epochs)
    {
        var tables = MixedTable.Open(train, test);
        var training = First(tables[0], trainRows, "--train-rows", seed).WithNumbersThatCanBeMissing();
        var hidden = HiddenCells.Of(First(tables[1], testRows, "--test-rows", seed).WithNumbersThatCanBeMissing(), training, share, seed);
        var results = new ResultTable("imputer", "accuracy", "mae_sd", "seconds");

        Judge("mode and median", () => TypicalValues.Of(training).Fill(hidden.Table));
        Judge($"{Neighbours} neighbours", () => new NearestNeighbours(training, Neighbours).Fill(hidden.Table));
        var ml = new MLContext(seed);
        var clock = Stopwatch.StartNew();
        using var model = BadRequestException.Blame("table", () => ml.Generative
            .TrainTable(new TableOptions { InputColumnNames = training.Names, Training = new TrainingOptions { Epochs = epochs } }).Fit(training.View(ml)));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"table: fitted {training.Rows.Count} rows in {clock.Elapsed.TotalSeconds:0.0} s"));
        Judge("table: most likely", () => hidden.Table.Read(model.Impute(hidden.Table.View(ml), seed, ImputationMethod.MostLikely)));
        Judge("table: a draw", () => hidden.Table.Read(model.Impute(hidden.Table.View(ml), seed)));

        results.WriteCsv(Path.Combine(output, "impute.csv"));
        results.Print(Console.Out);

        void Judge(string name, Func<MixedTable> fill)
        {
            var clock = Stopwatch.StartNew();
            var filled = fill();
            double seconds = clock.Elapsed.TotalSeconds;
            results.Add(name, hidden.Accuracy(filled), hidden.Error(filled), seconds);
        }
    }

    private static MixedTable First(MixedTable table, int? rows, string option, int seed) =>
        rows > table.Rows.Count ? throw new BadRequestException($"{option}: there are {table.Rows.Count} rows")
        : table.Select(new NumpyPermutation(seed).Next(table.Rows.Count).Take(rows ?? table.Rows.Count));
}
