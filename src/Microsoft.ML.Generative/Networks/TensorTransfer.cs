using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Moves whole batches between managed memory and tensors, with one copy.</summary>
internal static class TensorTransfer
{
    /// <returns>(rows, width) on the device.</returns>
    public static Tensor ToTensor(ReadOnlySpan<float> values, long rows, int width, Device device)
    {
        var result = empty(rows, width, float32);
        MemoryMarshal.AsBytes(values[..checked((int)(rows * width))]).CopyTo(result.bytes);
        return device.type == TorchSharp.DeviceType.CPU ? result : result.to(device, disposeAfter: true);
    }

    /// <summary>Copies all numbers of a tensor, row by row.</summary>
    public static void CopyTo(this Tensor source, Span<float> destination)
    {
        using var onCpu = source.device_type == TorchSharp.DeviceType.CPU ? source.contiguous() : source.cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(onCpu.bytes).CopyTo(destination);
    }

    public static float[] ToFloats(this Tensor source)
    {
        var result = new float[source.numel()];
        source.CopyTo(result);
        return result;
    }
}
