using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>How a session runs its graph.</summary>
public unsafe class SessionOptions : SafeHandle
{
    private ExecutionMode _executionMode = ExecutionMode.ORT_SEQUENTIAL;
    private GraphOptimizationLevel _graphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
    private OrtLoggingLevel _logSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;
    private bool _enableCpuMemArena = true;
    private bool _enableMemoryPattern = true;
    private int _interOpNumThreads;
    private int _intraOpNumThreads;
    private int _logVerbosityLevel;
    private string _logId = "";
    private string _optimizedModelFilePath = "";

    public SessionOptions() : base(0, ownsHandle: true)
    {
        nint options;
        Native.Check(Native.CreateSessionOptions(&options));
        SetHandle(options);
    }

    public ExecutionMode ExecutionMode
    {
        get => _executionMode;
        set { Native.Check(Native.SetSessionExecutionMode(handle, (int)value)); _executionMode = value; }
    }

    public GraphOptimizationLevel GraphOptimizationLevel
    {
        get => _graphOptimizationLevel;
        set { Native.Check(Native.SetSessionGraphOptimizationLevel(handle, (int)value)); _graphOptimizationLevel = value; }
    }

    public OrtLoggingLevel LogSeverityLevel
    {
        get => _logSeverityLevel;
        set { Native.Check(Native.SetSessionLogSeverityLevel(handle, (int)value)); _logSeverityLevel = value; }
    }

    public bool EnableCpuMemArena
    {
        get => _enableCpuMemArena;
        set { Native.Check(value ? Native.EnableCpuMemArena(handle) : Native.DisableCpuMemArena(handle)); _enableCpuMemArena = value; }
    }

    public bool EnableMemoryPattern
    {
        get => _enableMemoryPattern;
        set { Native.Check(value ? Native.EnableMemPattern(handle) : Native.DisableMemPattern(handle)); _enableMemoryPattern = value; }
    }

    public int InterOpNumThreads
    {
        get => _interOpNumThreads;
        set { Native.Check(Native.SetInterOpNumThreads(handle, value)); _interOpNumThreads = value; }
    }

    public int IntraOpNumThreads
    {
        get => _intraOpNumThreads;
        set { Native.Check(Native.SetIntraOpNumThreads(handle, value)); _intraOpNumThreads = value; }
    }

    public int LogVerbosityLevel
    {
        get => _logVerbosityLevel;
        set { Native.Check(Native.SetSessionLogVerbosityLevel(handle, value)); _logVerbosityLevel = value; }
    }

    public string LogId
    {
        get => _logId;
        set
        {
            fixed (byte* id = Native.Utf8(value)) Native.Check(Native.SetSessionLogId(handle, id));
            _logId = value;
        }
    }

    public string OptimizedModelFilePath
    {
        get => _optimizedModelFilePath;
        set
        {
            if (value == _optimizedModelFilePath) return;   // an empty path would be written to
            fixed (byte* path = Native.Utf8(value)) Native.Check(Native.SetOptimizedModelFilePath(handle, path));
            _optimizedModelFilePath = value;
        }
    }

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    public static SessionOptions MakeSessionOptionWithCudaProvider(int deviceId = 0)
    {
        var options = new SessionOptions();
        try
        {
            options.AppendExecutionProvider_CUDA(deviceId);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    public void AddSessionConfigEntry(string configKey, string configValue)
    {
        fixed (byte* key = Native.Utf8(configKey))
        fixed (byte* value = Native.Utf8(configValue))
            Native.Check(Native.AddSessionConfigEntry(handle, key, value));
    }

    public void AppendExecutionProvider_CUDA(int deviceId = 0)
    {
        const string Function = "OrtSessionOptionsAppendExecutionProvider_CUDA";
        var append = (delegate* unmanaged<nint, int, nint>)Native.Export(Function);
        if (append is null) throw new EntryPointNotFoundException($"This ONNX Runtime library has no {Function}: it is not the one for CUDA.");
        Native.Check(append(handle, deviceId));
    }

    protected override bool ReleaseHandle()
    {
        Native.ReleaseSessionOptions(handle);
        return true;
    }
}

/// <summary>Options of one run, through which it can be stopped.</summary>
public unsafe class RunOptions : SafeHandle
{
    private bool _terminate;

    public RunOptions() : base(0, ownsHandle: true)
    {
        nint options;
        Native.Check(Native.CreateRunOptions(&options));
        SetHandle(options);
    }

    public bool Terminate
    {
        get => _terminate;
        set { Native.Check(value ? Native.RunOptionsSetTerminate(handle) : Native.RunOptionsUnsetTerminate(handle)); _terminate = value; }
    }

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        Native.ReleaseRunOptions(handle);
        return true;
    }
}
