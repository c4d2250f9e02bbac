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
        var random = new Random(1);
        foreach (string part in new[] { "train", "valid", "test" })
        {
            using var file = new GZipStream(File.Create(Path.Combine(_bench.Data, $"set_{part}.u8bits.gz")), CompressionMode.Compress);
            for (int image = 0; image < 20; image++)
            {
                var bytes = new byte[98];   // the first pixel is on, the others of the first half are off, the second half is noise
                random.NextBytes(bytes.AsSpan(49));
                bytes[0] = 0x80;
                file.Write(bytes);
            }
        }

        Assert.Equal(0, _bench.Run("density", "--models", "vae", "--epochs", "100"));

        string[] result = Assert.Single(_bench.ReadOut("density.csv", "dataset,model,kind,valid,test,fit_s"));
        // 392 fair coins cost 271.7 nats; a model that had missed half of the pixels, or their order, would be far from it
        Assert.InRange(Number(result[4]), -330, -271);
    }

    public void Dispose() => _bench.Dispose();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
