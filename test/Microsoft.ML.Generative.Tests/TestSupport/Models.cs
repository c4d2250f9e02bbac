using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests;

/// <summary>Every estimator of the catalog, small and trained briefly: the contract suite runs over all of them. A new model is one line.</summary>
internal static class Models
{
    public delegate IEstimator<GenerativeTransformer> Factory(MLContext ml, string? label, TrainingOptions training);

    private static readonly AnnealingOptions Annealing = new() { Steps = 500, MostChains = 100 };

    private static readonly Dictionary<string, Factory> All = new()
    {
        ["autoencoder"] = (ml, label, training) => ml.Generative.TrainAutoencoder(new AutoencoderOptions { LabelColumnName = label, Training = training }),
        ["diffusion"] = (ml, label, training) => ml.Generative.TrainDiffusion(new DiffusionOptions { HiddenSize = 48, SamplingSteps = 12, DensitySteps = 6, LabelColumnName = label, Training = training }),
        ["diffusion-of-tables"] = (ml, label, training) => ml.Generative.TrainDiffusion(new DiffusionOptions { InputColumnNames = ["Features"], LabelColumnName = label, HiddenSize = 32, ResidualBlocks = 1, DensitySteps = 4, DensityProbes = 1, Training = training }),
        ["made"] = (ml, label, training) => ml.Generative.TrainMade(new MadeOptions { LabelColumnName = label, Training = training }),
        ["markov-network"] = (ml, label, training) => ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { InputColumnNames = ["Features"], LabelColumnName = label, Training = training }),
        ["nade"] = (ml, label, training) => ml.Generative.TrainNade(new NadeOptions { LabelColumnName = label, Training = training }),
        ["gan"] = (ml, label, training) => ml.Generative.TrainGan(new GanOptions { HiddenSizes = [64], DiscriminatorHiddenSizes = [64], LabelColumnName = label, Packing = 2, Training = training }),
        ["gan-of-tables"] = (ml, label, training) => ml.Generative.TrainGan(new GanOptions { InputColumnNames = ["Features"], HiddenSizes = [64], LabelColumnName = label, Training = training }),
        ["flow"] = (ml, label, training) => ml.Generative.TrainFlow(new FlowOptions { HiddenSizes = [32], NoiseScales = [0, 0.1], DequantizationSamples = 4, ImputationSteps = 60, LabelColumnName = label, Training = training }),
        ["deepbelief"] = (ml, label, training) => ml.Generative.TrainDeepBelief(new DeepBeliefOptions { Annealing = Annealing, LabelColumnName = label, Training = training }),
        ["rbm"] = (ml, label, training) => ml.Generative.TrainRbm(new RbmOptions { Annealing = Annealing, LabelColumnName = label, Training = training }),
        ["table"] = (ml, label, training) => ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Features"], LabelColumnName = label, Training = training }),
        ["vae"] = (ml, label, training) => ml.Generative.TrainVae(new VaeOptions { LabelColumnName = label, Training = training }),
        ["vae-of-tables"] = (ml, label, training) => ml.Generative.TrainVae(new VaeOptions { InputColumnNames = ["Features"], LabelColumnName = label, Training = training }),
    };

    /// <summary>Those that learn columns of a table as tokens: a missing value is one of them.</summary>
    private static readonly string[] OfTables = ["diffusion-of-tables", "gan-of-tables", "markov-network", "table", "vae-of-tables"];

    /// <summary>What the catalog calls a model of the list: models that learn columns of a table as well are listed twice.</summary>
    public static string KindOf(string name) => name.Split("-of-")[0];

    public static bool IsOfTables(string name) => OfTables.Contains(name);

    /// <summary>Those whose training draws nothing: another seed gives the same model.</summary>
    public static bool IsWithoutChance(string name) => name is "markov-network";

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Those that draw rows by many steps of Gibbs sampling, which no graph does.</summary>
    private static readonly string[] OfGibbsSampling = ["rbm", "deepbelief"];

    public static TheoryData<string> NamesWithSampleGraph => [.. All.Keys.Except(OfGibbsSampling)];

    public static IEstimator<GenerativeTransformer> Create(MLContext ml, string name, string? label = null, TrainingOptions? training = null) =>
        All[name](ml, label, training ?? new TrainingOptions { Steps = 60, BatchSize = 32 });

    public static GenerativeTransformer Fit(MLContext ml, string name, int rows = 200, string? label = null) => Create(ml, name, label).Fit(Rows.View(ml, rows));

    /// <summary>All values of a column, vectors one after the other.</summary>
    public static float[] Floats(IDataView view, string column) => view.Schema[column].Type is VectorDataViewType
        ? view.GetColumn<float[]>(column).SelectMany(v => v).ToArray()
        : view.GetColumn<float>(column).ToArray();
}
