using System.Diagnostics;

namespace MLGenerative.Programs.Tests.Bench;

/// <summary>A folder of data sets and a run of the benchmark program over them, as a process of its own.</summary>
public sealed class BenchRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bench");

    public string Data => _folder.CreateSubdirectory("data").FullName;

    public string Out => Path.Combine(_folder.FullName, "out");

    public string Errors { get; private set; } = "";

    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a verb with <c>--data</c> and <c>--out</c>.</summary>
    /// <returns>The exit status.</returns>
    public int Run(params string[] args) => RunAsGiven([.. args, "--data", Data, "--out", Out]);

    /// <summary>Runs a verb with these arguments alone.</summary>
    /// <returns>The exit status.</returns>
    public int RunAsGiven(params string[] args)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "MLGenerative.Bench.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. args]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        Errors = process.StandardError.ReadToEnd();
        output.Wait();
        process.WaitForExit();
        return process.ExitCode;
    }

    public void WriteData(string name, string content) => File.WriteAllText(Path.Combine(Data, name), content);

    /// <summary>Rows of a comma-separated result without its header, which must be the one given.</summary>
    public string[][] ReadOut(string name, string header)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Out, name));
        Assert.Equal(header, lines[0]);
        return [.. lines.Skip(1).Select(l => l.Split(','))];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
