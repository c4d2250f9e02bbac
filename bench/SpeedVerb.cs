using System.CommandLine;
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
        using var made = new MadeWork();
        Contest[] contests =
        [
            Contest.Time("train step 64-256-256-64 batch 256, ms", 1e3, () => Perceptron.SecondsPerStep(25_600, 256, 200, [64, 256, 256, 64]), theirs?.Work("step 25600 256 200 64 256 256 64")),
            Contest.Time("train step 32-128-128-32 batch 64, ms", 1e3, () => Perceptron.SecondsPerStep(6_400, 64, 500, [32, 128, 128, 32]), theirs?.Work("step 6400 64 500 32 128 128 32")),
            Contest.Time("vae 9-128-64-32, batch 32, 10,000 rows: s per epoch", 1, () => vae.SecondsPerEpoch(32, 2, [128, 64, 32], epochs: 3), theirs?.Work("vae_epoch 10000 32 3 2 9 128 64 32")),
            Contest.Rate("vae, 9 features: rows scored through a cursor, per s", vae.SecondsPerScoredRow, theirs?.Work("vae_score 100000 4 9 128 64")),
            Contest.Rate("vae, 9 features: rows scored one at a time, per s", vae.SecondsPerRowOneAtATime, theirs?.Work("vae_score 1 4 9 128 64")),
            Contest.Rate("vae, 9 features: rows sampled through a cursor, per s", vae.SecondsPerSampledRow, theirs?.Work("vae_sample 200000 4 9 128 64")),
            Contest.Rate("made, 16 binary features: rows scored through a cursor, per s of processor time", made.SecondsPerScoredRow, null),
            Contest.Rate("made, 16 binary features: rows sampled through a cursor, per s of processor time", made.SecondsPerSampledRow, null),
        ];
        Contest.Run(contests, Turns, Path.Combine(output, "speed.csv"));
    }
}
