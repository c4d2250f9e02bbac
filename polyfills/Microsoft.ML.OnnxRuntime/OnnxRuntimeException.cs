namespace Microsoft.ML.OnnxRuntime;

/// <summary>An error of ONNX Runtime.</summary>
public class OnnxRuntimeException : Exception
{
    internal OnnxRuntimeException(ErrorCode code, string message) : base($"[ErrorCode:{code}] {message}") { }
}
