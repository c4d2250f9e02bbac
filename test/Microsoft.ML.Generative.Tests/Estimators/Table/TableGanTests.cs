using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>The GAN of a table of mixed columns.</summary>
public sealed class TableGanTests
{
    private readonly MLContext _ml = new(1);

    private static GanOptions Options(int steps, string? label = null) =>
        new() { InputColumnNames = MixedRows.Columns, LabelColumnName = label, HiddenSizes = [64, 64], Training = new() { Steps = steps, BatchSize = 64, LearningRate = 3e-3, WeightAveraging = 0.99 } };

    [Fact]
    public void DrawnRowsHaveTheColumnsOfTheRealOnesAndWhatGoesTogether()
    {
        var view = MixedRows.View(_ml, MixedRows.WithHoles(1000));
        using var model = _ml.Generative.TrainGan(Options(1600)).Fit(view);
        var drawn = model.Sample(600, seed: 4);
        Assert.Equal(MixedRows.Columns, drawn.Schema.Select(column => column.Name));
        foreach (var column in drawn.Schema) Assert.Equal(view.Schema[column.Name].Type.ToString(), column.Type.ToString());
        var rows = MixedRows.Read(_ml, drawn);
        Assert.All(rows, row => Assert.Contains(row.Job, MixedRows.Jobs.Append("")));
        foreach (string job in MixedRows.Jobs.Take(2)) Assert.InRange(rows.Count(row => row.Job == job), 600 * 0.25, 600 * 0.55);   // two fifths
        double together = rows.Where(row => row.Job.Length > 0 && !double.IsNaN(row.Income)).Average(row => Math.Abs(row.Income - 1000 * (1 + Array.IndexOf(MixedRows.Jobs, row.Job))) < 500 ? 1 : 0);
        Assert.True(together > 0.7, $"{together} of the incomes go with the job");

        var scored = model.Transform(view);
        Assert.Null(scored.Schema.GetColumnOrNull("Reconstruction"));
        using var stream = new MemoryStream();
        _ml.Generative.Save(model, stream);
        stream.Position = 0;
        using var loaded = _ml.Generative.Load(stream);
        Assert.Equal(Models.Floats(scored, "Score"), Models.Floats(loaded.Transform(view), "Score"));
        string[] Texts(IDataView rows) => [.. MixedRows.Read(_ml, rows).Select(row => ModelJson.Serialize(row))];
        Assert.Equal(Texts(drawn), Texts(loaded.Sample(600, seed: 4)));
    }

    [Fact]
    public void ALabelGivenIsThatOfAllRowsDrawn()
    {
        using var model = _ml.Generative.TrainGan(Options(1200, "Label")).Fit(MixedRows.View(_ml, MixedRows.Make(1000)));
        var rare = MixedRows.Read(_ml, model.Sample(300, 1, new() { Label = "rare" }));
        Assert.All(rare, row => Assert.Equal("rare", row.Label));
        Assert.InRange(rare.Count(row => row.Job == "pilot"), 240, 300);
        Assert.InRange(MixedRows.Read(_ml, model.Sample(300, 1, new() { Label = "common" })).Count(row => row.Job == "pilot"), 0, 60);
    }

    [Fact]
    public void TheSameNoiseGivesTheSameRowsInAGraph()
    {
        using var model = _ml.Generative.TrainGan(Options(100) with { InputColumnNames = ["Age", "Income"] }).Fit(MixedRows.View(_ml, MixedRows.WithHoles(1000)));
        // Φ of the graph is of single precision: a number on the border of two cells may fall into the other
        Assert.InRange(GraphDraws.Same(_ml, model, 500), 498, 500);
    }
}
