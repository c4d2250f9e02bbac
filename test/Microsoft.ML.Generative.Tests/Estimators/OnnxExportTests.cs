using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Every graph of every model gives in ONNX Runtime the numbers that the model gives.</summary>
public sealed class OnnxExportTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, bool, bool> Cases()
    {
        var cases = new TheoryData<string, bool, bool>();
        foreach (string name in Models.Names)
        {
            cases.Add(name, false, false);
            cases.Add(name, true, false);
            cases.Add(name, false, true);
        }
        return cases;
    }

    public static TheoryData<string> Names => Models.Names;

    public static TheoryData<string> NamesWithSampleGraph => Models.NamesWithSampleGraph;

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryGraphGivesTheNumbersOfTheModel(string name, bool conditioned, bool withBinary)
    {
        using var scope = torch.NewDisposeScope();
        var rows = Make(1000, seed: 5, withBinary);
        using var model = Models.Create(_ml, name, conditioned ? "Label" : null).Fit(_ml.Data.LoadFromEnumerable(Make(300, seed: 1, withBinary)));
        using var inference = torch.inference_mode();
        var network = model.Model.Network;
        var raw = torch.tensor(rows.SelectMany(r => r.Features).ToArray()).view(rows.Count, Rows.Features);
        var x = Encoded(model, _ml.Data.LoadFromEnumerable(rows), rows.Count);
        var condition = conditioned ? torch.tensor(rows.SelectMany(r => r.Label ? new[] { 1f, 0 } : [0, 1f]).ToArray()).view(rows.Count, 2) : null;

        int graphs = 0;
        void Check(OnnxGraph graph, Tensor expected, string input, Tensor given)
        {
            AssertClose(expected, Run(Export(model, graph), (input, given), ("Label", condition)), graph);
            graphs++;
        }
        if (network is IScorer scorer) Check(OnnxGraph.Score, scorer.Score(x, condition), "Features", raw);
        if (network is ILogDensity density) Check(OnnxGraph.LogDensity, density.LogDensity(x, condition), "Features", raw);
        if (network is IReconstructor reconstructor) Check(OnnxGraph.Reconstruct, reconstructor.Reconstruct(x, condition), "Features", raw);
        if (network is IEncoder encoder) Check(OnnxGraph.Encode, encoder.Encode(x, condition), "Features", raw);
        if (network is IColumnScorer columns) Check(OnnxGraph.ColumnScores, columns.ColumnScores(x, condition), "Features", raw);
        Assert.Equal(Enum.GetValues<OnnxGraph>().Count(graph => graph != OnnxGraph.Sample && OnnxExport.Can(network, graph)), graphs);
    }

    [Theory]
    [InlineData("autoencoder", false)]
    [InlineData("autoencoder", true)]
    [InlineData("diffusion", false)]
    [InlineData("diffusion", true)]
    [InlineData("made", false)]
    [InlineData("made", true)]
    [InlineData("nade", false)]
    [InlineData("nade", true)]
    [InlineData("flow", false)]
    [InlineData("flow", true)]
    [InlineData("vae", false)]
    [InlineData("vae", true)]
    public void TheSameNoiseGivesTheSameSample(string name, bool conditioned)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Models.Fit(_ml, name, label: conditioned ? "Label" : null);
        using var inference = torch.inference_mode();
        const int Count = 1000;
        var condition = conditioned ? torch.tensor(new[] { 1f, 0 }).expand(Count, 2).contiguous() : null;
        using var generator = new torch.Generator(7);
        var expected = ((ISampler)model.Model.Network).Sample(Count, condition, generator);

        // what the network draws from a generator of the same seed
        using var again = new torch.Generator(7);
        var noise = torch.cat(((IOnnxExportable)model.Model.Network).NoiseWidths.Select(width => torch.empty(Count, width).normal_(0, 1, again)).ToList(), 1);
        AssertClose(expected, Run(Export(model, OnnxGraph.Sample), ("noise", noise), ("Label", condition)), OnnxGraph.Sample);
    }

    // as the network takes them
    private static Tensor Encoded(GenerativeTransformer model, IDataView view, int rows)
    {
        var encoding = model.Model.Encoding;
        var values = new float[rows * encoding.Width];
        using var cursor = view.GetRowCursor(view.Schema);
        var encoder = encoding.CreateEncoder(cursor);
        for (int i = 0; cursor.MoveNext(); i++) encoder.Encode(values.AsSpan(i * encoding.Width, encoding.Width));
        return torch.tensor(values).view(rows, encoding.Width).narrow(1, 0, encoding.Features);
    }

    [Theory]
    [MemberData(nameof(NamesWithSampleGraph))]
    public void BinaryFeaturesAreDrawnAsZerosAndOnesAsOftenAsTheModelDrawsThem(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Models.Create(_ml, name).Fit(_ml.Data.LoadFromEnumerable(Make(300, seed: 1, withBinary: true)));
        const int Count = 20_000;
        using var generator = new torch.Generator(7);
        var noise = torch.empty(Count, ((IOnnxExportable)model.Model.Network).NoiseWidths.Sum()).normal_(0, 1, generator);
        var drawn = Run(Export(model, OnnxGraph.Sample), ("noise", noise)).ToArray().Where((_, i) => i % Rows.Features == 3).ToArray();
        Assert.All(drawn, value => Assert.True(value is 0 or 1));
        double expected = Models.Floats(model.Sample(Count, seed: 3), "Features").Where((_, i) => i % Rows.Features == 3).Average();
        Assert.InRange(drawn.Average(), expected - 0.02, expected + 0.02);   // four standard errors of the difference
    }

    [Theory]
    [MemberData(nameof(NamesWithSampleGraph))]
    public void TheFileSaysWhatItIs(string name)
    {
        using var model = Models.Fit(_ml, name, label: "Label");
        using var sample = new InferenceSession(Export(model, OnnxGraph.Sample));
        using var score = new InferenceSession(Export(model, OnnxGraph.Score));
        Assert.Equal($"{Models.KindOf(name)}.Sample", sample.ModelMetadata.GraphName);
        Assert.Equal(["Label", "noise"], sample.InputMetadata.Keys.Order());
        Assert.Equal([-1, Rows.Features], sample.OutputMetadata["Features"].Dimensions);
        Assert.Equal("true", sample.ModelMetadata.CustomMetadataMap["synthetic"]);
        Assert.Equal("false", score.ModelMetadata.CustomMetadataMap["synthetic"]);
        Assert.Equal(Models.KindOf(name), score.ModelMetadata.CustomMetadataMap["model"]);
        Assert.Equal(model.Model.Fingerprint.ToString("x16"), score.ModelMetadata.CustomMetadataMap["trainingDataFingerprint"]);
        Assert.Equal("""["True","False"]""", score.ModelMetadata.CustomMetadataMap["labels"]);
        Assert.Equal(typeof(GenerativeOptions).Assembly.GetName().Version!.ToString(3), score.ModelMetadata.CustomMetadataMap["libraryVersion"].Split('-')[0]);
    }

    [Fact]
    public void WhatAModelCannotDoIsRefusedAndNoFileIsMade()
    {
        using var folder = new Persistence.TemporaryFolder();
        var model = Models.Fit(_ml, "autoencoder", 60);
        Assert.Equal("A model of kind 'autoencoder' has no graph LogDensity.",
            Assert.Throws<NotSupportedException>(() => _ml.Generative.ExportOnnx(model, folder["density.onnx"], OnnxGraph.LogDensity)).Message);
        using var rbm = Models.Fit(_ml, "rbm", 60);
        Assert.Equal("A model of kind 'rbm' has no graph Sample: a row takes hundreds of Gibbs steps, with new noise for every unit in each of them; "
                     + "draw with Sample, from a model kept by mlContext.Generative.Save.",
            Assert.Throws<NotSupportedException>(() => _ml.Generative.ExportOnnx(rbm, folder["density.onnx"], OnnxGraph.Sample)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Generative.ExportOnnx(model, folder["density.onnx"], (OnnxGraph)17));
        Assert.False(File.Exists(folder["density.onnx"]));

        _ml.Generative.ExportOnnx(model, folder["score.onnx"]);
        Assert.Equal(Export(model, OnnxGraph.Score), File.ReadAllBytes(folder["score.onnx"]));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.Generative.ExportOnnx(model, folder["score.onnx"]));
        Assert.True(File.Exists(folder["score.onnx"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoTensorIsLeftBehind(string name)
    {
        using var model = Models.Fit(_ml, name, 60);
        long before = LiveTensors.Count;
        foreach (var graph in Enum.GetValues<OnnxGraph>().Where(graph => OnnxExport.Can(model.Model.Network, graph))) Export(model, graph);
        Assert.Equal(before, LiveTensors.Count);
    }

    private byte[] Export(GenerativeTransformer model, OnnxGraph graph)
    {
        using var stream = new MemoryStream();
        _ml.Generative.ExportOnnx(model, stream, graph);
        return stream.ToArray();
    }

    // the last feature is 0 or 1, if wanted
    private static List<Row> Make(int count, int seed, bool withBinary)
    {
        var rows = Rows.Make(count, seed);
        if (withBinary) foreach (var row in rows) row.Features[3] = row.Features[3] > 0 ? 1 : 0;
        return rows;
    }

    private static DenseTensor<float> Run(byte[] model, params (string Name, Tensor? Value)[] inputs)
    {
        using var session = new InferenceSession(model);
        var values = inputs.Where(input => input.Value is not null).Select(input => NamedOnnxValue.CreateFromTensor(
            input.Name, new DenseTensor<float>(input.Value!.data<float>().ToArray(), input.Value.shape.Select(size => (int)size).ToArray())));
        using var results = session.Run(values.ToList());
        return (DenseTensor<float>)results.Single().AsTensor<float>().Clone();
    }

    // relative to the number, or to what is usual in its column: a float of a column of hundreds that happens to be near 0 has the precision of hundreds
    private static void AssertClose(Tensor expected, DenseTensor<float> actual, OnnxGraph graph)
    {
        Assert.Equal(expected.shape, actual.Dimensions.ToArray().Select(size => (long)size));
        var usual = expected.square().mean([0]).sqrt().view(-1).ToFloats();
        var numbers = expected.ToFloats();
        for (int i = 0; i < numbers.Length; i++)
        {
            float difference = MathF.Abs(numbers[i] - actual.Buffer.Span[i]), size = MathF.Max(MathF.Abs(numbers[i]), usual[i % usual.Length]);
            Assert.True(difference <= 1e-5f * size, $"{graph} {i}: {numbers[i]} of the model, {actual.Buffer.Span[i]} of ONNX Runtime");
        }
    }
}
