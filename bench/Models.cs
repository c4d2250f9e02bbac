using Microsoft.ML;
using Microsoft.ML.Generative;

namespace MLGenerative.Bench;

/// <summary>A model of the catalog, under the catalog's name.</summary>
/// <param name="Estimator">Makes the estimator on the column <c>Features</c>.</param>
/// <param name="FitValidated">Trains it on the rows of the first view and chooses the weights by those of the second.</param>
internal sealed record Model(
    Func<MLContext, TrainingOptions, IEstimator<IGenerativeTransformer>> Estimator,
    Func<MLContext, TrainingOptions, IDataView, IDataView, GenerativeTransformer> FitValidated)
{
    /// <summary>Whether it can draw new rows.</summary>
    public bool Samples { get; init; } = true;

    /// <summary>Whether it says how likely rows are.</summary>
    public bool HasDensity { get; init; } = true;

    public static Model Of<TOptions>(Func<MLContext, TrainingOptions, GenerativeEstimator<TOptions>> estimator) where TOptions : GenerativeOptions =>
        new(estimator, (ml, training, rows, validation) => estimator(ml, training).Fit(rows, validation));
}

internal static class Models
{
    /// <summary>Every model that the benchmarks know: a new one is a line here.</summary>
    public static readonly IReadOnlyDictionary<string, Model> All = new SortedDictionary<string, Model>(StringComparer.Ordinal)
    {
        ["autoencoder"] = Model.Of((ml, training) => ml.Generative.TrainAutoencoder(new AutoencoderOptions { Training = training })) with { HasDensity = false },
        ["diffusion"] = Model.Of((ml, training) => ml.Generative.TrainDiffusion(new DiffusionOptions { Training = training })),
        ["gan"] = Model.Of((ml, training) => ml.Generative.TrainGan(new GanOptions { Training = training })) with { HasDensity = false },
        ["made"] = Model.Of((ml, training) => ml.Generative.TrainMade(new MadeOptions { Training = training })),
        ["markov-network"] = Model.Of((ml, training) => ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { InputColumnNames = ["Features"], Training = training })),
        ["eonade"] = Model.Of((ml, training) => ml.Generative.TrainNade(new NadeOptions { OrderAgnostic = true, Training = training })),
        ["nade"] = Model.Of((ml, training) => ml.Generative.TrainNade(new NadeOptions { Training = training })),
        ["flow"] = Model.Of((ml, training) => ml.Generative.TrainFlow(new FlowOptions { Training = training })),
        ["spline-flow"] = Model.Of((ml, training) => ml.Generative.TrainFlow(new FlowOptions
        {
            Transforms = 4, Structure = FlowStructure.Coupling, Base = FlowBaseDistribution.Standard, Warp = true, Mixing = FlowMixing.Linear, NoiseScales = [0.02], Training = training,
        })),
        ["deep-belief"] = Model.Of((ml, training) => ml.Generative.TrainDeepBelief(new DeepBeliefOptions { Training = training })),
        ["rbm"] = Model.Of((ml, training) => ml.Generative.TrainRbm(new RbmOptions { Training = training })),
        ["table"] = Model.Of((ml, training) => ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Features"], Training = training })),
        ["vae"] = Model.Of((ml, training) => ml.Generative.TrainVae(new VaeOptions { Training = training })),
    };

    /// <summary>Those that say how likely rows are; Markov networks here take features that are 0 or 1, and no others.</summary>
    public static readonly IReadOnlyDictionary<string, Model> OfDensities = new SortedDictionary<string, Model>(All.Where(model => model.Value.HasDensity).ToDictionary(), StringComparer.Ordinal)
    {
        ["chow-liu"] = Network(MarkovStructure.Tree),
        ["deep-belief-up-down"] = Model.Of((ml, training) => ml.Generative.TrainDeepBelief(new DeepBeliefOptions { FineTuning = new(), Training = training })),
        ["markov-network"] = Network(MarkovStructure.BoundedTreewidth),
        ["markov-sparse"] = Network(MarkovStructure.Sparse),
    };

    private static Model Network(MarkovStructure structure) => Model.Of((ml, training) => ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = structure, Training = training }));

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
