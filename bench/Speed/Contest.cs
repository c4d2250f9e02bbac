using System.Globalization;

namespace MLGenerative.Bench.Speed;

/// <summary>A piece of work, ours and PyTorch's, measured several times in turn. Figures are medians.</summary>
internal sealed class Contest
{
    private readonly Func<double, double> _figure;
    private readonly Func<double> _secondsOfOurs;
    private readonly string _request;
    private readonly List<double> _ours = [], _theirs = [];

    private Contest(string what, Func<double, double> figure, Func<double> secondsOfOurs, string request) =>
        (What, _figure, _secondsOfOurs, _request) = (what, figure, secondsOfOurs, request);

    public string What { get; }

    public double Ours => _figure(Median(_ours));

    public double? Theirs => _theirs.Count == 0 ? null : _figure(Median(_theirs));

    /// <summary>Our time by theirs in the same turn: what else the machine does then slows both.</summary>
    public double? Ratio => _theirs.Count == 0 ? null : Median(_ours.Zip(_theirs, (ours, theirs) => ours / theirs));

    /// <param name="scale">From seconds to the unit of the figure.</param>
    public static Contest Time(string what, double scale, Func<double> secondsOfOurs, string request) => new(what, s => s * scale, secondsOfOurs, request);

    /// <summary>The figure is how many units are done in a second.</summary>
    public static Contest Rate(string what, Func<double> secondsOfOurs, string request) => new(what, s => 1 / s, secondsOfOurs, request);

    public void Measure(PyTorch? theirs)
    {
        _ours.Add(_secondsOfOurs());
        if (theirs is not null) _theirs.Add(theirs.Measure(_request));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{What}: {_figure(_ours[^1]):G4}{(_theirs.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", PyTorch {_figure(_theirs[^1]):G4}"))}");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
