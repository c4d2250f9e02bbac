using System.Text;

namespace Csv;

/// <summary>Writes files beside their place and renames them once all are whole, so that no part of one is left behind.</summary>
public sealed class CsvOutput : IDisposable
{
    private readonly List<(string Temporary, string Path)> _files = [];

    /// <summary>Says no to a path that can't be written, before any work is done for it.</summary>
    /// <exception cref="CsvFault">It is the input, a folder, or in a folder that is not there.</exception>
    public static void Check(string path, string input)
    {
        if (Real(path) == Real(input)) throw new CsvFault($"{path} is the input; the output must be another file.");
        if (Directory.Exists(path)) throw new CsvFault($"{path} is a folder; the path of a file is needed.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new CsvFault($"There is no folder {folder} to write to.");
    }

    /// <summary>Writes a file that will be there, or replaced, after <see cref="Commit"/>.</summary>
    public void Add(string path, Action<TextWriter> write, bool byteOrderMark = false)
    {
        string target = Real(path), temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Guid.NewGuid():N}.tmp");
        _files.Add((temporary, target));
        using var writer = new StreamWriter(temporary, false, new UTF8Encoding(byteOrderMark));
        write(writer);
    }

    public void Commit()
    {
        foreach (var (temporary, path) in _files) File.Move(temporary, path, overwrite: true);
        _files.Clear();
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        foreach (var (temporary, _) in _files) File.Delete(temporary);
    }

    private static string Real(string path)
    {
        var file = new FileInfo(Path.GetFullPath(path));
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }
}
