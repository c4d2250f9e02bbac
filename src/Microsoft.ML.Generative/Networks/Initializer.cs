using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Makes the parameters and buffers of a network where they are to stay. Weights are drawn on the CPU, so that the same seed gives the same
/// weights on every device.</summary>
internal sealed class Initializer(Generator generator, Device device)
{
    public Device Device { get; } = device;

    /// <summary>A parameter drawn uniformly from ±<paramref name="bound"/>.</summary>
    public Parameter Uniform(double bound, params long[] shape) => Place(empty(shape, float32).uniform_(-bound, bound, generator));

    /// <summary>A parameter with one value throughout.</summary>
    public Parameter Constant(double value, params long[] shape) => Place(full(shape, value, float32));

    /// <summary>Standard normal noise that belongs to the network, for estimates that have to come out the same every time.</summary>
    public Tensor Normal(params long[] shape) => empty(shape, float32).normal_(0, 1, generator).to(Device);

    /// <summary>Numbers that belong to the network and are not trained.</summary>
    public Tensor Fixed(float[] values) => tensor(values, device: Device);

    private Parameter Place(Tensor values) => new(values.to(Device));
}

internal static class ModuleParts
{
    /// <summary>Registers a parameter with its module, out of reach of the dispose scope that it was made in.</summary>
    public static Parameter Own(this nn.Module module, string name, Parameter parameter)
    {
        parameter.DetachFromDisposeScope();
        module.register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>Registers a buffer with its module, out of reach of the dispose scope that it was made in.</summary>
    public static Tensor Own(this nn.Module module, string name, Tensor buffer)
    {
        buffer.DetachFromDisposeScope();
        module.register_buffer(name, buffer);
        return buffer;
    }
}
