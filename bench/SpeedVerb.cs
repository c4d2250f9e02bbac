using System.CommandLine;
using System.Globalization;
using MLGenerative.Bench.Results;
using MLGenerative.Bench.Speed;
using TorchSharp;

namespace MLGenerative.Bench;

/// <summary>What a training step, a score and a sample cost, and what the same costs in PyTorch, measured in turns in one run.</summary>
internal static class SpeedVerb
{
    private const int Turns = 7;

    public static Command Command()
    {
        var against = new Option<bool>("--against-pytorch") { Description = "measure the same networks in PyTorch too, taking turns" };
        var output = CommonOptions.Out();
        var command = new Command("speed", "training steps, scoring and sampling, ours and PyTorch's") { against, output };
        command.SetAction(request => Run(request.GetValue(against), request.GetValue(output)!));
        return command;
    }

    private static void Run(bool againstPyTorch, string output)
    {
        using var theirs = againstPyTorch ? new PyTorch(torch.get_num_threads()) : null;
        using var vae = new VaeWork();
        Contest[] contests =
        [
            Contest.Time("train step 64-256-256-64 batch 256, ms", 1e3, () => Perceptron.SecondsPerStep(25_600, 256, 200, [64, 256, 256, 64]), "step 25600 256 200 64 256 256 64"),
            Contest.Time("train step 32-128-128-32 batch 64, ms", 1e3, () => Perceptron.SecondsPerStep(6_400, 64, 500, [32, 128, 128, 32]), "step 6400 64 500 32 128 128 32"),
            Contest.Time("vae 9-128-64-32, batch 32, 10,000 rows: s per epoch", 1, () => vae.SecondsPerEpoch(32, 2, [128, 64, 32], epochs: 3), "vae_epoch 10000 32 3 2 9 128 64 32"),
            Contest.Rate("vae, 9 features: rows scored through a cursor, per s", vae.SecondsPerScoredRow, "vae_score 100000 4 9 128 64"),
            Contest.Rate("vae, 9 features: rows scored one at a time, per s", vae.SecondsPerRowOneAtATime, "vae_score 1 4 9 128 64"),
            Contest.Rate("vae, 9 features: rows sampled through a cursor, per s", vae.SecondsPerSampledRow, "vae_sample 200000 4 9 128 64"),
        ];
        for (int turn = 1; turn <= Turns; turn++)
            foreach (var contest in contests)
            {
                contest.Measure(theirs);
                Console.Error.WriteLine($"turn {turn} of {Turns}, {contest}");
            }

        // theirs is empty where it was not measured; the ratio is our time by theirs, below 1 where ours is the faster
        var results = new ResultTable("what", "ours", "theirs", "ratio");
        foreach (var contest in contests) results.Add(contest.What, contest.Ours, contest.Theirs, contest.Ratio);
        results.WriteCsv(Path.Combine(output, "speed.csv"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"medians of {Turns} turns, {torch.get_num_threads()} thread(s); ratio: our time by theirs in the same turn"));
        results.Print(Console.Out);
    }
}
