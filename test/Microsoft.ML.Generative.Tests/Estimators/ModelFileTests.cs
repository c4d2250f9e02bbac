using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Tests.Persistence;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>A model that was saved and loaded is the model that was saved.</summary>
public sealed class ModelFileTests : IDisposable
{
    private static readonly TrainingOptions Brief = new() { Steps = 20, BatchSize = 32 };

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => Models.Names;

    public static TheoryData<string, string?> NamesAndLabels
    {
        get
        {
            string?[] labels =
            [
                null, nameof(Labelled.Flag), nameof(Labelled.Class), nameof(Labelled.Single), nameof(Labelled.Double), nameof(Labelled.Int16), nameof(Labelled.UInt64),
                nameof(Labelled.Key), "ClassKey", "SingleKey",
            ];
            var data = new TheoryData<string, string?>();
            foreach (string name in Names)
                foreach (string? label in labels) data.Add(name, label);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndLabels))]
    public void ALoadedModelGivesTheSameNumbers(string name, string? label)
    {
        var view = View(200);
        using var model = Models.Create(_ml, name, label, Brief).Fit(view);
        ml().Generative.Save(model, _folder["model.zip"]);
        using var loaded = ml().Generative.Load(_folder["model.zip"]);

        AssertSame(model.Transform(view), loaded.Transform(view));
        AssertSame(model.Sample(1500), loaded.Sample(1500));
        AssertSame(model.Vary(view, 300), loaded.Vary(view, 300));
        if (model.Model.Encoding.Label is { } column)
        {
            var options = new SampleOptions { Label = column.ValueOf(1) };
            AssertSame(model.Sample(20, 5, options), loaded.Sample(20, 5, options));
        }
        Assert.Equal(model.TrainingReport, loaded.TrainingReport);
        Assert.Equal(model.ScoreThreshold, loaded.ScoreThreshold);
        Assert.Equal(model.DensityKind, loaded.DensityKind);
        Assert.Equal(ModelJson.Serialize(model.Model.Options), ModelJson.Serialize(loaded.Model.Options));
        Assert.Equal(ModelZip.Of(_ml, model), ModelZip.Of(_ml, loaded));

        static MLContext ml() => new();   // neither its seed nor the one of the fit's context matters
    }

    [Theory]
    [MemberData(nameof(OtherOptions))]
    public void OptionsOtherThanTheDefaultsComeBack(string description)
    {
        var view = View(100);
        using var model = Estimators[description](_ml).Fit(view);
        using var loaded = ModelZip.Load(_ml, ModelZip.Of(_ml, model));
        AssertSame(model.Transform(view), loaded.Transform(view));
        AssertSame(model.Sample(50), loaded.Sample(50));
        Assert.Equal(ModelJson.Serialize(model.Model.Options), ModelJson.Serialize(loaded.Model.Options));
    }

    private static readonly Dictionary<string, Func<MLContext, IEstimator<GenerativeTransformer>>> Estimators = new()
    {
        ["plain autoencoder of proportions"] = ml => ml.Generative.TrainAutoencoder(new AutoencoderOptions
        {
            FeatureColumnName = "Unit", HiddenSizes = [], LatentSize = 2, NoiseScale = 0, Sparsity = 0.5, Likelihood = Likelihood.Bernoulli, Seed = -3, Training = Brief,
        }),
        ["autoencoder with other column names"] = ml => ml.Generative.TrainAutoencoder(new AutoencoderOptions
        {
            HiddenSizes = [5, 3, 2], Activation = Activation.LeakyRelu, HalfWhitening = false, ScoreColumnName = "How \"odd\"", LatentColumnName = "Код", Contamination = 0,
            Training = Brief with { WeightAveraging = 0.9, Dropout = 0.2, Schedule = LearningRateSchedule.OneCycle, Optimizer = Optimizer.RmsProp },
        }),
        ["VAE of proportions"] = ml => ml.Generative.TrainVae(new VaeOptions { FeatureColumnName = "Unit", Likelihood = Likelihood.Bernoulli, Training = Brief }),
        ["VAE of fixed variance"] = ml => ml.Generative.TrainVae(new VaeOptions
        {
            HiddenSizes = [7], LatentSize = 1, Activation = Activation.Tanh, FixedVariance = 0.3, Beta = 1.0 / 3, BetaWarmUp = 0, ImportanceSamples = 3, HalfWhitening = false,
            Training = Brief with { GradientClipNorm = double.PositiveInfinity },
        }),
    };

    public static TheoryData<string> OtherOptions => [.. Estimators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SlotNamesAreKeptAndTheModelOfAChainIsItsLastTransformer(string name)
    {
        var view = View(60);
        using var chain = _ml.Transforms.Concatenate("Features", nameof(Labelled.Single), nameof(Labelled.Unit), nameof(Labelled.Double2))
            .Append(Models.Create(_ml, name, training: Brief)).Fit(view);
        using var loaded = ModelZip.Load(_ml, ModelZip.Of(_ml, chain.LastTransformer));

        VBuffer<ReadOnlyMemory<char>> names = default;
        loaded.Sample(1).Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["Single", "Unit.0", "Unit.1", "Double2"], names.DenseValues().Select(n => n.ToString()).Select((n, i) => i is 1 or 2 && n.Length == 0 ? $"Unit.{i - 1}" : n));
        AssertSame(chain.LastTransformer.Sample(20), loaded.Sample(20));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AModelMayBeLoadedAndUsedOnOtherThreads(string name)
    {
        var view = View(100);
        using var model = Models.Create(_ml, name, "Class", Brief).Fit(view);
        byte[] file = [];
        OnAnotherThread(() => file = ModelZip.Of(_ml, model));
        GenerativeTransformer? loaded = null;
        OnAnotherThread(() => loaded = ModelZip.Load(_ml, file));
        using (loaded)
        {
            AssertSame(model.Transform(view), loaded!.Transform(view));
            OnAnotherThread(() => AssertSame(model.Sample(40), loaded.Sample(40)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NeitherSavingNorLoadingLeavesTensorsBehind(string name)
    {
        using var model = Models.Create(_ml, name, "Class", Brief).Fit(View(100));
        byte[] file = ModelZip.Of(_ml, model);
        long before = LiveTensors.Count;
        ModelZip.Of(_ml, model);
        using (ModelZip.Load(_ml, file)) Assert.NotEqual(before, LiveTensors.Count);
        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AFileHoldsNoRowThatTheModelLearntFrom(string name)
    {
        var rows = Labelled.Rows(150);
        using var model = Models.Create(_ml, name, "Class", Brief).Fit(_ml.Data.LoadFromEnumerable(rows));
        byte[] file = ModelZip.Of(_ml, model), weights = ModelZip.Entry(file, "weights.safetensors");
        string document = ModelZip.Document(file).ToJsonString();

        for (int i = 0; i < rows.Count; i++)
        {
            float first = rows[i].Features[0], second = rows[i].Features[1], below = rows[(i + 1) % rows.Count].Features[0];
            Assert.Equal(-1, weights.AsSpan().IndexOf((byte[])[.. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second)]));
            Assert.Equal(-1, weights.AsSpan().IndexOf((byte[])[.. BitConverter.GetBytes(first), .. BitConverter.GetBytes(below)]));
            Assert.DoesNotContain(first.ToString(CultureInfo.InvariantCulture), document, StringComparison.Ordinal);
            Assert.DoesNotContain(second.ToString(CultureInfo.InvariantCulture), document, StringComparison.Ordinal);
            Assert.DoesNotContain(rows[i].Comment, document, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ASaveThatFailsLeavesTheOldFile(string name)
    {
        string path = _folder["model.zip"];
        using var model = Models.Create(_ml, name, training: Brief).Fit(View(60));
        _ml.Generative.Save(model, path);
        byte[] old = File.ReadAllBytes(path);

        var disposed = ModelZip.Load(_ml, old);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.Generative.Save(disposed, path));

        using var broken = ModelZip.Load(_ml, old);
        using (TorchSharp.torch.no_grad())
        using (TorchSharp.torch.NewDisposeScope()) broken.Model.Network.named_parameters().First().Item2.fill_(float.NaN);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Generative.Save(broken, path));
        Assert.Matches("^The model can't be saved: its '.*' holds numbers that are not finite\\.", error.Message);

        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal(["model.zip"], _folder.FileNames);
    }

    [SmallDiskFact]
    public void AFullDiskLeavesTheOldFile()
    {
        using var disk = new SmallDisk();
        string path = Path.Combine(disk.Path, "model.zip");
        using var small = Train(latentSize: 1);
        using var large = Train(latentSize: 10_000);
        _ml.Generative.Save(small, path);
        Assert.ThrowsAny<IOException>(() => _ml.Generative.Save(large, path));
        using var loaded = _ml.Generative.Load(path);
        AssertSame(small.Sample(10), loaded.Sample(10));
        Assert.Equal([path], Directory.GetFileSystemEntries(disk.Path));

        GenerativeTransformer Train(int latentSize) =>
            _ml.Generative.TrainVae(new VaeOptions { HiddenSizes = [4], LatentSize = latentSize, ImportanceSamples = 1, Training = Brief with { Steps = 2 } }).Fit(View(30));
    }

    [Fact]
    public void LoadingTakesTheDeviceOfTheContextAndSaysSo()
    {
        if (TorchSharp.torch.cuda.is_available()) return;
        using var model = Models.Create(_ml, "vae", training: Brief).Fit(View(60));
        byte[] file = ModelZip.Of(_ml, model);
        var ml = new MLContext { GpuDeviceId = 0 };
        long before = LiveTensors.Count;
        Assert.Throws<InvalidOperationException>(() => ModelZip.Load(ml, file));
        Assert.Equal(before, LiveTensors.Count);

        var lines = new List<string>();
        ml.Log += (_, e) => lines.Add(e.Message);
        ml.FallbackToCpu = true;
        using var loaded = ModelZip.Load(ml, file);
        Assert.Contains(lines, line => line.Contains("Scoring and sampling on the CPU instead.", StringComparison.Ordinal));
        AssertSame(model.Sample(10), loaded.Sample(10));
    }

    private IDataView View(int rows)
    {
        var view = _ml.Data.LoadFromEnumerable(Labelled.Rows(rows));
        return _ml.Transforms.Conversion.MapValueToKey("ClassKey", nameof(Labelled.Class))
            .Append(_ml.Transforms.Conversion.MapValueToKey("SingleKey", nameof(Labelled.Single))).Fit(view).Transform(view);
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }

    // every column that both views can have, bit by bit, with its type and what its keys and slots are called
    private static void AssertSame(IDataView expected, IDataView actual)
    {
        Assert.Equal(expected.Schema.Select(c => (c.Name, c.Type)), actual.Schema.Select(c => (c.Name, c.Type)));
        foreach (var column in expected.Schema)
        {
            Assert.Equal(Values(expected, column.Name), Values(actual, column.Name));
            Assert.Equal(KeyValues(column), KeyValues(actual.Schema[column.Name]));
        }
    }

    private static object[] Values(IDataView view, string column) => view.Schema[column].Type switch
    {
        VectorDataViewType => [.. view.GetColumn<float[]>(column).SelectMany(values => values).Select(BitConverter.SingleToInt32Bits)],
        TextDataViewType => [.. view.GetColumn<string>(column)],
        KeyDataViewType => [.. view.GetColumn<uint>(column)],
        { RawType: var type } => [.. (IEnumerable<object>)typeof(ModelFileTests).GetMethod(nameof(Boxed), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [view, column])!],
    };

    private static IEnumerable<object> Boxed<T>(IDataView view, string column) where T : notnull => view.GetColumn<T>(column).Select(value => (object)value).ToList();

    private static string KeyValues(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType { ItemType: var item } type) return "";
        if (item is TextDataViewType) return $"{type}: " + string.Join(" ", Of<ReadOnlyMemory<char>>());
        return $"{type}: " + string.Join(" ", Of<float>());

        IEnumerable<T> Of<T>()
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return values.DenseValues();
        }
    }

    private sealed class Labelled
    {
        [VectorType(Tests.Rows.Features)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Unit { get; set; } = [];

        public bool Flag { get; set; }

        public string Class { get; set; } = "";

        public float Single { get; set; }

        public double Double { get; set; }

        public float Double2 { get; set; }

        public short Int16 { get; set; }

        public ulong UInt64 { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }

        public string Comment { get; set; } = "";

        public static List<Labelled> Rows(int count) => Tests.Rows.Make(count).Select((row, i) => new Labelled
        {
            Features = [row.Features[0], row.Features[1], row.Label ? 1 : 0, row.Features[3]],   // one of them binary
            Unit = [i % 7 / 7f, i % 2],
            Flag = row.Label,
            Class = (i % 3) switch { 0 => "été \"0\"", 1 => "<β>", _ => "three" },
            Single = row.Label ? 0.1f : float.MaxValue,
            Double = row.Label ? 0.1 : 1.0 / 3,
            Double2 = i % 11,
            Int16 = (short)(row.Label ? -4 : 7),
            UInt64 = row.Label ? ulong.MaxValue : 3,
            Key = row.Label ? 4u : 1u,
            Comment = $"comment of row {i}",
        }).ToList();
    }
}
