using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>Moves a buffer of weights along its gradient: the state and the rule of an optimizer.</summary>
internal abstract class WeightUpdate : IDisposable
{
    /// <summary>Named tensors that make up its state, for checkpoints.</summary>
    public abstract IReadOnlyList<(string Name, Tensor Tensor)> State { get; }

    /// <param name="learningRate">Of this step.</param>
    /// <param name="step">Steps done before this one.</param>
    public abstract void Step(double learningRate, long step);

    /// <param name="momentum">Of <see cref="Optimizer.Sgd"/>.</param>
    /// <param name="beta1">Of <see cref="Optimizer.AdamW"/>.</param>
    public static WeightUpdate Create(Optimizer optimizer, ParameterBuffer weights, double weightDecay, double momentum, double beta1 = 0.9) => optimizer switch
    {
        Optimizer.AdamW => new AdamW(weights, weightDecay, beta1),
        Optimizer.RmsProp => new RmsProp(weights, weightDecay),
        Optimizer.Sgd when momentum == 0 => new Descent(weights, weightDecay),
        Optimizer.Sgd => new MomentumDescent(weights, weightDecay, momentum),
        _ => throw new ArgumentOutOfRangeException(nameof(optimizer), optimizer, "no such optimizer"),
    };

    public void Dispose()
    {
        foreach (var (_, state) in State) state.Dispose();
    }

    // decoupled from the gradient, matrices only
    private protected static void Decay(ParameterBuffer weights, double amount)
    {
        if (amount > 0) weights.Matrices.mul_(1 - amount);
    }

    private protected static Tensor Zeros(ParameterBuffer weights) => zeros_like(weights.Values).DetachFromDisposeScope();
}

/// <summary>Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019), β₂ = 0.99, ε = 1e-8.</summary>
internal sealed class AdamW(ParameterBuffer weights, double weightDecay, double beta1) : WeightUpdate
{
    private const double Beta2 = 0.99, Epsilon = 1e-8;

    private readonly Tensor _mean = Zeros(weights);
    private readonly Tensor _square = Zeros(weights);
    private readonly Tensor _towardsGradient = tensor((float)(1 - beta1), device: weights.Values.device).DetachFromDisposeScope();

    public override IReadOnlyList<(string Name, Tensor Tensor)> State =>
        [("adam.mean", _mean), ("adam.square", _square), ("adam.weight", _towardsGradient)];

    public override void Step(double learningRate, long step)
    {
        Decay(weights, learningRate * weightDecay);
        _mean.lerp_(weights.Gradients, _towardsGradient);
        _square.mul_(Beta2).addcmul_(weights.Gradients, weights.Gradients, 1 - Beta2);
        // the bias corrections go into the step and into ε, which leaves the buffers alone
        double correction1 = 1 - Math.Pow(beta1, step + 1), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, step + 1));
        using var root = _square.sqrt();
        root.add_(Epsilon * correction2);
        weights.Values.addcdiv_(_mean, root, -learningRate * correction2 / correction1);
    }
}

/// <summary>RMSProp (Hinton, 2012), decay 0.99, ε = 1e-8.</summary>
internal sealed class RmsProp(ParameterBuffer weights, double weightDecay) : WeightUpdate
{
    private const double Smoothing = 0.99, Epsilon = 1e-8;

    private readonly Tensor _square = Zeros(weights);

    public override IReadOnlyList<(string Name, Tensor Tensor)> State => [("rmsprop.square", _square)];

    public override void Step(double learningRate, long step)
    {
        Decay(weights, learningRate * weightDecay);
        _square.mul_(Smoothing).addcmul_(weights.Gradients, weights.Gradients, 1 - Smoothing);
        using var root = _square.sqrt();
        weights.Values.addcdiv_(weights.Gradients, root.add_(Epsilon), -learningRate);
    }
}

/// <summary>Gradient descent with heavy-ball momentum.</summary>
internal sealed class MomentumDescent(ParameterBuffer weights, double weightDecay, double momentum) : WeightUpdate
{
    private readonly Tensor _velocity = Zeros(weights);

    public override IReadOnlyList<(string Name, Tensor Tensor)> State => [("sgd.velocity", _velocity)];

    public override void Step(double learningRate, long step)
    {
        Decay(weights, learningRate * weightDecay);
        _velocity.mul_(momentum).add_(weights.Gradients);
        weights.Values.add_(_velocity, -learningRate);
    }
}

/// <summary>Gradient descent as it is.</summary>
internal sealed class Descent(ParameterBuffer weights, double weightDecay) : WeightUpdate
{
    // of more, libtorch's threads are worth a second pass over the weights
    private const long MostInOnePass = 1 << 20;

    public override IReadOnlyList<(string Name, Tensor Tensor)> State => [];

    public override void Step(double learningRate, long step)
    {
        if (weights.Values.device_type == TorchSharp.DeviceType.CPU && weights.Values.numel() <= MostInOnePass)
        {
            Span<float> values = Floats(weights.Values), gradients = Floats(weights.Gradients);
            int matrices = (int)weights.Matrices.numel();
            Move(values[..matrices], gradients[..matrices], (float)(1 - learningRate * weightDecay), (float)-learningRate);
            Move(values[matrices..], gradients[matrices..], 1, (float)-learningRate);
            return;
        }
        Decay(weights, learningRate * weightDecay);
        weights.Values.add_(weights.Gradients, -learningRate);
    }

    private static void Move(Span<float> values, ReadOnlySpan<float> gradients, float keep, float factor)
    {
        var wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        var along = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        for (int i = 0; i < wide.Length; i++) wide[i] = wide[i] * keep + along[i] * factor;
        for (int i = wide.Length * Vector<float>.Count; i < values.Length; i++) values[i] = values[i] * keep + gradients[i] * factor;
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
