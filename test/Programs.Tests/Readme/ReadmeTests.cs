using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Programs.Tests.Readme;

public partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md", "ReadmeSnippets.cs", "Training.cs", "Serving.cs")]
    [InlineData("model-file.md", "ModelFileSnippets.cs")]
    public void The_code_in_a_page_is_the_code_that_is_tested_here_or_in_a_sample(string page, params string[] files)
    {
        var inPage = CodeBlock().Matches(Text(page)).Select(m => Normalize(m.Groups[1].Value));
        var inSnippets = files.SelectMany(file => Snippet().Matches(Text(file))).Select(m => Normalize(m.Groups[1].Value));

        Assert.Equal(inSnippets, inPage);
    }

    [Fact]
    public void The_scorer_tells_anomalies_from_normal_rows()
    {
        var ml = new MLContext(7);

        var metrics = ReadmeSnippets.ScoreAnomalies(ml, ["A", "B"], View(ml, anomalies: 0), NumericLabel(ml, View(ml, anomalies: 30)));

        Assert.InRange(metrics.AreaUnderRocCurve, 0.95, 1);
    }

    [Fact]
    public void The_augmenter_can_be_cross_validated()
    {
        var ml = new MLContext(7);

        var areas = ReadmeSnippets.AugmentRareClass(ml, ["A", "B"], View(ml, anomalies: 60));

        Assert.Equal(5, areas.Length);
        Assert.All(areas, area => Assert.InRange(area, 0.9, 1));
    }

    [Fact]
    public void The_generator_makes_as_many_rows_as_it_was_asked_for_and_of_the_kind_that_it_learnt()
    {
        var ml = new MLContext(7);
        var customers = ml.Transforms.Concatenate("Features", "A", "B").Fit(View(ml, anomalies: 0)).Transform(View(ml, anomalies: 0));

        var synthetic = ReadmeSnippets.GenerateRows(ml, customers);

        Assert.Equal(1_000_000, synthetic.GetColumn<float[]>("Features").LongCount());
        var firstRows = synthetic.GetColumn<float[]>("Features").Take(5000).ToList();
        Assert.InRange(firstRows.Average(r => r[0]), -0.3, 0.3);   // A is about 0, B about 2 A + 1
        Assert.InRange(firstRows.Average(r => r[1]), 0.4, 1.6);
    }

    [Fact]
    public void A_model_can_be_saved_loaded_and_trained_further_with_its_encoder_as_it_was()
    {
        var ml = new MLContext(7);
        var rows = View(ml, anomalies: 0);
        var features = ml.Transforms.Concatenate("Features", "A", "B").Fit(rows).Transform(rows);
        try
        {
            var (scores, drawn) = ModelFileSnippets.SaveAndLoad(ml, ["A", "B"], rows, features);
            Assert.Equal(10_000, drawn);

            ModelFileSnippets.ContinueTraining(ml, ml.Data.TakeRows(features, 50));
            using var general = ml.Generative.Load("vae.zip");
            using var special = ml.Generative.Load("special.zip");
            Assert.Equal(scores, general.Transform(features).GetColumn<float>("Score"));
            Assert.NotEqual(scores, special.Transform(features).GetColumn<float>("Score"));
            Assert.Equal(general.Transform(features).GetColumn<float[]>("Latent"), special.Transform(features).GetColumn<float[]>("Latent"));
        }
        finally
        {
            foreach (string file in new[] { "vae.zip", "special.zip" }) File.Delete(file);
        }
    }

    // A is normal; B is 2 A + 1 with a little noise, but for anomalies it lies apart
    private static IDataView View(MLContext ml, int anomalies)
    {
        var random = new Random(5);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(i =>
        {
            float a = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            float noise = (float)(0.2 * (random.NextDouble() - 0.5));
            return new Row { A = a, B = 2 * a + 1 + noise + (i < anomalies ? 5 : 0), Label = i < anomalies };
        }).ToList());
    }

    private static IDataView NumericLabel(MLContext ml, IDataView rows) => ml.Transforms.Conversion.ConvertType("Label").Fit(rows).Transform(rows);

    private static string Text(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file));

    private static string Normalize(string code) =>
        string.Join('\n', code.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).Select(l => l[Indent(code)..]));

    private static int Indent(string code) => code.Split('\n').Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("#region snippet\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    private sealed class Row
    {
        public float A;
        public float B;
        public bool Label;
    }
}
