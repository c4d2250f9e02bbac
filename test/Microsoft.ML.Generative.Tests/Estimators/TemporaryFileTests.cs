using Microsoft.ML.Generative.Tests.Persistence;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>Alone, since the folder for temporary files belongs to the whole process.</summary>
[CollectionDefinition(nameof(TemporaryFileTests), DisableParallelization = true)]
public sealed class TemporaryFileCollection;

/// <summary>Whatever is written, and whether that works or not, no temporary file stays.</summary>
[Collection(nameof(TemporaryFileTests))]
public sealed class TemporaryFileTests : IDisposable
{
    private static readonly string Variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _temporary = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public TemporaryFileTests() => Environment.SetEnvironmentVariable(Variable, _temporary.Path);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
        _temporary.Dispose();
    }

    public static TheoryData<string> Names => Models.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void NoneStays(string name)
    {
        Assert.StartsWith(_temporary.Path, Path.GetTempPath(), StringComparison.Ordinal);
        var view = Rows.View(_ml, 60);
        using var model = Models.Create(_ml, name).Fit(view);
        _ml.Model.Save(model, view.Schema, _folder["stock.zip"]);
        _ml.Generative.Save(model, _folder["model.zip"]);
        _ml.Generative.ExportOnnx(model, _folder["score.onnx"]);
        Assert.Empty(_temporary.FileNames);
        Assert.Equal(["model.zip", "score.onnx", "stock.zip"], _folder.FileNames);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoneStaysWhereWritingFails(string name)
    {
        var view = Rows.View(_ml, 60);
        using var model = Models.Create(_ml, name).Fit(view);
        foreach (int room in new[] { 0, 1000 })
        {
            var full = new FailingStream(Stream.Null, room);
            Assert.ThrowsAny<IOException>(() => _ml.Model.Save(model, view.Schema, full));
            Assert.ThrowsAny<IOException>(() => _ml.Generative.Save(model, full));
            Assert.ThrowsAny<IOException>(() => _ml.Generative.ExportOnnx(model, full));
        }
        Directory.CreateDirectory(_folder["taken"]);
        Assert.ThrowsAny<IOException>(() => _ml.Generative.Save(model, _folder["taken"]));
        Assert.ThrowsAny<IOException>(() => _ml.Generative.ExportOnnx(model, _folder["taken"]));
        Assert.Empty(_temporary.FileNames);
        Assert.Equal(["taken"], _folder.FileNames);
    }

    [SmallDiskFact]
    public void NoneStaysOnAFullDisk()
    {
        using var disk = new SmallDisk();
        Environment.SetEnvironmentVariable(Variable, disk.Path);
        var view = Rows.View(_ml, 60);
        using var model = _ml.Generative.TrainVae(new VaeOptions { HiddenSizes = [200, 200], Training = new() { Steps = 2 } }).Fit(view);
        Assert.ThrowsAny<IOException>(() => _ml.Model.Save(model, view.Schema, Stream.Null));
        Assert.ThrowsAny<IOException>(() => _ml.Generative.Save(model, Path.Combine(disk.Path, "model.zip")));
        Assert.ThrowsAny<IOException>(() => _ml.Generative.ExportOnnx(model, Path.Combine(disk.Path, "score.onnx")));
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }
}
