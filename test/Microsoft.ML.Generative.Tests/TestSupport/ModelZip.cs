using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.ML.Generative.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests;

/// <summary>Model files as bytes, and ways to tamper with them.</summary>
internal static class ModelZip
{
    public static byte[] Of(MLContext ml, GenerativeTransformer model)
    {
        using var stream = new MemoryStream();
        ml.Generative.Save(model, stream);
        return stream.ToArray();
    }

    public static GenerativeTransformer Load(MLContext ml, byte[] file) => ml.Generative.Load(new MemoryStream(file));

    public static JsonNode Document(byte[] file) => JsonNode.Parse(Entry(file, "model.json"))!;

    public static byte[] Entry(byte[] file, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        using var stream = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The file with another <c>model.json</c> and the weights as they were.</summary>
    public static byte[] With(byte[] file, string document)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("model.json")!.Delete();
            using var entry = new StreamWriter(zip.CreateEntry("model.json").Open());
            entry.Write(document);
        }
        return stream.ToArray();
    }

    /// <summary>The file with other weights, and a <c>model.json</c> that knows their checksum.</summary>
    public static byte[] With(byte[] file, Action<Dictionary<string, Tensor>> edit)
    {
        using var scope = NewDisposeScope();
        byte[] weights = Entry(file, "weights.safetensors");
        var tensors = SafeTensors.Read(new MemoryStream(weights), weights.Length, "the weights").Tensors;
        edit(tensors);
        using var stream = new MemoryStream();
        ModelFile.Write(stream, ModelDocument.Decode(Entry(file, "model.json"), "the file").Document, tensors.Select(t => (t.Key, t.Value)));
        return stream.ToArray();
    }
}
