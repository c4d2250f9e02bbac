using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Finds the library and its table of functions; here, what all of them share. The numbers are places in the table, which never change.</summary>
internal static unsafe partial class Native
{
    // The oldest version of the table that has all that is used here: every later library gives it out.
    private const uint ApiVersion = 14;

    private static readonly nint Library = Load();
    private static readonly nint* Api = GetApi();

    private static readonly delegate* unmanaged<nint, int> GetErrorCode = (delegate* unmanaged<nint, int>)Api[1];
    private static readonly delegate* unmanaged<nint, byte*> GetErrorMessage = (delegate* unmanaged<nint, byte*>)Api[2];
    private static readonly delegate* unmanaged<nint, void> ReleaseStatus = (delegate* unmanaged<nint, void>)Api[93];

    public static string Version => Text(((delegate* unmanaged<byte*>)Base()[1])());

    /// <summary>Throws what a status says, if it says anything.</summary>
    public static void Check(nint status)
    {
        if (status == 0) return;
        var error = new OnnxRuntimeException((ErrorCode)GetErrorCode(status), Text(GetErrorMessage(status)));
        ReleaseStatus(status);
        throw error;
    }

    public static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");

    /// <summary>A function that the library exports by name; null if it does not.</summary>
    public static void* Export(string name) => NativeLibrary.TryGetExport(Library, name, out nint address) ? (void*)address : null;

    private static nint Load()
    {
        var assembly = typeof(Native).Assembly;
        string beside = Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so.1");
        if (File.Exists(beside)) return NativeLibrary.Load(beside);
        string built = null;
        foreach (var metadata in assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
            if (metadata.Key == "NativeLibrary") built = metadata.Value;
        if (File.Exists(built)) return NativeLibrary.Load(built);
        throw new DllNotFoundException($"The ONNX Runtime library is neither at {beside} nor at {built}. Build this project again: that fetches it.");
    }

    private static nint* Base() => ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(Library, "OrtGetApiBase"))();

    private static nint* GetApi()
    {
        var api = ((delegate* unmanaged<uint, nint*>)Base()[0])(ApiVersion);
        return api is not null ? api : throw new DllNotFoundException($"This ONNX Runtime library, {Version}, is older than 1.{ApiVersion}.");
    }
}

/// <summary>What an error is about.</summary>
internal enum ErrorCode
{
    Ok = 0,
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
}
