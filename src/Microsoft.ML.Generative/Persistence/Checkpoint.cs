using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>The state of a training that is under way: texts and tensors in one safetensors file, replaced as a whole.</summary>
internal static class Checkpoint
{
    private const string VersionKey = "mlgenerative.checkpoint";
    private const string Version = "1";

    /// <summary>Writes a checkpoint; if that fails, the one that was there stays.</summary>
    /// <exception cref="ArgumentException">A name is taken twice or reserved.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, string> state, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        if (state.ContainsKey(VersionKey)) throw new ArgumentException($"'{VersionKey}' is reserved for the version of the format.");
        var metadata = new Dictionary<string, string>(state) { [VersionKey] = Version };
        AtomicFile.Write(path, stream => SafeTensors.Write(stream, metadata, tensors));
    }

    /// <summary>Reads a checkpoint back; the tensors are on the CPU, and the caller owns them.</summary>
    /// <exception cref="InvalidDataException">The file is not a checkpoint of this version, is cut short or damaged.</exception>
    public static (IReadOnlyDictionary<string, string> State, Dictionary<string, Tensor> Tensors) Read(string path)
    {
        using var stream = File.OpenRead(path);
        var (metadata, tensors) = SafeTensors.Read(stream, stream.Length, $"'{path}'", texts => CheckVersion(texts, path));
        var state = new Dictionary<string, string>(metadata);
        state.Remove(VersionKey);
        return (state, tensors);
    }

    private static void CheckVersion(IReadOnlyDictionary<string, string> texts, string path)
    {
        if (!texts.TryGetValue(VersionKey, out var version))
        {
            throw new InvalidDataException(
                $"'{path}' is a safetensors file but no checkpoint of a training. Delete it, or give another path for the checkpoint.");
        }
        if (version != Version)
        {
            throw new InvalidDataException(
                $"'{path}' is a checkpoint of format version '{version}'; this library reads version {Version}. Delete it to train from the start.");
        }
    }
}
