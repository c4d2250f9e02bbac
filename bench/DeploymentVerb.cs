using System.CommandLine;
using MLGenerative.Bench.Speed;
using TorchSharp;

namespace MLGenerative.Bench;

/// <summary>What a score costs in the forms in which a model can be put to use, measured in turns in one run.</summary>
internal static class DeploymentVerb
{
    private const int Turns = 5;

    public static Command Command()
    {
        var output = CommonOptions.Out();
        var command = new Command("deployment", "scoring with a fitted model, with the stock zip loaded again, and with ONNX Runtime") { output };
        command.SetAction(request => Run(request.GetValue(output)!));
        return command;
    }

    private static void Run(string output)
    {
        using var vae = new DeployedVae(torch.get_num_threads());
        Contest[] contests =
        [
            Contest.Time("1,000,000 rows of 10 features, s; theirs: ONNX Runtime from an array", 1, vae.SecondsOfOurs, vae.SecondsOfOnnxRuntime),
            Contest.Time("1,000,000 rows of 10 features, s; theirs: the loaded zip", 1, vae.SecondsOfOurs, vae.SecondsOfZip),
            Contest.Time("a single Predict, median, µs; theirs: the loaded zip", 1e6, vae.SecondsPerPrediction, vae.SecondsPerPredictionOfZip),
        ];
        Contest.Run(contests, Turns, Path.Combine(output, "deployment.csv"));
    }
}
