using Csv;
using Microsoft.ML;
using Microsoft.ML.Generative;

namespace Oversampling;

/// <summary>A way to balance the classes.</summary>
/// <param name="TakesTable">Whether it samples rows of the table as they are, before they are made features.</param>
/// <param name="Create">Makes the step; the last argument are the names of the table's columns. Null if there is none.</param>
internal sealed record Sampler(string Name, bool TakesTable, Func<MLContext, TrainingOptions, IReadOnlyList<string>, IEstimator<ITransformer>>? Create)
{
    private const string Label = LabelledTable.Label, Features = Featurisation.Features;

    private static readonly Sampler[] All =
    [
        new("none", false, null),
        new("smote", false, (ml, _, _) => ml.Generative.Smote(Label, Features)),
        new("vae", false, (ml, training, _) => ml.Generative.Oversample(Label, ml.Generative.TrainVae(new VaeOptions { FeatureColumnName = Features, Training = training }))),
        new("flow", false, (ml, training, _) => ml.Generative.Oversample(Label, ml.Generative.TrainFlow(new FlowOptions { FeatureColumnName = Features, Training = training }))),
        new("gan", false, (ml, training, _) => ml.Generative.Oversample(Label, ml.Generative.TrainGan(new GanOptions { FeatureColumnName = Features, Training = training }))),
        new("diffusion", false, (ml, training, _) => ml.Generative.Oversample(Label, ml.Generative.TrainDiffusion(new DiffusionOptions { FeatureColumnName = Features, Training = training }))),
        new("table", true, (ml, training, columns) => ml.Generative.Oversample(Label, ml.Generative.TrainTable(new TableOptions { InputColumnNames = columns, Training = training }))),
        new("table-vae", true, (ml, training, columns) => ml.Generative.Oversample(Label, ml.Generative.TrainVae(new VaeOptions { InputColumnNames = columns, Training = training }))),
    ];

    /// <summary>What there is, for people.</summary>
    public static string Names => string.Join(", ", All.Select(sampler => sampler.Name));

    /// <summary>Those of a comma-separated list; <c>all</c> stands for all of them.</summary>
    /// <exception cref="CsvFault">One is not known, or none is named.</exception>
    public static IReadOnlyList<Sampler> Choose(string list)
    {
        string[] names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) throw new CsvFault($"--samplers names nothing; there are {Names}, all.");
        return [.. names.SelectMany(Named).Distinct()];
    }

    private static Sampler[] Named(string name)
    {
        var named = name == "all" ? All : Array.FindAll(All, sampler => sampler.Name == name);
        return named.Length > 0 ? named : throw new CsvFault($"--samplers: there is no '{name}'; there are {Names}, all.");
    }
}
