using System.Diagnostics;

namespace MLGenerative.Programs.Tests;

/// <summary>What a program said, run as a process of its own.</summary>
internal sealed record ProgramRun(int Status, string[] Output, string[] Errors)
{
    public static ProgramRun Of(string folder, string program, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, program), .. args])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        string said = output.GetAwaiter().GetResult();
        process.WaitForExit();
        return new(process.ExitCode, Lines(said), Lines(errors));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
