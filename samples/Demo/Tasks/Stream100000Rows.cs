using System.Diagnostics;
using Demo.Images;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace Demo.Tasks;

/// <summary>Synthetic rows are made while they are read: a file of any length takes the memory of a few.</summary>
internal static class Stream100000Rows
{
    private const int Rows = 100_000;
    private const int RowsBetweenLooks = 10_000;

    public static void Run(IGenerativeTransformer vae, string output, Findings findings)
    {
        findings.Begin($"{Rows:N0} new images go to a file");
        string path = Path.Combine(output, "synthetic-images-idx3-ubyte");
        var clock = Stopwatch.StartNew();
        long growth = Write(vae, path);
        findings.Add("synthetic rows", FormattableString.Invariant(
            $"{Rows} images, {new FileInfo(path).Length >> 20} MiB, in {clock.Elapsed.TotalSeconds:0.0} s; memory grew by {growth >> 20} MiB after the first {RowsBetweenLooks}"));
    }

    private static long Write(IGenerativeTransformer vae, string path)
    {
        var view = vae.Sample(Rows, seed: 2);
        var column = view.Schema["Features"];
        using var file = new BufferedStream(File.Create(path), 1 << 20);
        IdxFile.WriteHeader(file, Rows, FashionMnist.Side, FashionMnist.Side);
        using var cursor = view.GetRowCursor([column]);
        var features = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> image = default;
        var bytes = new byte[FashionMnist.Side * FashionMnist.Side];
        var memory = new List<long>();
        while (cursor.MoveNext())
        {
            features(ref image);
            var values = image.GetValues();
            for (int i = 0; i < bytes.Length; i++) bytes[i] = GrayImage.ToByte(values[i]);
            file.Write(bytes);
            if ((cursor.Position + 1) % RowsBetweenLooks == 0) memory.Add(Environment.WorkingSet);
        }
        return memory.Max() - memory[0];
    }
}
