using System.Globalization;
using MLGenerative.Bench.Results;
using TorchSharp;

namespace MLGenerative.Bench.Speed;

/// <summary>A piece of work, ours and another's, measured several times in turn. Figures are medians.</summary>
internal sealed class Contest
{
    private readonly Func<double, double> _figure;
    private readonly Func<double> _secondsOfOurs;
    private readonly Func<double>? _secondsOfTheirs;
    private readonly List<double> _ours = [], _theirs = [];

    private Contest(string what, Func<double, double> figure, Func<double> secondsOfOurs, Func<double>? secondsOfTheirs) =>
        (What, _figure, _secondsOfOurs, _secondsOfTheirs) = (what, figure, secondsOfOurs, secondsOfTheirs);

    public string What { get; }

    public double Ours => _figure(Median(_ours));

    public double? Theirs => _theirs.Count == 0 ? null : _figure(Median(_theirs));

    /// <summary>Our time by theirs in the same turn: what else the machine does then slows both.</summary>
    public double? Ratio => _theirs.Count == 0 ? null : Median(_ours.Zip(_theirs, (ours, theirs) => ours / theirs));

    /// <param name="scale">From seconds to the unit of the figure.</param>
    /// <param name="secondsOfTheirs">Null if there is nothing to compare with.</param>
    public static Contest Time(string what, double scale, Func<double> secondsOfOurs, Func<double>? secondsOfTheirs) =>
        new(what, s => s * scale, secondsOfOurs, secondsOfTheirs);

    /// <summary>The figure is how many units are done in a second.</summary>
    public static Contest Rate(string what, Func<double> secondsOfOurs, Func<double>? secondsOfTheirs) => new(what, s => 1 / s, secondsOfOurs, secondsOfTheirs);

    /// <summary>Measures each contest in each turn, saying on standard error how it goes, and writes the medians.</summary>
    public static void Run(IReadOnlyList<Contest> contests, int turns, string file)
    {
        for (int turn = 1; turn <= turns; turn++)
            foreach (var contest in contests)
            {
                contest.Measure();
                Console.Error.WriteLine($"turn {turn} of {turns}, {contest}");
            }

        // theirs is empty where it was not measured; the ratio is our time by theirs, below 1 where ours is the faster
        var results = new ResultTable("what", "ours", "theirs", "ratio");
        foreach (var contest in contests) results.Add(contest.What, contest.Ours, contest.Theirs, contest.Ratio);
        results.WriteCsv(file);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"medians of {turns} turns, {torch.get_num_threads()} thread(s); ratio: our time by theirs in the same turn"));
        results.Print(Console.Out);
    }

    private void Measure()
    {
        _ours.Add(_secondsOfOurs());
        if (_secondsOfTheirs is not null) _theirs.Add(_secondsOfTheirs());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{What}: {_figure(_ours[^1]):G4}{(_theirs.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; theirs {_figure(_theirs[^1]):G4}"))}");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
