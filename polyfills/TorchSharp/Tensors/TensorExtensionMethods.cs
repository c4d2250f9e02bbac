using TorchSharp.Modules;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    public static torch.Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) =>
        rawArray switch
    {
        float[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        double[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        long[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        int[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        short[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        byte[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        sbyte[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        bool[] a => torch.tensor(a, dimensions, requires_grad: requires_grad),
        _ => throw new NotImplementedException($"Creating tensor of type {typeof(T)} is not supported."),
    };

    public static torch.Tensor ToTensor<T>(this T scalar, torch.Device device = null, bool requires_grad = false) where T : struct =>
        scalar switch
    {
        float x => torch.tensor(x, device, requires_grad),
        double x => torch.tensor(x, null, device, requires_grad),
        long x => torch.tensor(x, null, device, requires_grad),
        int x => torch.tensor(x, device, requires_grad),
        short x => torch.tensor(x, device, requires_grad),
        byte x => torch.tensor(x, device, requires_grad),
        sbyte x => torch.tensor(x, device, requires_grad),
        _ => throw new NotImplementedException($"Creating tensor of type {typeof(T)} is not supported."),
    };

    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    public static ReadOnlySpan<int> IntShape(this torch.Tensor tensor) => Array.ConvertAll(tensor.shape, n => checked((int)n));

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, n) => product * n);

    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new NotImplementedException($"{type}"),
    };
}
