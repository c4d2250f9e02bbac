using System.IO.Compression;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>A text file, packed with gzip or not, in the form that ML.NET's text loader reads.</summary>
internal sealed class TextFile(string path) : IMultiStreamSource
{
    public int Count => 1;

    public string GetPathOrNull(int index) => path;

    public Stream Open(int index)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
