namespace Microsoft.ML.Generative.Persistence;

/// <summary>Writes files so that a reader finds either the old content or the whole new one, whatever goes wrong on the way.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a new file beside <paramref name="path"/>, flushes it to the disk, and renames it. If anything fails, the new file is
    /// removed and the one that was there is as it was.</summary>
    /// <param name="path">File to make or to replace, in a folder that is there. A link is followed.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Target(path);
        var temporary = TemporaryName(target);
        try
        {
            using (var stream = new FileStream(temporary, Options(target)))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.EndsInDirectorySeparator(full) || Directory.Exists(full))
            throw new IOException($"'{path}' is a folder; the path of a file is needed.");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{path}' cannot be written: there is no folder '{folder}'.");
        var file = new FileInfo(full);
        return file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static string TemporaryName(string target)
    {
        var name = Path.GetFileName(target);
        if (name.Length > 40) name = name[..40];   // a file name has 255 bytes at most, and some are long already
        return Path.Combine(Path.GetDirectoryName(target)!, $".{name}.{Guid.NewGuid():N}.tmp");
    }

    private static FileStreamOptions Options(string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows() && File.Exists(target)) options.UnixCreateMode = File.GetUnixFileMode(target);
        return options;
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what made the write fail is the error to report
        }
    }
}
