using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Generative.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Persistence;

/// <summary>100,000 damaged files: each is read or refused with the exception that is documented, and none makes a reader allocate much more
/// than the file is long.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void Damaged_safetensors_files_are_read_or_refused()
    {
        using var scope = NewDisposeScope();
        byte[] small = Written(stream => SafeTensors.Write(stream, new Dictionary<string, string>(), [("w", ones(2))]));
        byte[] large = Written(stream => SafeTensors.Write(
            stream,
            new Dictionary<string, string> { ["step"] = "17", ["loss"] = "0.25" },
            [("encoder.0.weight", ones(3, 2)), ("encoder.0.bias", zeros(3)), ("mask", tensor([true, false])), ("step", tensor(3L))]));

        CheckMutations([small, large], 70_000, file =>
        {
            foreach (var tensor in SafeTensors.Read(new MemoryStream(file), file.Length, "the file").Tensors.Values) tensor.Dispose();
        });
    }

    [Fact]
    public void Damaged_model_files_are_read_or_refused()
    {
        using var scope = NewDisposeScope();
        var document = new ModelDocument("Vae", JsonSerializer.SerializeToElement(new { LatentSize = 4 }), JsonSerializer.SerializeToElement(new { Columns = 1 }), JsonSerializer.SerializeToElement(new { Seed = 1 }));
        var file = Written(stream => ModelFile.Write(stream, document, [("w", ones(3, 2))]));

        CheckMutations([file], 20_000, damaged => ModelFile.Read(new MemoryStream(damaged)).Dispose());
    }

    [Fact]
    public void Damaged_documents_are_read_or_refused()
    {
        var document = new ModelDocument("Vae", JsonSerializer.SerializeToElement(new { LatentSize = 4 }), JsonSerializer.SerializeToElement(new { Columns = 1 }), JsonSerializer.SerializeToElement(new { Seed = 1 }));

        CheckMutations([document.Encode("00")], 10_000, damaged => ModelDocument.Decode(damaged, "the file"));
    }

    private static void CheckMutations(byte[][] files, int count, Action<byte[]> read)
    {
        var (refused, tensors) = (0, LiveTensors.Count);
        var longest = files.Max(file => file.Length);
        var property = Prop.ForAll(Mutations.Of(files).ToArbitrary(), file =>
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(file);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 300_000 + (50 * file.Length));
            Assert.Equal(tensors, LiveTensors.Count);
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20_240_607, 1));
        Assert.InRange(refused, count / 2, count - 1);   // most are damaged, and some are not
    }

    private static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
