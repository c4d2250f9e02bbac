using System.IO.Compression;
using Demo.Images;

namespace MLGenerative.Programs.Tests.Images;

/// <summary>The sample, run as a program on a made-up data set.</summary>
public sealed class GenerateImagesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("images");

    private string Output => Path.Combine(_folder.FullName, "out");

    [Fact]
    public void EveryModelDrawsAPictureAndIsJudged()
    {
        WriteImages("train", 120);
        WriteImages("t10k", 60);

        var run = Run("--data", _folder.FullName, "--output", Output, "--rows", "100", "--samples", "50", "--steps", "3");

        Assert.Contains(run.Errors, line => line.StartsWith("diffusion: 100 % of 3 steps, loss ", StringComparison.Ordinal));
        Assert.Equal(0, run.Status);
        Assert.StartsWith("100 images to learn from; the classifier names ", run.Output[0], StringComparison.Ordinal);
        foreach (string row in new[] { "real images", "vae", "gan", "diffusion", "diffusion-w1" })
        {
            string line = Assert.Single(run.Output, line => line.StartsWith(row + " ", StringComparison.Ordinal));
            Assert.Matches(@" [\d.]+( +[\d.]+){5}$", line);
        }
        Assert.Equal(["diffusion-w1.png", "diffusion.png", "gan.png", "real.png", "side-by-side.png", "vae.png"], Directory.GetFiles(Output).Select(file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public void WhatCannotBeDoneIsOneLine()
    {
        Refuses($"Fashion-MNIST is not in {_folder.FullName}. Debian has it as dataset-fashion-mnist; or name the folder that has the four .gz files.", "--data", _folder.FullName, "--output", Output);
        Refuses("There is no model 'flow': vae, gan, diffusion.", "--data", _folder.FullName, "--models", "vae,flow");
        Refuses("--samples must be 50 or more. --help says what there is.", "--samples", "3");
        Assert.False(Directory.Exists(Output));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // a bright spot, elsewhere for each class
    private void WriteImages(string part, int count)
    {
        using (var images = Create($"{part}-images-idx3-ubyte.gz"))
        {
            IdxFile.WriteHeader(images, count, FashionMnist.Side, FashionMnist.Side);
            for (int i = 0; i < count; i++)
            {
                var pixels = new byte[FashionMnist.Side * FashionMnist.Side];
                for (int spot = 0; spot < 20; spot++) pixels[i % 10 * 70 + spot] = (byte)(150 + i % 100);
                images.Write(pixels);
            }
        }
        using var classes = Create($"{part}-labels-idx1-ubyte.gz");
        IdxFile.WriteHeader(classes, count);
        for (int i = 0; i < count; i++) classes.WriteByte((byte)(i % 10));
    }

    private GZipStream Create(string name) => new(File.Create(Path.Combine(_folder.FullName, name)), CompressionLevel.Fastest);

    private static ProgramRun Run(params string[] args) => ProgramRun.Of(AppContext.BaseDirectory, "GenerateImages.dll", args);

    private static void Refuses(string message, params string[] args)
    {
        var run = Run(args);

        Assert.Equal($"GenerateImages: {message}", Assert.Single(run.Errors));
        Assert.Equal(2, run.Status);
    }
}
