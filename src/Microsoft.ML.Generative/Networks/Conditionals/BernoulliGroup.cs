using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Zeros and ones, by the logit of the chance of a 1. Proportions are scored as the mean of such draws, and drawn as zeros and ones: a draw that gave
/// their mean would leave the variables after it nothing to follow.</summary>
internal sealed class BernoulliGroup(IReadOnlyList<int> variables) : VariableGroup(variables)
{
    public override int Width => 1;

    public override int ParametersPerVariable => 1;

    public override int NoisePerVariable => 1;

    public override float[] StartingParameters(float[] average, long rows) =>
        average.Select(share => Smoothed(share, rows)).Select(share => (float)Math.Log(share / (1 - share))).ToArray();

    // x·logit − softplus(logit)
    public override Tensor LogDensities(Tensor x, Tensor parameters, int? one = null) => x * parameters - nn.functional.softplus(parameters);

    public override Tensor TotalLogDensity(Tensor x, Tensor parameters) =>
        nn.functional.binary_cross_entropy_with_logits(parameters, x, reduction: nn.Reduction.Sum).neg();

    public override Tensor Draw(Tensor parameters, Tensor noise, int? one = null) =>
        parameters.sigmoid().gt(special.ndtr(noise.select(-1, 0))).to(float32);

    public override Tensor Mean(Tensor parameters) => parameters.sigmoid();

    public override OnnxValue LogDensities(OnnxValue x, OnnxValue parameters) => x * parameters - parameters.Softplus();

    public override OnnxValue Draw(OnnxValue parameters, OnnxValue noise, int? one = null) =>
        parameters.Sigmoid().Greater(noise.Narrow(-1, 0, 1).Squeeze(-1).NormalDistribution()).ToFloat();
}
