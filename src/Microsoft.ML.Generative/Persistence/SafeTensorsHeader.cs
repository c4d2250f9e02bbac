using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>A tensor of a safetensors file, and where its data lie, counted from the first byte after the header.</summary>
internal sealed record SafeTensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>The header of a safetensors file: a JSON object with a member per tensor, and one of texts named <c>__metadata__</c>.</summary>
/// <param name="Metadata">The texts.</param>
/// <param name="Entries">The tensors in the order of their data, which follow each other without gaps.</param>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafeTensorsEntry> Entries)
{
    /// <summary>Longest header that is read: the limit that the format's own library has.</summary>
    public const long MaximumLength = 100_000_000;

    private const string MetadataName = "__metadata__";
    private const int MaximumRank = 16;

    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].End;

    /// <summary>Lays out the data: wide elements first, so that every tensor is aligned for its type; names in order otherwise.</summary>
    /// <exception cref="ArgumentException">A name is taken twice or reserved, or a type has no place in the format.</exception>
    public static SafeTensorsHeader Layout(
        IReadOnlyDictionary<string, string> metadata, IEnumerable<(string Name, ScalarType Type, long[] Shape)> tensors)
    {
        var entries = new List<SafeTensorsEntry>();
        var names = new HashSet<string>();
        long end = 0;
        foreach (var (name, type, shape) in tensors
            .OrderByDescending(t => SafeTensorsTypes.Size(t.Type)).ThenBy(t => t.Name, StringComparer.Ordinal))
        {
            if (name == MetadataName) throw new ArgumentException($"No tensor may be called '{MetadataName}'.");
            if (!names.Add(name)) throw new ArgumentException($"Two tensors are called '{name}'.");
            if (SafeTensorsTypes.Name(type) is null)
                throw new ArgumentException($"Tensor '{name}' is of type {type}; only {SafeTensorsTypes.All} can be written.");
            var begin = end;
            end = checked(begin + (shape.Aggregate(1L, (product, size) => checked(product * size)) * SafeTensorsTypes.Size(type)));
            entries.Add(new(name, type, shape, begin, end));
        }
        return new(metadata, entries);
    }

    /// <summary>The header as JSON, filled up with spaces to a multiple of eight bytes.</summary>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach (var entry in Entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", SafeTensorsTypes.Name(entry.Type));
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", entry.Begin, entry.End);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        var padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(8)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a header and checks all that it says against the length of the data that follow it.</summary>
    /// <param name="utf8">The header.</param>
    /// <param name="dataLength">Bytes after the header.</param>
    /// <param name="source">What the file is called in errors.</param>
    /// <exception cref="InvalidDataException">It is not a header, or does not fit the data.</exception>
    public static SafeTensorsHeader Decode(ReadOnlyMemory<byte> utf8, long dataLength, string source)
    {
        try
        {
            if (utf8.IsEmpty || utf8.Span[0] != '{') throw new InvalidDataException("it does not begin with '{'");
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>();
            var entries = new List<SafeTensorsEntry>();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.NameEquals(MetadataName)) ReadMetadata(member.Value, metadata);
                else entries.Add(ReadEntry(member.Name, member.Value, dataLength));
            }
            entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            CheckContiguous(entries, dataLength);
            return new(metadata, entries);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or InvalidOperationException)   // the last: text that is not Unicode
        {
            throw new InvalidDataException($"The safetensors header of {source} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{MetadataName} is not an object");
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
                throw new InvalidDataException($"{MetadataName} has a member {Quote(member.Name)} that is not a text");
            metadata.Add(member.Name, member.Value.GetString()!);
        }
    }

    private static SafeTensorsEntry ReadEntry(string name, JsonElement value, long dataLength)
    {
        var tensor = $"tensor {Quote(name)}";
        if (value.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{tensor} is not an object");
        foreach (var member in value.EnumerateObject())
            if (member.Name is not ("dtype" or "shape" or "data_offsets"))
                throw new InvalidDataException($"{tensor} has an unknown member {Quote(member.Name)}");

        if (!value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String)
            throw new InvalidDataException($"{tensor} has no dtype");
        if (SafeTensorsTypes.Parse(dtype.GetString()!) is not { } type)
            throw new InvalidDataException($"{tensor} has the dtype {Quote(dtype.GetString()!)}; only {SafeTensorsTypes.All} can be read");

        var shape = ReadNumbers(value, "shape", tensor);
        if (shape.Length > MaximumRank) throw new InvalidDataException($"{tensor} has {shape.Length} dimensions; at most {MaximumRank} can be read");
        var bytes = ByteLength(shape, SafeTensorsTypes.Size(type), tensor);

        var offsets = ReadNumbers(value, "data_offsets", tensor);
        if (offsets.Length != 2) throw new InvalidDataException($"{tensor} has {offsets.Length} data_offsets instead of 2");
        var (begin, end) = (offsets[0], offsets[1]);
        if (begin > end || end > dataLength)
            throw new InvalidDataException($"{tensor} lies from {begin} to {end}; there are {dataLength} bytes of data");
        if (end - begin != bytes)
            throw new InvalidDataException(
                $"{tensor} of shape ({string.Join(", ", shape)}) and dtype {SafeTensorsTypes.Name(type)} takes {bytes} bytes; it is given {end - begin}");
        return new(name, type, shape, begin, end);
    }

    private static long[] ReadNumbers(JsonElement entry, string name, string tensor)
    {
        if (!entry.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{tensor} has no {name}");
        var numbers = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out numbers[i]) || numbers[i] < 0)
                throw new InvalidDataException($"{tensor} has {Quote(element.GetRawText())} in its {name}; whole numbers from 0 are expected");
            i++;
        }
        return numbers;
    }

    /// <remarks>Libtorch multiplies sizes as if none were 0, so (2^62, 2^62, 0) is refused, too.</remarks>
    private static long ByteLength(long[] shape, int itemSize, string tensor)
    {
        try
        {
            var bytes = shape.Aggregate((long)itemSize, (product, size) => checked(product * Math.Max(size, 1)));
            return shape.Contains(0) ? 0 : bytes;
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"{tensor} of shape ({string.Join(", ", shape)}) is too large");
        }
    }

    private static void CheckContiguous(List<SafeTensorsEntry> entries, long dataLength)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin < end)
                throw new InvalidDataException($"tensor {Quote(entry.Name)} begins at {entry.Begin}, inside the one before it, which ends at {end}");
            if (entry.Begin > end)
                throw new InvalidDataException($"tensor {Quote(entry.Name)} begins at {entry.Begin}; the bytes from {end} belong to none");
            end = entry.End;
        }
        if (end != dataLength) throw new InvalidDataException($"the tensors end at {end}; there are {dataLength} bytes of data");
    }

    // a hostile name may be as long as the file
    private static string Quote(string text) => text.Length <= 80 ? $"'{text}'" : $"'{text[..80]}…'";
}
