using System.Diagnostics;

namespace Microsoft.ML.Generative.Tests.Persistence;

/// <summary>A file system of 64 KiB, in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk()
    {
        if (Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", Path) != 0) throw new InvalidOperationException("the small disk could not be mounted");
    }

    public static bool IsAvailable { get; } = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() && CanMount();

    public string Path => _folder.Path;

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool CanMount()
    {
        try
        {
            new SmallDisk().Dispose();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that fills a disk; reported as skipped where none may be mounted.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsAvailable) Skip = "needs to mount a small file system: Linux, as root";
    }
}
