using Microsoft.ML;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>Draws so many rows with a seed.</summary>
internal delegate IDataView TableSampler(int rows, int seed);

/// <summary>Fits a model to all columns of a table.</summary>
internal delegate TableSampler TableModel(MLContext ml, TrainingOptions training, MixedTable rows);

/// <summary>Every model that makes tables: a new one is a line here.</summary>
internal static class TableModels
{
    public static readonly IReadOnlyDictionary<string, TableModel> All = new SortedDictionary<string, TableModel>(
        Models.All.Where(model => model.Value.Samples).ToDictionary(model => model.Key, model => OfVectors(model.Value)), StringComparer.Ordinal)
    {
        ["gan"] = (ml, training, rows) =>
        {
            var model = ml.Generative.TrainGan(new GanOptions { InputColumnNames = rows.Names, Training = training }).Fit(rows.View(ml));
            return (count, seed) => model.Sample(count, seed);
        },
        ["markov-network"] = (ml, training, rows) =>
        {
            var model = ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { InputColumnNames = rows.Names, Training = training }).Fit(rows.View(ml));
            return (count, seed) => model.Sample(count, seed);
        },
        ["diffusion"] = Diffusion(DiffusionTokenNoise.Absorbing),
        ["diffusion-marginal"] = Diffusion(DiffusionTokenNoise.Marginal),
        ["diffusion-uniform"] = Diffusion(DiffusionTokenNoise.Uniform),
        ["independent"] = (ml, _, rows) => (count, seed) => Independent(rows, count, seed).View(ml),
        ["table"] = (ml, training, rows) =>
        {
            var model = ml.Generative.TrainTable(new TableOptions { InputColumnNames = rows.Names, Training = training }).Fit(rows.View(ml));
            return (count, seed) => model.Sample(count, seed);
        },
        ["vae"] = (ml, training, rows) =>
        {
            var model = ml.Generative.TrainVae(new VaeOptions { InputColumnNames = rows.Names, Training = training }).Fit(rows.View(ml));
            return (count, seed) => model.Sample(count, seed);
        },
    };

    private static TableModel Diffusion(DiffusionTokenNoise noise) => (ml, training, rows) =>
    {
        var model = ml.Generative.TrainDiffusion(new DiffusionOptions { InputColumnNames = rows.Names, TokenNoise = noise, Training = training }).Fit(rows.View(ml));
        return (count, seed) => model.Sample(count, seed);
    };

    /// <summary>A model of vectors, for tables of numbers.</summary>
    private static TableModel OfVectors(Model model) => (ml, training, rows) =>
    {
        var fitted = model.Estimator(ml, training).Fit(rows.FeaturesView(ml));
        return (count, seed) => rows.WithFeatures(fitted.Sample(count, seed)).View(ml);
    };

    /// <summary>What a model has to beat: every column drawn anew from its own values, whatever the others are.</summary>
    private static MixedTable Independent(MixedTable rows, int count, int seed)
    {
        var random = new Random(seed);
        return rows.With([.. Enumerable.Range(0, count).Select(_ => rows.Names.Select((_, c) => rows.Rows[random.Next(rows.Rows.Count)][c]).ToArray())]);
    }
}
