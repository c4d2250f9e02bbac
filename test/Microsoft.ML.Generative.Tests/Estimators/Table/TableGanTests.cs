using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Tests.Encoding;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;

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
        using var scope = NewDisposeScope();
        using var model = _ml.Generative.TrainGan(Options(100) with { InputColumnNames = ["Age", "Income"] }).Fit(MixedRows.View(_ml, MixedRows.WithHoles(1000)));
        using var inference = inference_mode();
        const int Count = 500;
        using var generator = new Generator(7);
        float[] drawn = ((ISampler)model.Model.Network).Sample(Count, null, generator).ToFloats();
        var (age, income) = ((TableColumn)model.Model.Encoding.Columns[0], (TableColumn)model.Model.Encoding.Columns[1]);
        int[] ages = Coding.Decode<int>(age, Part(0, age.Width));
        double[] incomes = Coding.Decode<double>(income, Part(age.Width, income.Width));
        using var again = new Generator(7);
        var noise = cat(((IOnnxExportable)model.Model.Network).NoiseWidths.Select(width => empty(Count, width).normal_(0, 1, again)).ToList(), 1);
        using var stream = new MemoryStream();
        _ml.Generative.ExportOnnx(model, stream, OnnxGraph.Sample);
        using var session = new InferenceSession(stream.ToArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(noise.ToFloats(), [Count, (int)noise.shape[1]]))]);
        int[] agesOfGraph = [.. results.Single(result => result.Name == "Age").AsTensor<int>()];
        double[] incomesOfGraph = [.. results.Single(result => result.Name == "Income").AsTensor<double>()];
        // Φ of the graph is of single precision: a number on the border of two cells may fall into the other
        Assert.InRange(ages.Zip(agesOfGraph).Count(pair => pair.First == pair.Second), Count - 2, Count);
        Assert.InRange(incomes.Zip(incomesOfGraph).Count(pair => double.IsNaN(pair.First) ? double.IsNaN(pair.Second) : Math.Abs(pair.First - pair.Second) < 0.02), Count - 2, Count);

        float[][] Part(int start, int length) => [.. Enumerable.Range(0, Count).Select(i => drawn.AsSpan(i * drawn.Length / Count + start, length).ToArray())];
    }
}
