using System.Runtime.InteropServices;

namespace TorchSharp;

// The short ones, which only look something up, leave the garbage collector out: that is most of what they would cost.
internal static unsafe partial class Native
{
    [DllImport(Library)] public static extern nint ts_version();
    [DllImport(Library)] public static extern void ts_dispose(nint t);
    [DllImport(Library)] public static extern nint ts_alias(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern long ts_dim(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern long ts_numel(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern int ts_dtype(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern long ts_element_size(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_sizes(nint a, long* result);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_strides(nint a, long* result);
    [DllImport(Library), SuppressGCTransition] public static extern long ts_storage_offset(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern int ts_device_type(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern int ts_device_index(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_is_contiguous(nint a);
    [DllImport(Library), SuppressGCTransition] public static extern bool ts_is_sparse(nint a);
    [DllImport(Library)] public static extern void* ts_data(nint a);
    [DllImport(Library)] public static extern bool ts_item(nint a, double* floating, long* integer, int* kind);
    [DllImport(Library)] public static extern nint ts_to(nint a, Kind kind, bool nonBlocking, bool copy);
    [DllImport(Library)] public static extern nint ts_contiguous(nint a);
    [DllImport(Library)] public static extern nint ts_clone(nint a);
    [DllImport(Library)] public static extern nint ts_pin_memory(nint a);
    [DllImport(Library)] public static extern bool ts_is_pinned(nint a);
    [DllImport(Library)] public static extern bool ts_copy_(nint a, nint source, bool nonBlocking);
    [DllImport(Library)] public static extern bool ts_set_(nint a, nint source);
    [DllImport(Library)] public static extern bool ts_equal(nint a, nint b, bool* result);
    [DllImport(Library)] public static extern bool ts_allclose(nint a, nint b, double rtol, double atol, bool equalNan, bool* result);
    [DllImport(Library)] public static extern int ts_promote_types(int a, int b);
    [DllImport(Library)] public static extern int ts_result_type(nint a, nint b);
    [DllImport(Library)] public static extern int ts_get_num_threads();
    [DllImport(Library)] public static extern bool ts_set_num_threads(int n);
    [DllImport(Library)] public static extern int ts_get_num_interop_threads();
    [DllImport(Library)] public static extern bool ts_set_num_interop_threads(int n);
    [DllImport(Library)] public static extern bool ts_cuda_is_available();
    [DllImport(Library)] public static extern bool ts_cuda_cudnn_is_available();
    [DllImport(Library)] public static extern int ts_cuda_device_count();
    [DllImport(Library)] public static extern bool ts_cuda_synchronize(long index);
    [DllImport(Library)] public static extern bool ts_cuda_manual_seed(long seed);
    [DllImport(Library)] public static extern bool ts_cuda_allow_tf32(int set);
    [DllImport(Library)] public static extern bool ts_cudnn_allow_tf32(int set);
}
