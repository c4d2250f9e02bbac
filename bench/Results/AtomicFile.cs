namespace MLGenerative.Bench.Results;

/// <summary>Files that are there whole or not at all: written beside, then renamed.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<TextWriter> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string unfinished = $"{path}.{Environment.ProcessId}.unfinished";
        try
        {
            using (var writer = new StreamWriter(unfinished) { NewLine = "\n" }) write(writer);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
