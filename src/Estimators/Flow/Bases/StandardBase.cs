using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>N(0, I).</summary>
internal sealed class StandardBase(int features) : FlowBase(nameof(StandardBase))
{
    private readonly double _logNormalizer = features * Math.Log(2 * Math.PI) / 2;

    public override int NoiseWidth { get; } = features;

    public override Tensor LogDensity(Tensor z, Tensor? condition, TrainingStep? step) => z.square().sum(-1) * -0.5 - _logNormalizer;

    public override Tensor Encode(Tensor z, Tensor? condition) => z;

    public override Tensor FromNoise(Tensor noise, Tensor? condition) => noise;

    public override Tensor ToNoise(Tensor z, Tensor? condition, Generator generator) => z;

    public override OnnxValue LogDensity(OnnxValue z, OnnxValue? condition) => (z * z).Sum(-1) * -0.5f - (float)_logNormalizer;

    public override OnnxValue Encode(OnnxValue z, OnnxValue? condition) => z;

    public override OnnxValue FromNoise(OnnxValue noise, OnnxValue? condition) => noise;
}
