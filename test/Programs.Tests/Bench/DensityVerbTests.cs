using System.Globalization;
using System.IO.Compression;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class DensityVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Reports_the_mean_of_the_log_densities_of_the_test_rows()
    {
        var random = new Random(1);
        foreach (string part in new[] { "train", "valid", "test" })
        {
            var rows = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).Select(x => string.Create(CultureInfo.InvariantCulture, $"{x},{x + 0.1 * random.NextDouble()}"));
            _bench.WriteData($"set.{part}.data", string.Join('\n', rows) + "\n");
        }

        Assert.Equal(0, _bench.Run("density", "--models", "vae", "--epochs", "20", "--score", Path.Combine(_bench.Data, "set.test.data")));

        string[] result = Assert.Single(_bench.ReadOut("density.csv", "dataset,model,kind,valid,test,fit_s"));
        Assert.Equal(["set", "vae", "bound"], result[..3]);
        double[] values = [.. File.ReadLines(Path.Combine(_bench.Out, "logdensity", "set.vae.csv")).Select(Number)];
        Assert.Equal(100, values.Length);
        Assert.Equal(values.Average(), Number(result[4]), 1e-3);
        // the density of rows on a strip of width 0.1 is about 10: the model has learnt more than two columns by themselves, whose density is 1
        Assert.InRange(Number(result[4]), 0.2, 2.3);
    }

    [Fact]
    public void Reads_images_of_bits()
    {
        foreach (string part in new[] { "train", "valid", "test" })
        {
            using var file = new GZipStream(File.Create(Path.Combine(_bench.Data, $"set_{part}.u8bits.gz")), CompressionMode.Compress);
            for (int image = 0; image < 100; image++) file.Write(Enumerable.Repeat((byte)(image % 2 == 0 ? 0xF0 : 0x0F), 98).ToArray());   // one of two pictures
        }

        Assert.Equal(0, _bench.Run("density", "--models", "vae", "--epochs", "200"));

        string[] result = Assert.Single(_bench.ReadOut("density.csv", "dataset,model,kind,valid,test,fit_s"));
        // 784 fair coins cost 543 nats, one of two pictures 0.7
        Assert.InRange(Number(result[4]), -20, -0.69);
    }

    public void Dispose() => _bench.Dispose();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
