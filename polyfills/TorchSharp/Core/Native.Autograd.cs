using System.Runtime.InteropServices;

namespace TorchSharp;

internal static unsafe partial class Native
{
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_requires_grad(nint a);
    [DllImport(Library)] public static extern bool ts_set_requires_grad(nint a, bool value);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_is_leaf(nint a);
    [DllImport(Library)] public static extern bool ts_retain_grad(nint a);
    [DllImport(Library)] public static extern nint ts_detach(nint a);
    [DllImport(Library)] public static extern bool ts_detach_(nint a);
    [DllImport(Library)] public static extern bool ts_grad(nint a, nint* result);
    [DllImport(Library)] public static extern bool ts_set_grad(nint a, nint grad);
    [DllImport(Library)] public static extern bool ts_backward(Ins tensors, Ins grads, bool retain, bool create, Ins inputs);
    [DllImport(Library)] public static extern Many ts_autograd_grad(Ins outputs, Ins inputs, Ins grads, bool retain, bool create,
        bool unused);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_grad_enabled();
    [DllImport(Library), SuppressGCTransition] public static extern void ts_set_grad_enabled(bool enabled);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_inference_enabled();
    [DllImport(Library)] public static extern nint ts_inference_mode(bool enabled);
    [DllImport(Library)] public static extern void ts_inference_mode_end(nint mode);
    [DllImport(Library)] public static extern bool ts_anomaly_enabled();
    [DllImport(Library)] public static extern bool ts_anomaly_check_nan();
    [DllImport(Library)] public static extern void ts_set_anomaly(bool enabled, bool checkNan);
}
