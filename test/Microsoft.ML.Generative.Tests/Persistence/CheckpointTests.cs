using Microsoft.ML.Generative.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Persistence;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_state_comes_back_as_it_was()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, string> { ["step"] = "17", ["loss"] = "0.25" };
        Checkpoint.Write(_folder["c"], state, [("weights", arange(5, dtype: ScalarType.Float32)), ("generator", tensor(new byte[] { 1, 2, 3 }))]);

        var (readState, tensors) = Checkpoint.Read(_folder["c"]);

        Assert.Equal(state, readState);
        Assert.Equal([0f, 1f, 2f, 3f, 4f], tensors["weights"].data<float>().ToArray());
        Assert.Equal(new byte[] { 1, 2, 3 }, tensors["generator"].data<byte>().ToArray());
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_the_last_checkpoint()
    {
        using var disk = new SmallDisk();
        using var scope = NewDisposeScope();
        var path = Path.Combine(disk.Path, "c");
        Checkpoint.Write(path, new Dictionary<string, string> { ["step"] = "1" }, []);

        Assert.ThrowsAny<IOException>(() => Checkpoint.Write(path, new Dictionary<string, string> { ["step"] = "2" }, [("w", zeros(1 << 18))]));

        Assert.Equal("1", Checkpoint.Read(path).State["step"]);
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_of_this_version_is_refused_and_no_tensor_is_left_behind()
    {
        using var weight = ones(2);
        var before = LiveTensors.Count;
        string Refused(Dictionary<string, string> metadata)
        {
            using (var stream = File.Create(_folder["c"])) SafeTensors.Write(stream, metadata, [("w", weight)]);
            return Assert.Throws<InvalidDataException>(() => Checkpoint.Read(_folder["c"])).Message;
        }

        Assert.Equal(
            $"'{_folder["c"]}' is a safetensors file but no checkpoint of a training. Delete it, or give another path for the checkpoint.",
            Refused([]));
        Assert.Equal(
            $"'{_folder["c"]}' is a checkpoint of format version '2'; this library reads version 1. Delete it to train from the start.",
            Refused(new() { ["mlgenerative.checkpoint"] = "2" }));
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains(_folder["c"], Assert.Throws<FileNotFoundException>(() => Checkpoint.Read(_folder["c"])).Message);
}
