using System.Globalization;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class ShapesVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Counts_the_modes_that_drawn_points_cover_and_the_points_that_lie_near_one()
    {
        Assert.Equal(0, _bench.RunAsGiven("shapes", "--sets", "gaussians25", "--models", "vae", "--rows", "2000", "--epochs", "20", "--out", _bench.Out));

        var results = _bench.ReadOut("shapes.csv", "dataset,model,parts,covered,on_support,imbalance,fit_s");
        Assert.Equal(["gaussians25", "real", "25", "25"], results[0][..4]);
        Assert.InRange(Number(results[0][4]), 0.998, 1);   // 1 − e^−8 lie within four deviations
        Assert.Equal(["gaussians25", "vae", "25"], results[1][..3]);
        var ofModes = File.ReadLines(Path.Combine(_bench.Out, "shapes", "gaussians25.vae.csv")).SelectMany(Modes).CountBy(mode => mode).ToList();
        Assert.Equal(ofModes.Sum(mode => mode.Value) / 2000.0, Number(results[1][4]), 1e-3);
        Assert.Equal(ofModes.Count(mode => mode.Value >= 20), int.Parse(results[1][3], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Knows_the_shapes_that_it_draws()
    {
        Assert.Equal(0, _bench.RunAsGiven("shapes", "--models", "vae", "--rows", "1000", "--epochs", "1", "--out", _bench.Out));

        var real = _bench.ReadOut("shapes.csv", "dataset,model,parts,covered,on_support,imbalance,fit_s").Where(row => row[1] == "real").ToList();
        Assert.Equal(["checkerboard", "gaussians25", "moons", "ring", "spirals"], real.Select(row => row[0]));
        Assert.All(real, row => Assert.Equal(row[2], row[3]));
        Assert.All(real, row => Assert.InRange(Number(row[4]), 0.995, 1));
    }

    public void Dispose() => _bench.Dispose();

    // the mode that a point belongs to, or none
    private static IEnumerable<(int, int)> Modes(string point)
    {
        double[] at = [.. point.Split(',').Select(Number)];
        var mode = (Column: 2 * Math.Round(at[0] / 2), Row: 2 * Math.Round(at[1] / 2));
        double distance = Math.Sqrt(Math.Pow(at[0] - mode.Column, 2) + Math.Pow(at[1] - mode.Row, 2));
        return Math.Abs(mode.Column) <= 4 && Math.Abs(mode.Row) <= 4 && distance <= 0.2 ? [((int)mode.Column, (int)mode.Row)] : [];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
