using Microsoft.ML.Generative.Tests.Persistence;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>No model can be added that a file cannot hold, that the contract suite does not test, or that cannot be exported.</summary>
public sealed class ModelListTests
{
    public static TheoryData<string> Names => Models.Names;

    [Fact]
    public void EveryModelIsInAllLists()
    {
        var names = typeof(GenerativeCatalog).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(GenerativeOptions)) && !type.IsAbstract)
            .Select(type => ((GenerativeOptions)Activator.CreateInstance(type)!).ModelName).Order().ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(names, GenerativeModels.Names.Order());
        Assert.Equal(names, ((IEnumerable<object[]>)Models.Names).Select(row => Models.KindOf((string)row[0])).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryModelOfTheListIsWhatItIsCalled(string name)
    {
        using var model = Models.Fit(new MLContext(1), name, 50);
        Assert.Equal(Models.KindOf(name), model.Model.Options.ModelName);
        Assert.IsType(model.Model.Options.NetworkType, model.Model.Network);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EverythingThatAModelCanDoCanBeExported(string name)
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        foreach (string? label in new[] { null, "Label" })
        {
            using var model = Models.Fit(ml, name, 50, label);
            foreach (var graph in Enum.GetValues<OnnxGraph>())
            {
                string path = folder[$"{label}{graph}"];
                if (OnnxExport.Can(model.Model.Network, graph))
                {
                    ml.Generative.ExportOnnx(model, path, graph);
                    using var session = new InferenceSession(path);
                    Assert.Single(session.OutputMetadata);
                }
                else Assert.Throws<NotSupportedException>(() => ml.Generative.ExportOnnx(model, path, graph));
            }
        }
    }
}
