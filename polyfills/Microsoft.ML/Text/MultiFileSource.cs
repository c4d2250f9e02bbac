using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Files, read one after another.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    /// <param name="paths">The files; several may be joined by +, and the last part of a path may have * and ?.</param>
    public MultiFileSource(params string[] paths)
        => _paths = [.. (paths ?? []).Where(path => path != null).SelectMany(path => Expand(path) is { Length: > 0 } files ? files : [path])];

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <inheritdoc/>
    public string GetPathOrNull(int index) => Path(index);

    /// <inheritdoc/>
    public Stream Open(int index)
    {
        string path = Path(index);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception inner) when (inner is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"Could not open file '{path}'. Error is: {inner.Message}", inner);
        }
    }

    /// <inheritdoc/>
    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    /// <summary>The files that a path stands for; none where there is no such file.</summary>
    internal static string[] Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        return [.. path.Split('+').SelectMany(part =>
        {
            string name = System.IO.Path.GetFileName(part), folder = System.IO.Path.GetDirectoryName(part);
            if (File.Exists(part))
                return [part];
            folder = string.IsNullOrEmpty(folder) ? "." : folder;
            return name.IndexOfAny(['*', '?']) >= 0 && Directory.Exists(folder) ? Directory.GetFiles(folder, name).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        })];
    }

    private string Path(int index)
    {
        Contracts.CheckParam(0 <= index && index < Count, nameof(index));
        return _paths[index];
    }
}
