using Demo.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace Demo.Tasks;

/// <summary>A variational autoencoder of images: what it draws, and what it makes of images that it has not seen.</summary>
internal static class Pictures
{
    private const int Columns = 10;

    public static IGenerativeTransformer Train(MLContext ml, FashionMnist data, Findings findings)
    {
        findings.Begin($"a VAE learns {data.Train.Count:N0} images");
        return ml.Generative.TrainVae(new VaeOptions
        {
            HiddenSizes = [512, 256],
            LatentSize = 32,
            Likelihood = Likelihood.Bernoulli,
            Training = new TrainingOptions { Epochs = 15, BatchSize = 256, Progress = findings },
        }).Fit(ImageRow.View(ml, data.Train));
    }

    public static void Draw(MLContext ml, IGenerativeTransformer vae, FashionMnist data, string output, Findings findings)
    {
        var samples = vae.Sample(Columns * Columns, seed: 1).GetColumn<float[]>("Features").ToList();
        GrayImage.Grid(samples, FashionMnist.Side, Columns).Save(Path.Combine(output, "samples.png"));
        findings.Add("samples", $"{samples.Count} images in samples.png");

        // one test image of each class in a line, under it what the model makes of it; four times
        var originals = Enumerable.Range(0, 4).SelectMany(n => Enumerable.Range(0, Columns).Select(c => data.Test.Where(r => r.Class == c).ElementAt(n))).ToList();
        var reconstructions = vae.Transform(ImageRow.View(ml, originals)).GetColumn<float[]>("Reconstruction").ToList();
        var lines = originals.Select(r => r.Features).Chunk(Columns).Zip(reconstructions.Chunk(Columns), (before, after) => before.Concat(after));
        GrayImage.Grid([.. lines.SelectMany(l => l)], FashionMnist.Side, Columns).Save(Path.Combine(output, "reconstructions.png"));
        findings.Add("reconstructions", $"{originals.Count} test images, each above its reconstruction, in reconstructions.png");
    }
}
