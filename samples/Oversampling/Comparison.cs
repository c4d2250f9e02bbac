using System.Diagnostics;
using System.Globalization;
using Csv;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using Microsoft.ML.Runtime;

namespace Oversampling;

/// <summary>All samplers on the same folds of a table, judged by the same classifiers.</summary>
internal sealed record Comparison
{
    private static readonly (string Name, Func<MLContext, IEstimator<ITransformer>> Create)[] Classifiers =
    [
        ("logistic regression", ml => ml.BinaryClassification.Trainers.LbfgsLogisticRegression(LabelledTable.Label, Featurisation.Features)),
        ("boosted trees", ml => ml.BinaryClassification.Trainers.FastTree(LabelledTable.Label, Featurisation.Features)),
    ];

    private readonly HashSet<string> _warnings = [];

    public required string Input { get; init; }

    public required string Label { get; init; }

    /// <summary>The value to find; null for the rarer one of two.</summary>
    public string? Positive { get; init; }

    public required IReadOnlyList<Sampler> Samplers { get; init; }

    public required int Folds { get; init; }

    public int Seed { get; init; }

    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Most passes of a model over the rows; null for its own.</summary>
    public int? Epochs { get; init; }

    public bool HasHeader { get; init; } = true;

    public void Run()
    {
        var file = new CsvTable(CsvFile.Read(Input, HasHeader), Exclude);
        var table = new LabelledTable(file, Label, Positive);
        var folds = table.Folds(Folds, Seed);
        foreach (string line in file.Describe()) Console.Error.WriteLine(line);
        if (table.Unlabelled > 0) Console.Error.WriteLine($"rows without a label, left out: {table.Unlabelled}");
        foreach (string name in table.Identifiers) Console.Error.WriteLine($"column '{name}' holds identifiers and is left out");

        var figures = new Figures([.. Classifiers.Select(classifier => classifier.Name)], [.. Samplers.Select(sampler => sampler.Name)]);
        for (int i = 0; i < folds.Count; i++)
            foreach (var sampler in Samplers) Judge(table, folds[i], sampler, $"fold {i + 1} of {folds.Count}, {sampler.Name}", figures);

        Console.Out.WriteLine($"{Input}: {table.Rows} rows, {table.PositiveRows} '{table.Positive}' among {table.Rows - table.PositiveRows} {table.Negative} of '{Label}', predicted from {table.Columns.Count} columns");
        Console.Out.WriteLine($"means over {Folds} folds; seconds to learn and draw, for each; * is the best");
        figures.Print(Console.Out);
    }

    private void Judge(LabelledTable table, Fold fold, Sampler sampler, string what, Figures figures)
    {
        var ml = new MLContext(Seed);
        ml.Log += Warn;
        var training = table.View(fold.Training);
        // by the real rows, whatever is added: all samplers are compared in the same features
        var features = Featurisation.Of(ml, table.Columns).Fit(training);
        var test = features.Transform(table.View(fold.Test));

        var clock = Stopwatch.StartNew();
        var real = sampler.TakesTable ? training : features.Transform(training);
        var step = sampler.Create?.Invoke(ml, new TrainingOptions { Epochs = Epochs }, [.. table.Columns.Select(column => column.Name)]).Fit(real);
        using var model = step as IDisposable;
        // the rows that are added belong to the very view that was fitted
        var balanced = step?.Transform(real) ?? real;
        balanced = ml.Data.Cache(sampler.TakesTable ? features.Transform(balanced) : balanced, LabelledTable.Label, Featurisation.Features);
        int rows = balanced.GetColumn<float[]>(Featurisation.Features).Count();
        double seconds = clock.Elapsed.TotalSeconds;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows - fold.Training.Count} rows added in {seconds:0.0} s"));

        foreach (var (name, create) in Classifiers)
            figures.Add(name, sampler.Name, ml.BinaryClassification.EvaluateNonCalibrated(create(ml).Fit(balanced).Transform(test), LabelledTable.Label), seconds);
    }

    // what is said of one fold need not be said of each
    private void Warn(object? sender, LoggingEventArgs message)
    {
        if (message.Kind == ChannelMessageKind.Warning && _warnings.Add(message.RawMessage)) Console.Error.WriteLine(message.RawMessage);
    }
}
