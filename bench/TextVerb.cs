using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Results;

namespace MLGenerative.Bench;

/// <summary>Nats per character of the last tenth of a text, by a Markov chain that learnt from the rest; and what a text so many times as long takes.</summary>
internal static class TextVerb
{
    private const double TestShare = 0.1;
    private const int LineLength = 10_000;

    public static Command Command()
    {
        var file = new Option<string>("--file") { Description = "the text, UTF-8", Required = true, HelpName = "FILE" };
        var order = new Option<int?>("--order") { Description = "symbols of context (default: the best on what is held out of the first nine tenths)", HelpName = "N" };
        var unit = new Option<TextUnit>("--unit") { Description = "Characters or Words (default: Characters)", DefaultValueFactory = _ => TextUnit.Characters };
        var repeat = new Option<int>("--repeat") { Description = "learn from so many copies, in each of which one character in a hundred is another (default: 1, none is)", DefaultValueFactory = _ => 1, HelpName = "N" };
        var seed = CommonOptions.Seed();
        var output = CommonOptions.Out();
        var command = new Command("text", "nats per character of the last tenth of a text, by a Markov chain") { file, order, unit, repeat, seed, output };
        command.SetAction(request => Run(request.GetRequiredValue(file), request.GetValue(order), request.GetValue(unit), request.GetValue(repeat), request.GetValue(seed), request.GetValue(output)!));
        return command;
    }

    private static void Run(string file, int? order, TextUnit unit, int repeat, int seed, string output)
    {
        if (!File.Exists(file)) throw new BadRequestException($"--file: there is no {file}");
        if (repeat < 1) throw new BadRequestException($"--repeat is {repeat}; it must be 1 or more");
        string text = File.ReadAllText(file);
        int end = (int)(text.Length * (1 - TestShare));
        var ml = new MLContext(seed);
        var rows = ml.Data.LoadFromEnumerable(repeat == 1 ? [new Line { Sequence = text[..end] }] : Copies(text[..end], repeat, seed));
        var clock = Stopwatch.StartNew();
        var chain = ml.Generative.TrainMarkovChain(new MarkovChainOptions { Order = order, TextUnit = unit }).Fit(rows);
        double seconds = clock.Elapsed.TotalSeconds, memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        clock.Restart();
        double loss = -chain.Transform(ml.Data.LoadFromEnumerable([new Line { Sequence = text[end..] }])).GetColumn<float>("LogDensity").Single() / (text.Length - end);
        var results = new ResultTable("text", "unit", "order", "characters", "nats_per_character", "fit_s", "score_s", "peak_MiB");
        results.Add(Path.GetFileName(file), unit.ToString(), chain.Order, (double)repeat * end, loss, seconds, clock.Elapsed.TotalSeconds, memory);
        if (chain.HeldOutLoss is { } losses)
            Console.Error.WriteLine("held out, by order from 0: " + string.Join(", ", losses.Select(l => l.ToString("0.0000", CultureInfo.InvariantCulture))));
        results.WriteCsv(Path.Combine(output, "text.csv"));
        results.Print(Console.Out);
    }

    // made as they are read
    private static IEnumerable<Line> Copies(string text, int count, int seed)
    {
        var random = new Random(seed);
        for (int copy = 0; copy < count; copy++)
            for (int start = 0; start < text.Length; start += LineLength)
            {
                char[] line = text.Substring(start, Math.Min(LineLength, text.Length - start)).ToCharArray();
                for (int i = 0; i < line.Length; i++)
                    if (random.Next(100) == 0) line[i] = text[random.Next(text.Length)];
                yield return new Line { Sequence = new string(line) };
            }
    }

    private sealed class Line
    {
        public string Sequence { get; set; } = "";
    }
}
