using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The distribution that a flow turns rows into.</summary>
internal abstract class FlowBase(string name) : nn.Module(name)
{
    /// <summary>Width of the standard normal noise that <see cref="FromNoise(Tensor, Tensor?)"/> takes.</summary>
    public abstract int NoiseWidth { get; }

    /// <param name="z">(batch, features)</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <param name="step">Null outside of training.</param>
    /// <returns>(batch,), nats</returns>
    public abstract Tensor LogDensity(Tensor z, Tensor? condition, TrainingStep? step);

    /// <summary>What the code of a row says of z.</summary>
    /// <param name="z">(batch, features)</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <returns>(batch, features)</returns>
    public abstract Tensor Encode(Tensor z, Tensor? condition);

    /// <summary>Draws, made of noise.</summary>
    /// <param name="noise">(batch, width of the noise), standard normal.</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <returns>z, (batch, features)</returns>
    public abstract Tensor FromNoise(Tensor noise, Tensor? condition);

    /// <summary>Noise that <see cref="FromNoise(Tensor, Tensor?)"/> makes z of, drawn from all such noise: of draws of the distribution it is standard normal.</summary>
    /// <param name="z">(batch, features)</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <param name="generator">Where it is drawn from.</param>
    /// <returns>(batch, width of the noise)</returns>
    public abstract Tensor ToNoise(Tensor z, Tensor? condition, Generator generator);

    /// <inheritdoc cref="LogDensity(Tensor, Tensor?, TrainingStep?)"/>
    public abstract OnnxValue LogDensity(OnnxValue z, OnnxValue? condition);

    /// <inheritdoc cref="Encode(Tensor, Tensor?)"/>
    public abstract OnnxValue Encode(OnnxValue z, OnnxValue? condition);

    /// <inheritdoc cref="FromNoise(Tensor, Tensor?)"/>
    public abstract OnnxValue FromNoise(OnnxValue noise, OnnxValue? condition);
}
