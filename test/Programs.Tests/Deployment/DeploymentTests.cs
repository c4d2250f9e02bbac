using System.Globalization;
using System.Reflection;
using Deployment;
using Microsoft.ML;

namespace MLGenerative.Programs.Tests.Deployment;

/// <summary>The sample: a pipeline that is trained here gives the same numbers in a process that has stock ML.NET only.</summary>
public sealed class DeploymentTests : IDisposable
{
    private static readonly string ServeFolder =
        typeof(DeploymentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServeFolder").Value!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployment");

    private string Zip => Path.Combine(_folder.FullName, "pipeline.zip");

    [Fact]
    public void A_process_without_our_assemblies_gives_the_numbers_of_the_fitted_pipeline()
    {
        var ml = new MLContext(seed: 7);
        string table = Path.Combine(ServeFolder, "readings.csv");
        var view = Reading.Load(ml, table);
        var readings = ml.Data.CreateEnumerable<Reading>(view, reuseRowObject: false).ToList();
        var fitted = Training.Run(ml, view, Zip);
        using var engine = ml.Model.CreatePredictionEngine<Reading, FullVerdict>(fitted);
        var expected = readings.Select(engine.Predict).ToList();

        string[] assemblies = [.. Directory.EnumerateFiles(ServeFolder, "*.dll").Select(path => Path.GetFileName(path)!)];
        var served = ProgramRun.Of(ServeFolder, "Serve.dll", Zip, table);

        Assert.Contains("Microsoft.ML.OnnxTransformer.dll", assemblies);
        Assert.DoesNotContain(assemblies, name => name.Contains("Generative", StringComparison.Ordinal) || name.StartsWith("TorchSharp", StringComparison.Ordinal));
        Assert.Empty(served.Errors);
        Assert.Equal(0, served.Status);
        Assert.Equal("Probability,WillFail,Novelty,IsNovel", served.Output[0]);
        Assert.Equal(expected.Count, served.Output.Length - 1);
        foreach (var (verdict, line) in expected.Zip(served.Output.Skip(1).Select(line => line.Split(','))))
        {
            AssertClose(verdict.Probability, float.Parse(line[0], CultureInfo.InvariantCulture));
            AssertClose(verdict.Novelty, float.Parse(line[2], CultureInfo.InvariantCulture));
            Assert.Equal((verdict.PredictedLabel, verdict.IsNovel), (bool.Parse(line[1]), bool.Parse(line[3])));
        }
        Assert.Contains(expected, verdict => verdict.PredictedLabel);
        Assert.Contains(expected, verdict => verdict.IsNovel);
        Assert.True(ml.BinaryClassification.Evaluate(fitted.Transform(view), "Failed").AreaUnderRocCurve > 0.9);

        // and here, on the loaded pipeline
        using var loaded = ml.Model.CreatePredictionEngine<Reading, FullVerdict>(ml.Model.Load(Zip, out _));
        for (int i = 0; i < 20; i++)
        {
            var verdict = loaded.Predict(readings[i]);
            AssertClose(expected[i].Probability, verdict.Probability);
            AssertClose(expected[i].Novelty, verdict.Novelty);
            Assert.Equal(expected[i].IsNovel, verdict.IsNovel);
        }
    }

    [Theory]
    [InlineData("Train")]
    [InlineData("Serve")]
    public void Help_says_what_the_arguments_are(string program)
    {
        var run = Run(program, "--help");

        Assert.StartsWith($"usage: {program} [", run.Output[0], StringComparison.Ordinal);
        Assert.Equal(0, run.Status);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void A_pipeline_that_is_not_there() => Refuses($"serve: there is no {Zip}. The program Train writes it.", "Serve", Zip);

    [Fact]
    public void A_pipeline_that_is_not_one()
    {
        File.WriteAllText(Zip, "text");

        Assert.StartsWith("serve: ", Assert.Single(Run("Serve", Zip).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_not_there() => Refuses($"train: Could not find file '{Path.Combine(_folder.FullName, "none.csv")}'.", "Train", Path.Combine(_folder.FullName, "none.csv"), Zip);

    [Fact]
    public void A_table_of_other_columns()
    {
        string table = Path.Combine(_folder.FullName, "other.csv");
        File.WriteAllText(table, "A,B\n1,2\n");

        Refuses($"train: {table} must begin with the line 'Temperature,Pressure,Vibration,Speed,Failed', not with 'A,B'", "Train", table, Zip);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ProgramRun Run(string program, params string[] args) =>
        ProgramRun.Of(program == "Serve" ? ServeFolder : AppContext.BaseDirectory, $"{program}.dll", args);

    private void Refuses(string message, string program, params string[] args)
    {
        var run = Run(program, args);

        Assert.Equal(message, Assert.Single(run.Errors));
        Assert.Equal(2, run.Status);
        Assert.Empty(_folder.GetFiles("*.zip"));
    }

    private static void AssertClose(float expected, float actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{expected} of the fitted pipeline, {actual} of the loaded one");

    private sealed class FullVerdict
    {
        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }

        public float Novelty { get; set; }

        public bool IsNovel { get; set; }
    }
}
