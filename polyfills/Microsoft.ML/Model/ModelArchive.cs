using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entries of a model file that is being loaded.</summary>
internal sealed class ModelArchive : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    public ModelArchive(Stream stream)
    {
        try
        {
            _zip = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            // ML.NET on Windows writes backslashes
            foreach (var entry in _zip.Entries)
                _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
        catch (InvalidDataException inner)
        {
            throw Contracts.ExceptDecode("Failed to open a zip archive", inner);
        }
    }

    public bool Contains(string path) => _entries.ContainsKey(path);

    public byte[] ReadOrNull(string path)
    {
        if (!_entries.TryGetValue(path, out var entry))
            return null;
        try
        {
            using var content = entry.Open();
            using var memory = new MemoryStream();
            content.CopyTo(memory);
            Contracts.CheckDecode(memory.Length == entry.Length, $"Corrupt model file: entry '{path}' has {memory.Length} of {entry.Length} bytes.");
            return memory.ToArray();
        }
        catch (Exception inner) when (inner is InvalidDataException or IOException)
        {
            throw Contracts.ExceptDecode($"Corrupt model file: entry '{path}' can't be read.", inner);
        }
    }

    public void Dispose() => _zip.Dispose();
}
