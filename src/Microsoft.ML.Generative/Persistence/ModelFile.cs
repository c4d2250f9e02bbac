using System.IO.Compression;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>A model as a file: a zip of <c>model.json</c> and <c>weights.safetensors</c>. Other entries are left alone, and nothing is
/// unpacked to the disk.</summary>
internal sealed class ModelFile : IDisposable
{
    /// <summary>Longest <c>model.json</c> that is read.</summary>
    public const long MaximumDocumentLength = 16 << 20;

    private const int Sha256Digits = 64;

    private const string DocumentEntry = "model.json";
    private const string WeightsEntry = "weights.safetensors";

    // We store weights as they are, and floats hardly get shorter when somebody packs them again.
    private const long MaximumRatio = 100;

    // The oldest time that a zip can hold: the same model makes the same bytes.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Tensor> _tensors;

    private ModelFile(string source, ModelDocument document, Dictionary<string, Tensor> tensors)
    {
        Source = source;
        Document = document;
        _tensors = tensors;
    }

    public ModelDocument Document { get; }

    /// <summary>What the file is called in errors.</summary>
    public string Source { get; }

    /// <summary>How many numbers its tensors hold.</summary>
    public long Numbers => _tensors.Values.Sum(t => t.numel());

    public IReadOnlyCollection<string> TensorNames => _tensors.Keys;

    /// <summary>Writes a model to a file; if that fails, the one that was there stays.</summary>
    public static void Write(string path, ModelDocument document, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, document, tensors));

    /// <summary>Writes a model to a stream, which stays open.</summary>
    public static void Write(Stream stream, ModelDocument document, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        int documentLength = document.Encode("").Length + Sha256Digits;
        if (documentLength > MaximumDocumentLength)
            throw new NotSupportedException($"The model cannot be written: its {DocumentEntry} would have {documentLength} bytes, and at most {MaximumDocumentLength} are read. "
                                            + "Columns with fewer or shorter slot names, labels and key values make it shorter.");
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        string sha256;
        using (var entry = Create(zip, WeightsEntry, CompressionLevel.NoCompression))
        using (var weights = new ChecksumStream(entry))
        {
            SafeTensors.Write(weights, new Dictionary<string, string>(), tensors);
            sha256 = weights.Sha256;
        }
        using (var entry = Create(zip, DocumentEntry, CompressionLevel.Optimal)) entry.Write(document.Encode(sha256));
    }

    /// <summary>Reads a model from a file.</summary>
    /// <exception cref="InvalidDataException">It is not a model file of this version, is cut short or damaged; the message says what is wrong.</exception>
    public static ModelFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, $"'{path}'");
    }

    /// <summary>Reads a model from a stream that can seek, which stays open.</summary>
    /// <exception cref="InvalidDataException">It is not a model file of this version, is cut short or damaged; the message says what is wrong.</exception>
    public static ModelFile Read(Stream stream, string source = "the stream")
    {
        if (!stream.CanSeek) throw new ArgumentException("A model is read from a stream that can seek: copy it to a file or to memory first.", nameof(stream));
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var (document, sha256) = ReadDocument(zip, source);
            return new(source, document, ReadWeights(zip, sha256, source));
        }
        catch (InvalidDataException e) when (!e.Message.Contains(source))
        {
            throw new InvalidDataException($"{source} is no model file, or a damaged one: {e.Message}", e);
        }
    }

    /// <summary>The tensor of a name, which lives until this is disposed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have.</param>
    /// <exception cref="InvalidDataException">There is none, or it does not have that shape, or not 32-bit floats.</exception>
    public Tensor Require(string name, params long[] shape)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new InvalidDataException($"{Source} has no tensor '{name}'; the model that it describes needs one of shape {ShapeText(shape)}.");
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new InvalidDataException($"Tensor '{name}' of {Source} has the shape {ShapeText(tensor.shape)}; the model that it describes needs {ShapeText(shape)}.");
        if (tensor.dtype != ScalarType.Float32)
            throw new InvalidDataException($"Tensor '{name}' of {Source} is of type {tensor.dtype}; the model that it describes needs Float32.");
        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
        _tensors.Clear();
    }

    private static string ShapeText(long[] shape) => $"({string.Join(", ", shape)})";

    private static Stream Create(ZipArchive zip, string name, CompressionLevel compression)
    {
        var entry = zip.CreateEntry(name, compression);
        entry.LastWriteTime = EntryTime;
        return entry.Open();
    }

    private static (ModelDocument Document, string WeightsSha256) ReadDocument(ZipArchive zip, string source)
    {
        var entry = Find(zip, DocumentEntry, source);
        if (entry.Length > MaximumDocumentLength)
            throw new InvalidDataException($"The {DocumentEntry} of {source} has {entry.Length} bytes; at most {MaximumDocumentLength} are read.");
        return ModelDocument.Decode(ReadVerified(entry, source, stream => ReadBytes(stream, entry.Length)), source);
    }

    private static Dictionary<string, Tensor> ReadWeights(ZipArchive zip, string sha256, string source)
    {
        var entry = Find(zip, WeightsEntry, source);
        if (entry.Length / MaximumRatio > entry.CompressedLength)
            throw new InvalidDataException($"{source} is no model file: '{WeightsEntry}' would grow from {entry.CompressedLength} to {entry.Length} bytes.");
        var name = $"'{WeightsEntry}' of {source}";
        using var scope = NewDisposeScope();
        var (tensors, actual) = ReadVerified(entry, source, stream => (SafeTensors.Read(stream, entry.Length, name).Tensors, stream.Sha256));
        if (actual != sha256)
            throw new InvalidDataException($"The weights of {source} are not those that its {DocumentEntry} was written for: SHA-256 {actual} instead of '{sha256}'.");
        foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    // The memory grows with what is there, not with what the entry claims.
    private static byte[] ReadBytes(Stream stream, long maximum)
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[4096];
        for (int read; bytes.Length <= maximum && (read = stream.Read(chunk)) > 0;) bytes.Write(chunk.AsSpan(0, read));
        return bytes.ToArray();
    }

    private static ZipArchiveEntry Find(ZipArchive zip, string name, string source)
    {
        ZipArchiveEntry? found = null;
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName != name) continue;
            if (found is not null) throw new InvalidDataException($"{source} has two entries '{name}'.");
            found = entry;
        }
        if (found is null) throw new InvalidDataException($"{source} is no model file: it has no entry '{name}'.");
        if (found.Length < 0 || found.CompressedLength < 0)
            throw new InvalidDataException($"{source} is damaged: its entry '{name}' has a length of {found.Length}, packed {found.CompressedLength}.");
        return found;
    }

    private static T ReadVerified<T>(ZipArchiveEntry entry, string source, Func<ChecksumStream, T> read)
    {
        try
        {
            using var inner = entry.Open();
            using var stream = new ChecksumStream(inner);
            var result = read(stream);
            if (stream.Position != entry.Length || inner.ReadByte() >= 0)
                throw new InvalidDataException($"'{entry.FullName}' of {source} does not have the {entry.Length} bytes that it should have.");
            if (stream.Crc32 != entry.Crc32) throw new InvalidDataException($"'{entry.FullName}' of {source} is damaged: its checksum is wrong.");
            return result;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"'{entry.FullName}' of {source} is cut short: it ends before its {entry.Length} bytes.", e);
        }
    }
}
