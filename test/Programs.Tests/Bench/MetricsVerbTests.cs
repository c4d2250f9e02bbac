namespace MLGenerative.Programs.Tests.Bench;

public sealed class MetricsVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Each_metric_has_a_line()
    {
        Assert.Equal(0, _bench.RunAsGiven("metrics", "--rows", "60", "--features", "3", "--metrics", "frechet,mmd", "--out", _bench.Out));

        string[][] results = _bench.ReadOut("metrics.csv", "metric,rows,features,value,wall_s,processor_s");
        Assert.Equal(["mmd", "frechet"], results.Select(r => r[0]));
        Assert.All(results, r => Assert.Equal(["60", "3"], r[1..3]));
    }

    [Fact]
    public void Unknown_metrics_are_refused()
    {
        Assert.Equal(2, _bench.RunAsGiven("metrics", "--metrics", "mmd,fid"));
        Assert.Contains("there is no metric 'fid'", _bench.Errors);
    }

    public void Dispose() => _bench.Dispose();
}
