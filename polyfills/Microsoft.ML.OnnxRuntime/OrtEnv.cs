using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The environment that all sessions of a process share.</summary>
public sealed unsafe class OrtEnv : SafeHandle
{
    private static readonly Lazy<OrtEnv> Shared = new(() => new OrtEnv());

    private OrtEnv() : base(0, ownsHandle: true)
    {
        nint env;
        fixed (byte* name = Native.Utf8("CSharpOnnxRuntime"))
            Native.Check(Native.CreateEnv((int)OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, name, &env));
        SetHandle(env);
    }

    public static bool IsCreated => Shared.IsValueCreated;

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    public static OrtEnv Instance() => Shared.Value;

    public string GetVersionString() => Native.Version;

    public string[] GetAvailableProviders()
    {
        byte** names;
        int count;
        Native.Check(Native.GetAvailableProviders(&names, &count));
        var result = new string[count];
        for (int i = 0; i < count; i++) result[i] = Native.Text(names[i]);
        Native.Check(Native.ReleaseAvailableProviders(names, count));
        return result;
    }

    // The sessions that are left need it until the process ends.
    protected override bool ReleaseHandle() => true;
}

/// <summary>Where memory is.</summary>
public unsafe class OrtMemoryInfo : SafeHandle
{
    private static readonly Lazy<OrtMemoryInfo> Cpu = new(() => new OrtMemoryInfo());

    private OrtMemoryInfo() : base(0, ownsHandle: true)
    {
        nint info;
        Native.Check(Native.CreateCpuMemoryInfo(0, 0, &info));   // the device's own allocator, default kind of memory
        SetHandle(info);
    }

    public static OrtMemoryInfo DefaultInstance => Cpu.Value;

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        Native.ReleaseMemoryInfo(handle);
        return true;
    }
}

/// <summary>Gives out memory.</summary>
public unsafe class OrtAllocator : SafeHandle
{
    private static readonly Lazy<OrtAllocator> Default = new(() => new OrtAllocator());

    private OrtAllocator() : base(0, ownsHandle: false)
    {
        nint allocator;
        Native.Check(Native.GetAllocatorWithDefaultOptions(&allocator));
        SetHandle(allocator);
    }

    public static OrtAllocator DefaultInstance => Default.Value;

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    protected override bool ReleaseHandle() => true;
}
