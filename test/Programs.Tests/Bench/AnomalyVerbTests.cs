using System.Globalization;
using System.IO.Compression;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class AnomalyVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Reports_the_figures_that_the_scores_give()
    {
        WriteTable(normal: 101, anomalies: 20);

        Assert.Equal(0, _bench.Run("anomaly", "--models", "vae,autoencoder", "--epochs", "20"));

        string[][] results = _bench.ReadOut("anomaly.csv", "dataset,model,auroc,auprc,fit_s,score_rows_per_s");
        Assert.Equal(["set", "vae", "set", "autoencoder"], results.SelectMany(r => r[..2]));
        foreach (string[] result in results)
        {
            var scores = _bench.ReadOut($"scores/set.{result[1]}.csv", "label,score").Select(r => (Label: r[0], Score: Number(r[1]))).ToList();
            Assert.Equal(51, scores.Count(s => s.Label == "0"));   // the other half of the normal rows
            Assert.Equal(20, scores.Count(s => s.Label == "1"));
            Assert.Equal(AreaUnderRoc(scores), Number(result[2]), 1e-4);
            Assert.InRange(Number(result[2]), 0.9, 1);
            Assert.InRange(Number(result[3]), 0.7, 1);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_another_gives_another_split()
    {
        WriteTable(normal: 60, anomalies: 5);

        string Scores(string seed)
        {
            Assert.Equal(0, _bench.Run("anomaly", "--models", "vae", "--epochs", "2", "--seed", seed));
            return File.ReadAllText(Path.Combine(_bench.Out, "scores", "set.vae.csv"));
        }

        string first = Scores("3");
        Assert.Equal(first, Scores("3"));
        Assert.NotEqual(first, Scores("4"));
    }

    public void Dispose() => _bench.Dispose();

    // normal rows lie on a line; anomalies lie beside it. Packed with gzip.
    private void WriteTable(int normal, int anomalies)
    {
        var random = new Random(1);
        using var file = new StreamWriter(new GZipStream(File.Create(Path.Combine(_bench.Data, "set.csv.gz")), CompressionMode.Compress));
        file.WriteLine("x,y,z,label");
        for (int i = 0; i < normal + anomalies; i++)
        {
            double x = random.NextDouble(), beside = i < normal ? 0 : 1;
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{x},{2 * x + beside + 0.1 * random.NextDouble()},{-x},{(i < normal ? 0 : 1)}"));
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // the chance that an anomaly has the higher score
    private static double AreaUnderRoc(List<(string Label, double Score)> scores) =>
        scores.Where(s => s.Label == "1").Average(a => scores.Where(s => s.Label == "0").Average(n => a.Score > n.Score ? 1 : a.Score == n.Score ? 0.5 : 0));
}
