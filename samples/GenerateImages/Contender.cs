using Demo.Images;
using Microsoft.ML;
using Microsoft.ML.Generative;

namespace GenerateImages;

/// <summary>A model that takes part: each is told the class of an image, so that images of a class can be asked for.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Create">Makes it, to train so many steps.</param>
internal sealed record Contender(string Name, Func<MLContext, TrainingOptions, int, IEstimator<GenerativeTransformer>> Create)
{
    /// <summary>Whether it draws with guidance.</summary>
    public bool CanBeGuided { get; init; }

    private static readonly ImageShape Shape = new(FashionMnist.Side, FashionMnist.Side);

    public static IReadOnlyList<Contender> All { get; } =
    [
        new("vae", (ml, training, seed) => ml.Generative.TrainVae(new VaeOptions
        {
            Image = Shape, LatentSize = 32, Likelihood = Likelihood.Bernoulli, LabelColumnName = nameof(Garment.Class), Seed = seed, Training = training,
        })),
        new("gan", (ml, training, seed) => ml.Generative.TrainGan(new GanOptions
        {
            Image = Shape, LatentSize = 64, LabelColumnName = nameof(Garment.Class), Seed = seed, Training = training,
        })),
        new("diffusion", (ml, training, seed) => ml.Generative.TrainDiffusion(new DiffusionOptions
        {
            Image = Shape, ResidualBlocks = 1, SamplingSteps = 30, LabelColumnName = nameof(Garment.Class), Seed = seed, Training = training,
        })) { CanBeGuided = true },
    ];

    /// <exception cref="ArgumentException">A name is not among them.</exception>
    public static IReadOnlyList<Contender> Choose(string names) => [.. names.Split(',').Select(name =>
        All.FirstOrDefault(contender => contender.Name == name) ?? throw new ArgumentException($"There is no model '{name}': {string.Join(", ", All.Select(contender => contender.Name))}."))];
}
