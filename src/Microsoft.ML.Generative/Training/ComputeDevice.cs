using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The device that the user asked for with <c>MLContext.GpuDeviceId</c>.</summary>
internal static class ComputeDevice
{
    /// <exception cref="InvalidOperationException">The GPU is not there, and <c>MLContext.FallbackToCpu</c> is not set.</exception>
    public static Device Of(MLContext context, ITrainingLog log)
    {
        if (context.GpuDeviceId is not { } id)
        {
            log.Info("Training on the CPU.");
            return CPU;
        }
        int found = cuda.is_available() ? cuda.device_count() : 0;
        if (id >= 0 && id < found)
        {
            log.Info($"Training on GPU {id}.");
            return device(TorchSharp.DeviceType.CUDA, id);
        }
        string missing = $"MLContext.GpuDeviceId is {id}, but {(found == 0 ? "no GPU can be used: there is none, or TorchSharp's CUDA package is not referenced" : $"there are GPUs 0 to {found - 1} only")}";
        if (!context.FallbackToCpu)
            throw new InvalidOperationException($"{missing}. Set GpuDeviceId to null, or FallbackToCpu to true, to train on the CPU.");
        log.Warning($"{missing}. Training on the CPU instead.");
        return CPU;
    }
}
