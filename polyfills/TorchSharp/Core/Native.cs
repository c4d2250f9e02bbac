using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

/// <summary>
/// The functions of libTorchSharpPolyfill (native/*.cpp), by theme in the files Native.*.cs; here how the library is found.
/// </summary>
internal static unsafe partial class Native
{
    private const string Library = "TorchSharpPolyfill";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        ChooseKernels();
        string file = $"lib{Library}.so";
        string beside = Path.Combine(Path.GetDirectoryName(assembly.Location) ?? "", file);
        if (!File.Exists(beside)) beside = Path.Combine(AppContext.BaseDirectory, file);
        try
        {
            return NativeLibrary.Load(beside);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"{beside} or the libtorch that it needs cannot be loaded. On Debian and Ubuntu: apt-get install libtorch-dev. {e.Message}", e);
        }
    }

    /// <summary>
    /// OpenBLAS knows processors by their model number and takes slow kernels for models that are newer than itself. It reads the
    /// C environment once, when it is loaded, which Environment.SetEnvironmentVariable does not reach.
    /// </summary>
    private static void ChooseKernels()
    {
        string kernels = Avx512F.IsSupported && Avx512DQ.IsSupported ? "SKYLAKEX" : Avx2.IsSupported && Fma.IsSupported ? "HASWELL" : null;
        if (kernels == null || !OperatingSystem.IsLinux()) return;
        fixed (byte* variable = "OPENBLAS_CORETYPE\0"u8)
        fixed (byte* value = System.Text.Encoding.ASCII.GetBytes(kernels + "\0"))
            setenv(variable, value, overwrite: 0);
    }

    [DllImport("libc")] private static extern int setenv(byte* name, byte* value, int overwrite);

    /// <summary>Throws what libtorch threw in the last call on this thread.</summary>
    public static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8(ts_error()));

    public static void Check(bool ok)
    {
        if (!ok) Throw();
    }

    [DllImport(Library)] private static extern nint ts_error();
}

/// <summary>A span of integers, pinned by the caller; null where the length is negative.</summary>
internal readonly unsafe struct Ints(long* pointer, long length)
{
    public readonly long* Pointer = pointer;
    public readonly long Length = length;

    public Ints(long* pointer, long[] array) : this(pointer, array == null ? -1 : array.Length) { }
}

/// <summary>A span of tensor handles, pinned by the caller.</summary>
internal readonly unsafe struct Ins(nint* pointer, long length)
{
    public readonly nint* Pointer = pointer;
    public readonly long Length = length;
}

/// <summary>Tensors that the library made; valid until the next call on this thread.</summary>
internal readonly unsafe struct Many
{
    public readonly nint* Pointer;
    public readonly long Length;
}

internal readonly struct Num(long bits, int kind)
{
    public readonly long Bits = bits;
    public readonly int Kind = kind;

    public static readonly Num One = new(1, 0);
    public static Num Null => new(0, -1);
    public static Num Of(double value) => new(BitConverter.DoubleToInt64Bits(value), 1);
    public static Num Of(long value) => new(value, 0);
}

internal readonly struct MaybeInt(long? value)
{
    public readonly long Value = value.GetValueOrDefault();
    public readonly long Present = value.HasValue ? 1 : 0;

    public static implicit operator MaybeInt(long? value) => new(value);
}

/// <summary>Type and place of a new tensor.</summary>
internal readonly struct Kind(torch.ScalarType type, torch.Device device)
{
    public readonly int Type = (int)type;
    public readonly int Device = (int)device.type;
    public readonly int Index = device.type == DeviceType.CUDA ? device.index : -1;
}
