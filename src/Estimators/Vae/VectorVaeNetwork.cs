using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A variational autoencoder of a column of features: p(x|z) is Gaussian or Bernoulli, as the spans say.</summary>
internal sealed class VectorVaeNetwork : VaeNetwork, ISampler, IReconstructor, IOnnxExportable
{
    // e^−6 of the features' variance
    private const double LowestVariance = 0.0025;

    private readonly InputTransform _transform;
    private readonly SpanLikelihood _likelihood;

    public VectorVaeNetwork(VaeOptions options, NetworkInput input, Initializer initializer)
        : base(options, input, input.Features, input.Features, latentSize: Math.Clamp(input.Features / 2, 2, 64), DenseStack.DefaultSizes(input.Features), initializer)
    {
        register_module("transform", _transform = new InputTransform(input, options.HalfWhitening && input.CanBeWhitened, initializer));
        register_module("likelihood", _likelihood = new SpanLikelihood(input, options.FixedVariance, LowestVariance, initializer));
    }

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    protected override Tensor Seen(Tensor y) => y;

    protected override Tensor LogLikelihood(Tensor y, Tensor output) => _likelihood.LogDensity(y, output);

    protected override Tensor TotalLogLikelihood(Tensor y, Tensor output) => _likelihood.TotalLogDensity(y, output);

    protected override Tensor LogVolume(Tensor x) => _transform.LogVolume;

    protected override Tensor Draw(Tensor output, double temperature, Generator generator) => _transform.Invert(_likelihood.Draw(output, temperature, generator));

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Draw(DecodePrior(rows, condition, generator), 1, generator);

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(_likelihood.Mean(Decode(Encode(x, condition), condition, null)));

    protected override IReadOnlyList<int> RowNoiseWidths => [Input.Features];   // around its mean

    protected override OnnxValue Prepare(OnnxValue x) => _transform.Apply(x);

    protected override OnnxValue Seen(OnnxValue y) => y;

    protected override OnnxValue LogLikelihood(OnnxValue y, OnnxValue output) => _likelihood.LogDensity(y, output);

    protected override OnnxValue LogVolume(OnnxValue x) => x.Graph.Weights(_transform.LogVolume);   // (1,)

    protected override OnnxValue Draw(OnnxValue output, OnnxValue noise) => _transform.Invert(_likelihood.Draw(output, 1, noise));

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) =>
        kind == OnnxGraph.Reconstruct ? _transform.Invert(_likelihood.Mean(Decode(Code(x, condition), condition))) : Compute(kind, x, condition);
}
