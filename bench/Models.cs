using Microsoft.ML;
using Microsoft.ML.Generative;

namespace MLGenerative.Bench;

/// <summary>A model of the catalog, under the catalog's name.</summary>
/// <param name="Estimator">Makes the estimator on the column <c>Features</c>.</param>
/// <param name="Samples">Whether it can draw new rows.</param>
internal sealed record Model(Func<MLContext, TrainingOptions, IEstimator<IGenerativeTransformer>> Estimator, bool Samples = true);

internal static class Models
{
    /// <summary>Every model that the benchmarks know: a new one is a line here.</summary>
    public static readonly IReadOnlyDictionary<string, Model> All = new SortedDictionary<string, Model>(StringComparer.Ordinal)
    {
        ["autoencoder"] = new((ml, training) => ml.Generative.TrainAutoencoder(new AutoencoderOptions { Training = training })),
        ["vae"] = new((ml, training) => ml.Generative.TrainVae(new VaeOptions { Training = training })),
    };

    /// <summary>The names in a comma-separated list, of which each must be one of those known; <c>all</c> stands for all of them.</summary>
    public static IReadOnlyList<string> Choose(string list, string option, IReadOnlyCollection<string> known)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(n => n == "all" ? known : [n]).Distinct().ToList();
        if (names.Count == 0) throw new BadRequestException($"{option} names nothing; there are {string.Join(", ", known)} and all");
        foreach (var name in names)
            if (!known.Contains(name)) throw new BadRequestException($"{option}: there is no '{name}'; there are {string.Join(", ", known)} and all");
        return names;
    }
}
