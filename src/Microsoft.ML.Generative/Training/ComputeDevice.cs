using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The device that the user asked for with <c>MLContext.GpuDeviceId</c>.</summary>
internal static class ComputeDevice
{
    /// <param name="activity">What the device is for, as a line in the log begins.</param>
    /// <exception cref="InvalidOperationException">The GPU is not there, and <c>MLContext.FallbackToCpu</c> is not set.</exception>
    public static Device Of(MLContext context, ITrainingLog log, string activity = "Training")
    {
        if (context.GpuDeviceId is not { } id)
        {
            log.Info($"{activity} on the CPU.");
            return CPU;
        }
        int found = cuda.is_available() ? cuda.device_count() : 0;
        if (id >= 0 && id < found)
        {
            log.Info($"{activity} on GPU {id}.");
            return device(TorchSharp.DeviceType.CUDA, id);
        }
        string missing = $"MLContext.GpuDeviceId is {id}, but {(found == 0 ? "no GPU can be used: there is none, or TorchSharp's CUDA package is not referenced" : $"there are GPUs 0 to {found - 1} only")}";
        if (!context.FallbackToCpu)
            throw new InvalidOperationException($"{missing}. Set GpuDeviceId to null, or FallbackToCpu to true, to use the CPU.");
        log.Warning($"{missing}. {activity} on the CPU instead.");
        return CPU;
    }
}
