using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>How the sessions of all ONNX models of an environment run.</summary>
public sealed class OnnxSessionOptions
{
    /// <summary>How much a session says.</summary>
    public OrtLoggingLevel LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;

    /// <summary>Makes the options of a session.</summary>
    public delegate SessionOptions CreateOnnxSessionOptions();

    /// <summary>If given, makes the options of each session, and the others here are ignored.</summary>
    public CreateOnnxSessionOptions CreateSessionOptions { get; set; }

    /// <summary>Whether allocations are planned from the first run on.</summary>
    public bool EnableMemoryPattern { get; set; } = true;

    /// <summary>Whether memory is kept for later runs.</summary>
    public bool EnableCpuMemArena { get; set; } = true;

    /// <summary>Whether nodes run one after the other.</summary>
    public ExecutionMode ExecutionMode { get; set; } = ExecutionMode.ORT_SEQUENTIAL;

    /// <summary>How much the graph is changed before it runs.</summary>
    public GraphOptimizationLevel GraphOptimizationLevel { get; set; } = GraphOptimizationLevel.ORT_ENABLE_ALL;

    /// <summary>Threads across nodes; 0 for the default.</summary>
    public int InterOpNumThreads { get; set; }

    /// <summary>Threads within a node; 0 for the default.</summary>
    public int IntraOpNumThreads { get; set; }

    /// <summary>What the log calls the session.</summary>
    public string LogId { get; set; } = "";

    /// <summary>How much is said at the most verbose level.</summary>
    public int LogVerbosityLevel { get; set; }

    /// <summary>Where the changed graph is written; empty for nowhere.</summary>
    public string OptimizedModelFilePath { get; set; } = "";

    internal void CopyTo(SessionOptions options)
    {
        options.EnableMemoryPattern = EnableMemoryPattern;
        options.EnableCpuMemArena = EnableCpuMemArena;
        options.ExecutionMode = ExecutionMode;
        options.GraphOptimizationLevel = GraphOptimizationLevel;
        options.InterOpNumThreads = InterOpNumThreads;
        options.IntraOpNumThreads = IntraOpNumThreads;
        options.LogId = LogId;
        options.LogSeverityLevel = LogSeverityLevel;
        options.LogVerbosityLevel = LogVerbosityLevel;
        options.OptimizedModelFilePath = OptimizedModelFilePath;
    }
}

/// <summary>The session options of an environment.</summary>
public static class OnnxSessionOptionsExtensions
{
    private const string OptionName = "OnnxSessionOptions";

    public static OnnxSessionOptions GetOnnxSessionOption(this IHostEnvironment env) =>
        LocalEnvironment.Of(env).Options.GetValueOrDefault(OptionName) as OnnxSessionOptions;

    public static void SetOnnxSessionOption(this IHostEnvironment env, OnnxSessionOptions onnxSessionOptions) =>
        LocalEnvironment.Of(env).Options[OptionName] = onnxSessionOptions;
}
