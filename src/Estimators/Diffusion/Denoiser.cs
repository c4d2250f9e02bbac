using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Layers that read rows with noise, the condition beside them, and the angle that says how much noise it is; the diffusion knows no more of them.</summary>
internal abstract class Denoiser() : nn.Module(nameof(Denoiser))
{
    /// <summary>Numbers that an angle is for the layers.</summary>
    public abstract int CodeSize { get; }

    /// <summary>What the layers read of angles: computed once for all rows that have one angle.</summary>
    /// <param name="angles">(n,)</param>
    /// <returns>(n, code)</returns>
    public abstract Tensor TimeCode(Tensor angles);

    /// <param name="y">(batch, features + conditions)</param>
    /// <param name="code">(batch or 1, code) from <see cref="TimeCode"/></param>
    /// <param name="step">Null outside of training: no dropout.</param>
    /// <returns>(batch, features)</returns>
    public abstract Tensor Call(Tensor y, Tensor code, TrainingStep? step);

    /// <summary>The same, and how it changes along directions of the features.</summary>
    /// <param name="directions">(directions, 1 or batch, features)</param>
    /// <returns>(batch, features) and (directions, batch, features)</returns>
    public abstract (Tensor Value, Tensor Change) Differentiate(Tensor y, Tensor code, Tensor directions);

    /// <inheritdoc cref="Call(Tensor, Tensor, TrainingStep?)"/>
    /// <param name="code">(…, code) of one angle</param>
    public abstract OnnxValue Call(OnnxValue y, OnnxValue code);

    /// <inheritdoc cref="Differentiate(Tensor, Tensor, Tensor)"/>
    public abstract (OnnxValue Value, OnnxValue Change) Differentiate(OnnxValue y, OnnxValue code, OnnxValue directions);
}
