using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The non-linearity between the layers of a network.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x·sigmoid(x) (Elfwing et al., 2018; Ramachandran et al., 2017).</summary>
    Silu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x for positive x, 0.01·x else (Maas et al., 2013).</summary>
    LeakyRelu,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,
}

internal static class Activations
{
    /// <summary>The same where the input may be overwritten, which is done if no gradient is needed and it is faster.</summary>
    public static Tensor ApplyInPlace(this Activation activation, Tensor x)
    {
        if (!ActivationInPlace.Suits(x)) return activation.Apply(x);
        ActivationInPlace.Apply(activation, x);
        return x;
    }

    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => nn.functional.relu(x),
        Activation.Silu => nn.functional.silu(x),
        Activation.Tanh => x.tanh(),
        Activation.LeakyRelu => nn.functional.leaky_relu(x),
        Activation.Sigmoid => x.sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "no such activation"),
    };
}
