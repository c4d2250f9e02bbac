using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Makes the parameters and buffers of a network where they are to stay: all of them, so that a model file which describes a network far larger
/// than its own weights is refused before the memory is taken. Weights are drawn on the CPU, so that the same seed gives the same weights on every device.</summary>
internal sealed class Initializer
{
    private readonly Generator? _generator;
    private readonly List<Tensor>? _made;
    private readonly long _mostNumbers = long.MaxValue, _mostTensors = long.MaxValue;
    private Int128 _numbers;

    /// <param name="generator">Where the weights of a new network come from.</param>
    public Initializer(Generator generator, Device device)
    {
        _generator = generator;
        Device = device;
    }

    private Initializer(Device device, long mostNumbers, long mostTensors)
    {
        Device = device;
        _made = [];
        _mostNumbers = mostNumbers;
        _mostTensors = mostTensors;
    }

    public Device Device { get; }

    /// <summary>For a network whose numbers are copied into it: nothing is drawn.</summary>
    /// <param name="mostNumbers">Numbers that it may have; one that takes more is an <see cref="InvalidDataException"/>, before the memory is taken.</param>
    /// <param name="mostTensors">Tensors that it may have; the same.</param>
    public static Initializer Blank(Device device, long mostNumbers, long mostTensors) => new(device, mostNumbers, mostTensors);

    /// <summary>A parameter drawn uniformly from ±<paramref name="bound"/>.</summary>
    public Parameter Uniform(double bound, params long[] shape)
    {
        Reserve(shape);
        return Place(_generator is null ? zeros(shape, float32) : empty(shape, float32).uniform_(-bound, bound, _generator));
    }

    /// <summary>A parameter with one value throughout.</summary>
    public Parameter Constant(double value, params long[] shape)
    {
        Reserve(shape);
        return Place(full(shape, value, float32));
    }

    /// <summary>Standard normal noise that belongs to the network, for estimates that have to come out the same every time.</summary>
    public Tensor Normal(params long[] shape)
    {
        Reserve(shape);
        return Made((_generator is null ? zeros(shape, float32) : empty(shape, float32).normal_(0, 1, _generator)).to(Device));
    }

    /// <summary>Numbers that belong to the network and are not trained.</summary>
    public Tensor Fixed(float[] values, params long[] shape)
    {
        Reserve(values.Length);
        return Made(tensor(values, device: Device).view(shape.Length == 0 ? [values.Length] : shape));
    }

    /// <summary>Takes care of numbers that follow from what the network is built for, and so are no part of its state: who asks for them keeps and disposes them.</summary>
    public Tensor Derived(Tensor values) => Made(values).DetachFromDisposeScope();

    /// <summary>Places in a row: derived, too.</summary>
    public Tensor Indices(IEnumerable<int> indices) => Derived(tensor(indices.Select(i => (long)i).ToArray(), device: Device));

    /// <summary>A parameter with values to start from.</summary>
    public Parameter StartingFrom(float[] values)
    {
        Reserve(values.Length);
        return Place(tensor(values));
    }

    /// <summary>Zeros that belong to the network, to be replaced by what it learns in other ways than by its loss.</summary>
    public Tensor Zeros(params long[] shape)
    {
        Reserve(shape);
        return Made(zeros(shape, float32, Device));
    }

    /// <summary>An identity matrix that belongs to the network, to be replaced likewise.</summary>
    public Tensor Identity(long size)
    {
        Reserve(size, size);
        return Made(eye(size, dtype: float32, device: Device));
    }

    /// <summary>Gives back what a blank network took that could not be made to its end.</summary>
    public void Discard()
    {
        foreach (var tensor in _made ?? []) tensor.Dispose();
    }

    private void Reserve(params ReadOnlySpan<long> shape)
    {
        Int128 numbers = 1;
        foreach (long size in shape) numbers *= size;
        _numbers += numbers;
        if (_numbers > _mostNumbers || _made?.Count >= _mostTensors)
            throw new InvalidDataException("the network that it describes is far larger than its weights");
    }

    private Parameter Place(Tensor values) => Made(new Parameter(values.to(Device)));

    private TTensor Made<TTensor>(TTensor tensor) where TTensor : Tensor
    {
        _made?.Add(tensor);
        return tensor;
    }
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
