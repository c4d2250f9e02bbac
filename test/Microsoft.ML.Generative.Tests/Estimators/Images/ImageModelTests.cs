using Microsoft.ML.Data;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Estimators.Images;

/// <summary>Models of images, as far as they differ from those of other features.</summary>
public sealed class ImageModelTests
{
    private readonly MLContext _ml = new(1);

    private delegate IEstimator<GenerativeTransformer> Factory(MLContext ml, ImageShape image, string? label, TrainingOptions training);

    private static readonly Dictionary<string, Factory> Models = new()
    {
        ["diffusion"] = (ml, image, label, training) => ml.Generative.TrainDiffusion(new DiffusionOptions
        {
            Image = image, ImageChannels = 8, ResidualBlocks = 1, LabelColumnName = label, SamplingSteps = 12, DensitySteps = 4, Training = training,
        }),
        ["vae"] = (ml, image, label, training) => ml.Generative.TrainVae(new VaeOptions { Image = image, ImageChannels = 8, HiddenSizes = [32], LatentSize = 8, LabelColumnName = label, Training = training }),
        ["gan"] = (ml, image, label, training) => ml.Generative.TrainGan(new GanOptions
        {
            Image = image, ImageChannels = 8, HiddenSizes = [32], LatentSize = 8, Packing = 2, LabelColumnName = label, Training = training,
        }),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    private IEstimator<GenerativeTransformer> Create(string name, string? label = null, int steps = 20, ImageShape? image = null) =>
        Models[name](_ml, image ?? Pictures.Shape, label, new TrainingOptions { Steps = steps, BatchSize = 32 });

    [Theory]
    [MemberData(nameof(Names))]
    public void GraphsGiveTheNumbersOfTheModel(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name, "Label").Fit(Pictures.View(_ml, 100));
        using var inference = inference_mode();
        var network = model.Model.Network;
        var pictures = Pictures.Make(20, seed: 5);
        var x = tensor(pictures.SelectMany(p => p.Features).ToArray()).view(20, Pictures.Features);
        var condition = tensor(pictures.SelectMany(p => p.Label == (bool)model.Model.Encoding.Label!.ValueOf(0) ? new[] { 1f, 0 } : [0, 1f]).ToArray()).view(20, 2);

        if (network is IScorer scorer) AssertClose(scorer.Score(x, condition), Run(OnnxGraph.Score, "Features", x));
        if (network is ILogDensity density) AssertClose(density.LogDensity(x, condition), Run(OnnxGraph.LogDensity, "Features", x));
        if (network is IReconstructor reconstructor) AssertClose(reconstructor.Reconstruct(x, condition), Run(OnnxGraph.Reconstruct, "Features", x));
        if (network is IEncoder encoder) AssertClose(encoder.Encode(x, condition), Run(OnnxGraph.Encode, "Features", x));
        using Generator generator = new(7), again = new(7);
        var expected = ((ISampler)network).Sample(20, condition, generator);
        var noise = cat(((IOnnxExportable)network).NoiseWidths.Select(width => empty(20, width).normal_(0, 1, again)).ToList(), 1);
        AssertClose(expected, Run(OnnxGraph.Sample, "noise", noise));

        DenseTensor<float> Run(OnnxGraph graph, string input, Tensor given)
        {
            using var stream = new MemoryStream();
            _ml.Generative.ExportOnnx(model, stream, graph);
            using var session = new InferenceSession(stream.ToArray());
            using var results = session.Run([Named(input, given), Named("Label", condition)]);
            return (DenseTensor<float>)results.Single().AsTensor<float>().Clone();
        }

        static NamedOnnxValue Named(string name, Tensor value) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(value.contiguous().data<float>().ToArray(), value.shape.Select(size => (int)size).ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AFileGivesTheSamePicturesAndNumbers(string name)
    {
        using var folder = new Persistence.TemporaryFolder();
        long before = LiveTensors.Count;
        using (var model = Create(name).Fit(Pictures.View(_ml, 100)))
        {
            _ml.Generative.Save(model, folder["model.zip"]);
            using var loaded = _ml.Generative.Load(folder["model.zip"]);
            Assert.Equal(Floats(model.Sample(10, seed: 3), "Features"), Floats(loaded.Sample(10, seed: 3), "Features"));
            var view = Pictures.View(_ml, 20, seed: 6);
            Assert.Equal(Floats(model.Transform(view), "Score"), Floats(loaded.Transform(view), "Score"));
        }
        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStockZipGivesTheSameNumbers(string name)
    {
        var view = Pictures.View(_ml, 60);
        using var model = Create(name, "Label", steps: 5).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        var loaded = new MLContext().Model.Load(stream, out _);
        using var disposed = (IDisposable)loaded;
        var others = Pictures.View(_ml, 5, seed: 6);
        foreach (string column in model.Model.Outputs.Select(output => output.Name).Where(column => column != "PredictedLabel"))
        {
            float[] expected = Floats(model.Transform(others), column), actual = Floats(loaded.Transform(others), column);
            float usual = MathF.Sqrt(expected.Average(value => value * value));
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - 1e-4f * usual, expected[i] + 1e-4f * usual);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSameSeedGivesTheSamePictures(string name)
    {
        float[] Drawn()
        {
            using var model = new ImageModelTests().Create(name, "Label").Fit(Pictures.View(_ml, 100));
            return Floats(model.Sample(10, seed: 3), "Features");
        }
        Assert.Equal(Drawn(), Drawn());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ChannelsMayLieSideBySide(string name)
    {
        var rows = Pictures.Make(60).Select(p => new Picture { Features = p.Features }).ToList();
        using var model = Create(name, image: new ImageShape(8, 4, 2) { Interleaved = true }, steps: 5).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.All(Floats(model.Sample(5, seed: 3), "Features"), value => Assert.True(float.IsFinite(value)));
        // every channel has a mean and a scale of its own
        var input = model.Model.Network.Input;
        for (int i = 0; i < Pictures.Features; i++) Assert.Equal((input.Mean[i % 2], input.Scale[i % 2]), (input.Mean[i], input.Scale[i]));
        var second = rows.SelectMany(row => row.Features.Where((_, i) => i % 2 == 1)).ToArray();
        Assert.Equal(second.Average(), input.Mean[1], 1e-4);
        Assert.Equal(Math.Sqrt(second.Average(value => Math.Pow(value - second.Average(), 2))), input.Scale[1], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AColumnOfAnotherSizeIsRefused(string name)
    {
        var refused = Assert.Throws<ArgumentException>(() => Create(name, image: new ImageShape(8, 7)).Fit(Pictures.View(_ml, 10)));
        Assert.Equal("Column 'Features' is Vector<Single> of 64; Image is 8 × 7 × 1, which takes 56. Give the height, width and channels of the column's images.", refused.Message);
        Assert.Contains("Image.Height is 1; it must be from 2 to 4096.", Assert.Throws<ArgumentException>(() => Create(name, image: new ImageShape(1, 64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDiffusionDrawsBars()
    {
        using var model = Create("diffusion", steps: 250).Fit(Pictures.View(_ml, 500));
        Assert.InRange(Pictures.ShareWithOneBar(model.Sample(200, seed: 3).GetColumn<float[]>("Features")), 0.8, 1);
    }

    [Fact]
    public void TheAutoencoderGivesBarsBackThatItHasNotSeen()
    {
        using var model = Create("vae", steps: 250).Fit(Pictures.View(_ml, 500));
        Assert.InRange(Pictures.ShareWithOneBar(model.Transform(Pictures.View(_ml, 200, seed: 6)).GetColumn<float[]>("Reconstruction")), 0.8, 1);
    }

    private static float[] Floats(IDataView view, string column) => Generative.Tests.Models.Floats(view, column);

    private static void AssertClose(Tensor expected, DenseTensor<float> actual)
    {
        Assert.Equal(expected.shape, actual.Dimensions.ToArray().Select(size => (long)size));
        var numbers = expected.ToFloats();
        float usual = expected.square().mean().sqrt().item<float>();
        for (int i = 0; i < numbers.Length; i++) Assert.InRange(actual.Buffer.Span[i], numbers[i] - 1e-4f * usual, numbers[i] + 1e-4f * usual);
    }
}
