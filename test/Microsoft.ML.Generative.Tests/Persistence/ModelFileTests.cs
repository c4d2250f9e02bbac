using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Generative.Persistence;
using static System.Text.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Persistence;

public sealed class ModelFileTests : IDisposable
{
    private static readonly ModelDocument Document = new(
        "Vae",
        JsonSerializer.SerializeToElement(new { LatentSize = 4, Beta = 0.5 }),
        JsonSerializer.SerializeToElement(new { Columns = new[] { "Features" } }),
        JsonSerializer.SerializeToElement(new { Seed = 7 }))
    {
        TrainingDataFingerprint = "rows=10",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var weight = arange(6, dtype: ScalarType.Float32);
        ModelFile.Write(_folder["model"], Document, [("weight", weight)]);

        using var model = ModelFile.Read(_folder["model"]);

        Assert.Equal("Vae", model.Document.Model);
        Assert.Equal("""{"LatentSize":4,"Beta":0.5}""", model.Document.Options.GetRawText().ReplaceLineEndings("").Replace(" ", ""));
        Assert.Equal("Features", model.Document.Input.GetProperty("Columns")[0].GetString());
        Assert.Equal(7, model.Document.Fit.GetProperty("Seed").GetInt32());
        Assert.Equal("rows=10", model.Document.TrainingDataFingerprint);
        Assert.Matches(@"^\d+\.\d+\.\d+", model.Document.LibraryVersion);
        Assert.Equal("Microsoft.ML.Generative " + model.Document.LibraryVersion, model.Document.CreatedBy);
        Assert.Equal(["weight"], model.TensorNames);
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 5f], model.Require("weight", 6).data<float>().ToArray());
    }

    [Fact]
    public void The_file_is_a_zip_of_a_json_and_a_safetensors_file_that_other_tools_read()
    {
        using var weight = ones(3);
        using var zip = new ZipArchive(new MemoryStream(Written(("weight", weight))));

        Assert.Equal(["model.json", "weights.safetensors"], zip.Entries.Select(entry => entry.FullName).Order());
        var weights = Bytes(zip.GetEntry("weights.safetensors")!);
        var json = JsonNode.Parse(Bytes(zip.GetEntry("model.json")!))!;
        Assert.Equal("mlgenerative-model", (string?)json["format"]);
        Assert.Equal(1, (int?)json["formatVersion"]);
        Assert.Equal(System.Convert.ToHexStringLower(SHA256.HashData(weights)), (string?)json["weightsSha256"]);
        Assert.StartsWith("""{"weight":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", UTF8.GetString(weights.AsSpan(8)));
    }

    [Fact]
    public void The_same_model_makes_the_same_bytes()
    {
        using var weight = ones(3);
        Assert.Equal(Written(("weight", weight)), Written(("weight", weight)));
    }

    [Fact]
    public void A_document_too_long_to_be_read_is_not_written()
    {
        using var stream = new MemoryStream();
        var document = Document with { Model = new string('x', 16 << 20) };
        var error = Assert.Throws<NotSupportedException>(() => ModelFile.Write(stream, document, []));
        Assert.Matches(@"^The model cannot be written: its model\.json would have 1677\d{4} bytes, and at most 16777216 are read\. ", error.Message);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_zip_packed_again_by_another_tool_is_read()
    {
        using var weight = ones(30);
        using var model = ModelFile.Read(new MemoryStream(Repacked(Written(("weight", weight)), [])));
        Assert.Equal(1f, model.Require("weight", 30).data<float>().ToArray()[29]);
    }

    [Fact]
    public void A_tensor_that_does_not_fit_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFile.Read(new MemoryStream(Written(("weight", ones(3, 2)), ("step", tensor(1L)))), "'m.zip'");

        string Refused(string name, params long[] shape) => Assert.Throws<InvalidDataException>(() => model.Require(name, shape)).Message;
        Assert.Equal("'m.zip' has no tensor 'bias'; the model that it describes needs one of shape (3).", Refused("bias", 3));
        Assert.Equal("Tensor 'weight' of 'm.zip' has the shape (3, 2); the model that it describes needs (2, 3).", Refused("weight", 2, 3));
        Assert.Equal("Tensor 'step' of 'm.zip' is of type Int64; the model that it describes needs Float32.", Refused("step"));
    }

    [Fact]
    public void No_tensor_is_left_after_a_model_is_disposed_or_refused()
    {
        using var weight = ones(30);
        var file = Written(("weight", weight));
        var before = LiveTensors.Count;

        using (ModelFile.Read(new MemoryStream(file))) Assert.Equal(before + 1, LiveTensors.Count);
        Assert.Equal(before, LiveTensors.Count);

        Refused(Repacked(file, [], json => json["weightsSha256"] = "0"));
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void A_file_that_is_no_zip_or_cut_short_is_refused()
    {
        using var weight = ones(30);
        var file = Written(("weight", weight));

        Assert.StartsWith("'m.zip' is no model file, or a damaged one: ", Refused([]));
        Assert.StartsWith("'m.zip' is no model file, or a damaged one: ", Refused(UTF8.GetBytes("age,job,income\n41,clerk,3000\n")));
        for (var length = 0; length < file.Length; length++) Refused(file[..length]);
    }

    [Fact]
    public void An_entry_that_is_missing_or_there_twice_is_named()
    {
        using var weight = ones(30);
        var file = Written(("weight", weight));
        Assert.Equal("'m.zip' is no model file: it has no entry 'model.json'.", Refused(Zip(("other", [1]))));
        Assert.Equal("'m.zip' is no model file: it has no entry 'weights.safetensors'.", Refused(Repacked(file, [], dropped: "weights.safetensors")));
        Assert.Equal("'m.zip' has two entries 'model.json'.", Refused(Repacked(file, [("model.json", "{}"u8.ToArray())])));
    }

    [Theory]
    [InlineData("../../../../tmp/mlgenerative-escaped")]
    [InlineData("/tmp/mlgenerative-escaped")]
    [InlineData("..\\model.json")]
    [InlineData("../model.json")]
    [InlineData("C:\\model.json")]
    public void Entries_that_lead_out_of_the_zip_are_left_alone(string name)
    {
        using var weight = ones(30);
        using var model = ModelFile.Read(new MemoryStream(Repacked(Written(("weight", weight)), [(name, [1, 2, 3])])));
        Assert.Equal(["weight"], model.TensorNames);
        Assert.False(File.Exists("/tmp/mlgenerative-escaped"));
    }

    [Fact]
    public void A_bomb_is_refused_before_it_unfolds()
    {
        using var weight = ones(30);
        var file = Written(("weight", weight));
        var document = Bytes(new ZipArchive(new MemoryStream(file)).GetEntry("model.json")!);
        var zeros = new byte[64 << 20];
        var weightsBomb = Zip(("model.json", document), ("weights.safetensors", zeros));
        var documentBomb = Zip(("model.json", zeros));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Matches(@"^'m\.zip' is no model file: 'weights\.safetensors' would grow from \d+ to 67108864 bytes\.$", Refused(weightsBomb));
        Assert.Equal("The model.json of 'm.zip' has 67108864 bytes; at most 16777216 are read.", Refused(documentBomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("format", "\"onnx\"", "it does not say \"format\": \"mlgenerative-model\"")]
    [InlineData("formatVersion", null, "it has no formatVersion")]
    [InlineData("formatVersion", "1.5", "it has no formatVersion")]
    [InlineData("formatVersion", "2", "it has format version 2, written by Microsoft.ML.Generative *; this library, *, reads version 1")]
    [InlineData("model", null, "it has no text 'model'")]
    [InlineData("model", "7", "it has no text 'model'")]
    [InlineData("options", "[]", "it has no object 'options'")]
    [InlineData("input", null, "it has no object 'input'")]
    [InlineData("fit", "null", "it has no object 'fit'")]
    [InlineData("trainingDataFingerprint", "7", "it has no text 'trainingDataFingerprint'")]
    [InlineData("weightsSha256", null, "it has no text 'weightsSha256'")]
    public void A_document_that_is_not_ours_is_refused(string member, string? value, string message)
    {
        using var weight = ones(30);
        var file = Repacked(Written(("weight", weight)), [], json =>
        {
            if (value is null) json.AsObject().Remove(member);
            else json[member] = JsonNode.Parse(value);
        });
        Assert.Matches("^" + Glob($"The model.json of 'm.zip' cannot be read: {message}.") + "$", Refused(file));
    }

    [Fact]
    public void Weights_of_another_model_are_refused()
    {
        using var scope = NewDisposeScope();
        var other = Bytes(new ZipArchive(new MemoryStream(Written(("weight", zeros(30))))).GetEntry("weights.safetensors")!);
        var file = Repacked(Written(("weight", ones(30))), [("weights.safetensors", other)], dropped: "weights.safetensors");
        Assert.StartsWith("The weights of 'm.zip' are not those that its model.json was written for: SHA-256 ", Refused(file));
    }

    [Fact]
    public void A_flipped_bit_is_found_wherever_it_matters()
    {
        using var weight = arange(16, dtype: ScalarType.Float32);
        var file = Written(("weight", weight));
        var refused = 0;
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var damaged = (byte[])file.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                using var model = ModelFile.Read(new MemoryStream(damaged));
                // times, comments and the like may change; what the model is may not
                Assert.Equal("rows=10", model.Document.TrainingDataFingerprint);
                Assert.Equal(Document.Options.GetRawText(), JsonSerializer.Serialize(model.Document.Options));
                Assert.True(weight.bytes.SequenceEqual(model.Require("weight", 16).bytes), $"bit {bit}");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, file.Length * 8 * 3 / 4, file.Length * 8);
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_the_model_that_was_there()
    {
        using var disk = new SmallDisk();
        using var scope = NewDisposeScope();
        var path = Path.Combine(disk.Path, "model");
        ModelFile.Write(path, Document, [("weight", ones(3))]);

        Assert.ThrowsAny<IOException>(() => ModelFile.Write(path, Document, [("weight", ones(1 << 18))]));

        using var model = ModelFile.Read(path);
        Assert.Equal([1f, 1f, 1f], model.Require("weight", 3).data<float>().ToArray());
        Assert.Equal([path], Directory.GetFileSystemEntries(disk.Path));
    }

    private static byte[] Written(params (string, Tensor)[] tensors)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, Document, tensors);
        return stream.ToArray();
    }

    private static string Refused(byte[] file) => Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream(file), "'m.zip'")).Message;

    private static string Glob(string pattern) => System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", ".*");

    private static byte[] Repacked(byte[] file, (string Name, byte[] Content)[] added, Action<JsonNode>? edit = null, string? dropped = null)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        var entries = zip.Entries.Where(entry => entry.FullName != dropped).Select(entry => (entry.FullName, Content: Bytes(entry))).ToList();
        if (edit is not null)
        {
            var at = entries.FindIndex(entry => entry.FullName == "model.json");
            var json = JsonNode.Parse(entries[at].Content)!;
            edit(json);
            entries[at] = ("model.json", UTF8.GetBytes(json.ToJsonString()));
        }
        return Zip([.. entries, .. added]);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
