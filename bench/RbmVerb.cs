using System.CommandLine;
using MLGenerative.Bench.Speed;
using TorchSharp;

namespace MLGenerative.Bench;

/// <summary>What an epoch of a restricted Boltzmann machine costs, ours and scikit-learn's, measured in turns in one run.</summary>
internal static class RbmVerb
{
    private const int Turns = 5, Rows = 10_000, Features = 784;

    public static Command Command()
    {
        var against = new Option<bool>("--against-sklearn") { Description = "measure scikit-learn's BernoulliRBM too, taking turns" };
        var output = CommonOptions.Out();
        var command = new Command("rbm", "an epoch of a restricted Boltzmann machine on 10,000 rows of 784 bits, ours and scikit-learn's") { against, output };
        command.SetAction(request => Run(request.GetValue(against), request.GetValue(output)!));
        return command;
    }

    private static void Run(bool againstSklearn, string output)
    {
        using var theirs = againstSklearn ? new PyTorch(torch.get_num_threads()) : null;
        Contest Epoch(int hidden, int batchSize) => Contest.Time($"{hidden} hidden units, batch {batchSize}: processor s per epoch", 1,
            () => RbmWork.SecondsPerEpoch(Rows, Features, hidden, batchSize), theirs?.Work($"rbm_epoch {Rows} {batchSize} {RbmWork.Epochs} {Features} {hidden}"));
        Contest.Run([Epoch(100, 10), Epoch(500, 10), Epoch(100, 100), Epoch(500, 100)], Turns, Path.Combine(output, "rbm.csv"));
    }
}
