using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>Named tensors and texts in the safetensors format: the length of the header in eight little-endian bytes, the header, the data.
/// A tensor goes between the stream and libtorch's memory without a managed copy.</summary>
internal static class SafeTensors
{
    // Elements that are copied at once: a span has fewer than 2^31 bytes, and an element has 8 at most.
    private const long ChunkElements = 1 << 27;

    /// <summary>Writes tensors (of any device, contiguous or not) and texts.</summary>
    /// <exception cref="ArgumentException">A name is taken twice or reserved, or a type has no place in the format.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var all = tensors.ToList();
        var header = SafeTensorsHeader.Layout(metadata, all.Select(t => (t.Name, t.Tensor.dtype, t.Tensor.shape)));
        var json = header.Encode();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        stream.Write(length);
        stream.Write(json);
        var byName = all.ToDictionary(t => t.Name, t => t.Tensor);
        foreach (var entry in header.Entries) WriteData(stream, byName[entry.Name]);
    }

    /// <summary>Reads a whole file. Nothing is allocated for tensors before the header has been checked.</summary>
    /// <param name="stream">Stands at the first byte.</param>
    /// <param name="length">Bytes that the file has.</param>
    /// <param name="source">What it is called in errors.</param>
    /// <param name="check">Sees the texts before any tensor is allocated, and throws if they are not those of the right kind of file.</param>
    /// <returns>The texts and the tensors, on the CPU, which the caller owns.</returns>
    /// <exception cref="InvalidDataException">It is not such a file, is cut short or damaged; the message says what is wrong.</exception>
    public static (IReadOnlyDictionary<string, string> Metadata, Dictionary<string, Tensor> Tensors) Read(
        Stream stream, long length, string source, Action<IReadOnlyDictionary<string, string>>? check = null)
    {
        try
        {
            var header = ReadHeader(stream, length, source);
            check?.Invoke(header.Metadata);
            using var scope = NewDisposeScope();
            var tensors = new Dictionary<string, Tensor>();
            foreach (var entry in header.Entries) tensors.Add(entry.Name, ReadData(stream, entry, source));
            foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
            return (header.Metadata, tensors);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{source} is cut short: it ends before its {length} bytes.", e);
        }
    }

    private static SafeTensorsHeader ReadHeader(Stream stream, long length, string source)
    {
        if (length < 8) throw new InvalidDataException($"{source} is no safetensors file: it has {length} bytes, fewer than the 8 of the header's length.");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafeTensorsHeader.MaximumLength)
            throw new InvalidDataException(
                $"{source} is no safetensors file: its header would have {headerLength} bytes, and at most {SafeTensorsHeader.MaximumLength} are read.");
        if ((long)headerLength > length - 8)
            throw new InvalidDataException($"{source} is cut short: its header has {headerLength} bytes, and {length - 8} are left.");
        var json = new byte[headerLength];
        stream.ReadExactly(json);
        return SafeTensorsHeader.Decode(json, length - 8 - json.Length, source);
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        foreach (var chunk in Chunks(flat)) stream.Write(chunk.bytes);
    }

    private static Tensor ReadData(Stream stream, SafeTensorsEntry entry, string source)
    {
        var tensor = empty(entry.Shape, entry.Type);
        using var scope = NewDisposeScope();
        foreach (var chunk in Chunks(tensor.view(-1)))
        {
            var bytes = chunk.bytes;
            stream.ReadExactly(bytes);
            if (entry.Type == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw new InvalidDataException($"Tensor '{entry.Name}' of {source} is BOOL and has bytes other than 0 and 1.");
        }
        return tensor;
    }

    private static IEnumerable<Tensor> Chunks(Tensor flat)
    {
        var count = flat.shape[0];
        if (count <= ChunkElements)
        {
            if (count > 0) yield return flat;
            yield break;
        }
        for (long start = 0; start < count; start += ChunkElements)
            yield return flat.narrow(0, start, Math.Min(ChunkElements, count - start));
    }
}
